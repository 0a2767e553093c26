using ActorMD.Files.Inputs;
using ActorMD.Files.Studies;

namespace ActorMD.Files.Tests;

public sealed class StudyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StudyFileTests() => _folder.Write("case.yaml", Cases.Minimal);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_study_has_defaults_for_all_but_its_case_and_times()
    {
        Study study = Load("case: case.yaml\ntimes: [0.1]\n");
        Assert.Equal("study", study.Name);
        Assert.Equal([1000, 3162, 10_000, 31_623, 100_000], study.Ladder.AsEnumerable());
        Assert.Equal(16, study.BinCount);
        Assert.Equal(1, study.Case.ParticleCount);
    }

    [Fact]
    public void Every_key_is_read()
    {
        Study study = Load("""
            name: wave
            seed: 9
            case: case.yaml
            ladder: [100, 1e3]
            times: [0.1, 0.2]
            bins: { axis: y, count: 8 }
            replicas: { min: 5, max: 50, particles: 9000 }
            reference: { runs: 3, particles: 5000, cells: 40 }
            """);
        Assert.Equal(("wave", 9UL, 1, 8), (study.Name, study.Seed, study.Axis, study.BinCount));
        Assert.Equal(
            (5, 50, 9000, 3, 5000), (study.ReplicaMin, study.ReplicaMax, study.ReplicaParticles, study.ReferenceRuns, study.ReferenceParticles));
        Assert.Equal(40, study.ReferenceCells);
        Assert.Equal(40, Load(StudyWriter.Write(study)).ReferenceCells);
        Assert.Equal([100, 1000], study.Ladder.AsEnumerable());
        Assert.Equal([0.1, 0.2], study.Times.AsEnumerable());
    }

    [Theory]
    [InlineData("times: [0.1]", "the key 'case' is missing")]
    [InlineData("case: case.yaml", "the key 'times' is missing")]
    [InlineData("case: nowhere.yaml\ntimes: [0.1]", "does not exist")]
    [InlineData("case: case.yaml\ntimes: [0.2, 0.1]", "'times' does not rise")]
    [InlineData("case: case.yaml\ntimes: [0, 0.1]", "a time is not above 0")]
    [InlineData("case: case.yaml\ntimes: [0.1]\nladder: [1000]", "too few rungs")]
    [InlineData("case: case.yaml\ntimes: [0.1]\nladder: [1000, 10.5]", "no number of particles")]
    [InlineData("case: case.yaml\ntimes: [0.1]\nbins: { count: 1 }", "'count' is 1")]
    [InlineData("case: case.yaml\ntimes: [0.1]\nreplicas: { particles: -1 }", "'particles' is -1")]
    [InlineData("case: case.yaml\ntimes: [0.1]\nreference: { particles: 5000, cells: 300 }", "leave 16 for each")]
    [InlineData("case: case.yaml\ntimes: [0.1]\nrung: 3", "the key 'rung' is not known")]
    public void What_is_wrong_is_said(string yaml, string problem)
    {
        InputFaultException fault = Assert.Throws<InputFaultException>(() => Load(yaml));
        Assert.Contains(fault.Faults, f => f.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void All_studies_of_the_examples_are_read()
    {
        string[] studies = [.. Directory.GetFiles(Path.Combine(Repository.Root, "examples", "studies"), "*.yaml")
            .Where(path => File.ReadLines(path).Any(line => line.StartsWith("ladder:", StringComparison.Ordinal)))
            // Those with waves are of another kind: fluctuations at equilibrium.
            .Where(path => !File.ReadLines(path).Any(line => line.StartsWith("waves:", StringComparison.Ordinal)))];
        Assert.NotEmpty(studies);
        Assert.All(studies, path => Assert.NotEmpty(StudyFile.Load(path).Ladder));
    }

    private Study Load(string yaml) => StudyFile.Load(_folder.Write("study.yaml", yaml));
}
