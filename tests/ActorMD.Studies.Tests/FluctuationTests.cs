using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Studies.Convergence;
using ActorMD.Studies.Fluctuations;
using Xunit.Abstractions;

namespace ActorMD.Studies.Tests;

/// <summary>Covariances of the density field at equilibrium against the linearised kinetic equation.</summary>
public sealed class FluctuationTests(ITestOutputHelper output)
{
    private const int FewSamples = 40_000;

    /// <summary>
    /// The gas, and how many times too many collisions the wrong equation has: 2 for triples is the forgotten 1/2! of [High 3.11].
    /// </summary>
    [Theory, Trait("Tier", "Validation")]
    [InlineData("pairs", 5)]
    [InlineData("mixture", 5)]
    [InlineData("ternary", 2)]
    public void The_covariances_of_a_small_gas_follow_the_linear_equation_and_no_wrong_one(string name, double mistake)
    {
        FluctuationStudy study = Small(name);
        // The particles are the same; the store keeps them for the second comparison.
        using TemporaryFolder folder = new();
        StudyStore store = new(folder["study"], study);
        FluctuationResult right = Run(study, null, store), wrong =
            Run(study, channel => channel.Order == study.Case.Gas.OrderMax ? channel.Times(mistake) : channel, store);
        FluctuationRung fine = right.Rungs[^1];
        // Every single one within 4.5 errors (of about 30) and the first corrections of this N; all together within 4.
        Assert.All(fine.Covariances, c => Assert.True(
            Math.Abs(c.Value - c.Linear) < 4.5 * c.Error + 0.04,
                $"{c.Pair}, {c.Waves} waves, {c.Time:G3}: {c.Value:F4}({c.Error:F4}), {c.Linear:F4}"));
        Assert.All(fine.Covariances, c => Assert.InRange(c.Error, 1e-5, 0.03));
        Assert.True(fine.All.Squared < 4 * fine.All.SquaredError + 0.03 * 0.03, $"{fine.All.Squared:G3}({fine.All.SquaredError:G2})");

        // The power: where both equations lie farthest apart, they are more than four errors of the particles apart, and the particles are
        // as far from the wrong one.
        (Covariance Right, Covariance Wrong) best = fine.Covariances.Zip(wrong.Rungs[^1].Covariances)
            .MaxBy(c => Math.Abs(c.First.Linear - c.Second.Linear) / c.First.Error);
        double apart = Math.Abs(best.Right.Linear - best.Wrong.Linear) / best.Right.Error;
        double away = Math.Abs(best.Right.Value - best.Wrong.Linear) / best.Right.Error;
        string words = $"{best.Right.Waves} waves, {best.Right.Time:G3}: {best.Right.Value:F4}({best.Right.Error:F4}), right "
            + $"{best.Right.Linear:F4}, wrong {best.Wrong.Linear:F4}: {apart:F1} errors apart, {away:F1} away";
        output.WriteLine(words);
        Assert.True(apart > 4 && away > 4, words);
        Assert.Equal(name == "pairs", right.Theorem.StartsWith("proved", StringComparison.Ordinal));
    }

