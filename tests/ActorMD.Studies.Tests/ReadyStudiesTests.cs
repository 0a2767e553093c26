using ActorMD.Files.Inputs;
using ActorMD.Files.Studies;
using ActorMD.Studies.Convergence;

namespace ActorMD.Studies.Tests;

/// <summary>The studies in examples/studies.</summary>
public sealed class ReadyStudiesTests
{
    public static TheoryData<string> Convergence =>
        [.. Studies().Select(Name)];

    [Theory, MemberData(nameof(Convergence))]
    public void All_orders_are_accessible_on_every_rung_but_those_of_the_crowded_gas(string name)
    {
        Study study = StudyFile.Load(Studies().Single(path => Name(path) == name));
        string?[] obstacles = [.. study.Ladder.Select(count => CaseLadder.Obstacle(CaseLadder.WithCount(study.Case, count)))];
        if (name == "quaternary-crowded")
        {
            Assert.Contains("of the ellipsoid of order 4 free", obstacles[0], StringComparison.Ordinal);
            ConvergenceStudy refused = new(study, 1, _ => { }, CancellationToken.None);
            InputFaultException error = Assert.Throws<InputFaultException>(() => refused.Run(force: false));
            Assert.Contains("--force", error.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.All(obstacles, Assert.Null);
        }
    }

    [Fact]
    public void Homogeneous_studies_are_known_as_such()
    {
        foreach (string path in Studies())
        {
            Assert.Equal(Name(path).StartsWith("relaxation", StringComparison.Ordinal), StudyFile.Load(path).IsHomogeneous);
        }
    }

    [Fact]
    public void Ready_studies_look_at_a_time_as_short_as_the_proofs_ask_for()
    {
        const double Early = 0.05;
        foreach (Study study in Studies().Where(path => Name(path) != "quaternary-crowded").Select(StudyFile.Load))
        {
            double inFreeTimes = study.Times[0] / MeanFreeTimes.Of(study.Case)!.Value;
            Assert.True(inFreeTimes <= Early, $"{study.Name}: {inFreeTimes:G3}");
        }
    }

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path);

    // Cases and studies lie side by side.
    private static IEnumerable<string> Studies() => Directory.GetFiles(Folder(), "*.yaml")
        .Where(path => File.ReadLines(path).Any(line => line.StartsWith("ladder:", StringComparison.Ordinal))
            && !FluctuationStudyFile.IsOne(path));

    /// <summary>examples/studies of the repository.</summary>
    internal static string Folder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorMD.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "examples", "studies");
    }
}