    [Fact]
    public void Threads_and_an_interruption_change_no_number()
    {
        const int Samples = FewSamples / 20; // the numbers need not be good
        FluctuationStudy study = Small("pairs") with { Replicas = 10, Ladder = [100, 200] };
        using TemporaryFolder folder = new();
        FluctuationResult one =
            new FluctuationComparison(study, 1, _ => { }, CancellationToken.None) { SampleCount = Samples }.Run();
        FluctuationResult three =
            new FluctuationComparison(study, 3, _ => { }, CancellationToken.None) { SampleCount = Samples }.Run();
        using CancellationTokenSource stop = new();
        FluctuationComparison interrupted =
            new(study, 1, line => Stop(line, stop), stop.Token, new StudyStore(folder["study"], study)) { SampleCount = Samples };
        Assert.ThrowsAny<OperationCanceledException>(() => interrupted.Run());
        FluctuationResult resumed =
            new FluctuationComparison(study, 2, _ => { }, CancellationToken.None,
            new StudyStore(folder["study"], study))
            { SampleCount = Samples }.Run();
        Assert.Equal(one.ToCsv(), three.ToCsv());
        Assert.Equal(one.ToCsv(), resumed.ToCsv());
        Assert.Contains("<svg", one.ToSvg(), StringComparison.Ordinal);

        static void Stop(string line, CancellationTokenSource stop)
        {
            if (line.StartsWith("N = 100", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }
    }

    [Theory]
    [InlineData("boundary: reflecting", "{ A: { temperature: 1 } }", "no plane waves")]
    [InlineData("boundary: periodic", "{ A: { temperature: 1, mean: [1, 0] } }", "not Maxwellians of one temperature")]
    [InlineData("boundary: periodic", "{ A: { temperature: 0 } }", "not Maxwellians of one temperature")]
    public void A_gas_that_is_not_at_equilibrium_is_refused(string boundary, string velocities, string problem)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["study.yaml"], $$"""
            ladder: [100, 200]
            waves: [1]
            times: [0.1]
            case:
              dimensions: 2
              box: { lengths: [1, 1], {{boundary}} }
              species: [{ name: A, count: 100, mass: 1, diameter: 0.001 }]
              initial: { positions: { method: conditioned }, velocities: {{velocities}} }
              run: { until: 1 }
            """);
        InputFaultException error = Assert.Throws<InputFaultException>(() => FluctuationStudyFile.Load(folder["study.yaml"]));
        Assert.Contains(error.Faults, f => f.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_resolved_study_is_read_as_it_was()
    {
        FluctuationStudy study = FluctuationStudyFile.Load(Path.Combine(ReadyStudiesTests.Folder(), "fluctuations-mixture.yaml"));
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["again.yaml"], StudyWriter.Write(study));
        FluctuationStudy again = FluctuationStudyFile.Load(folder["again.yaml"]);
        Assert.Equal(StudyWriter.Write(study), StudyWriter.Write(again));
    }

    private static FluctuationResult Run(
        FluctuationStudy study, Func<CollisionChannel, CollisionChannel>? alter = null, StudyStore? store = null) =>
        new FluctuationComparison(study, 2, _ => { }, CancellationToken.None, store, alter) { SampleCount = FewSamples }.Run();

    // The unit square; two to seven mean free times. Waves of triples are followed until they come back as sound: before, they fly apart
    // almost as without collisions. Their gas has more particles, because n eps_3^2 must stay small while they collide often.
    private static FluctuationStudy Small(string name)
    {
        (Gas gas, int[] counts) = name switch
        {
            "pairs" => (new Gas(Box.Square(1), [new Species("A", 1, 0.005)], []), (int[])[400]),
            "mixture" => (new Gas(Box.Square(1), [new Species("A", 1, 0.004), new Species("B", 4, 0.006)], []), [200, 200]),
            _ => (new Gas(Box.Square(1), [new Species("A", 1, 1e-4)], [new Zone(3, 0.0065)]), [4000]),
        };
        Case @case = new(
            name, 1, gas, [.. counts],
                new InitialData(new PositionPlan(PositionMethod.Conditioned),
                new VelocityPlan([.. counts.Select(_ => new Maxwellian(1, Vec3.Zero))])),
            new RunPlan(0, 1, 0.1, null), new OutputPlan(null));
        return name == "ternary"
            ? new FluctuationStudy(name, 1, @case, "case.yaml", [1000, 4000], [0.16, 0.32, 0.64], [1, 2], 150, 12)
            : new FluctuationStudy(name, 1, @case, "case.yaml", [100, 400], [0.08, 0.16, 0.32], [1, 2], 300, 12);
    }
}
