using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Series;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Runs.Verification;
using ActorMD.Studies.Hierarchy;

namespace ActorMD.Studies.Tests;

/// <summary>Duhamel series of cases and their run folders.</summary>
public sealed class HierarchySessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_wave_of_the_zeroth_term_flies_apart_and_the_folder_is_sound()
    {
        Case @case = Wave();
        HierarchySummary summary = Compute(@case, Wishes(), "wave")!;
        TermEntry zero = summary.Series.Single(s => s is { K: 0, Observable: "wave" });
        double q = 2 * Math.PI, t = summary.Sums[0].Time;
        Assert.Equal(0.5 * Math.Exp(-0.5 * q * q * t * t), zero.Estimate, 4 * zero.Error);
        Assert.InRange(zero.Error, 1e-6, 0.01);
        Assert.Equal(3, summary.Series.Count(s => s.Observable == "wave"));
        RunFolder folder = new(_folder["wave"]);
        Assert.Equal(summary.ToJson(), File.ReadAllText(folder.SummaryPath));
        Assert.StartsWith(
            "time,observable,k,steps,estimate,error,", File.ReadAllText(Path.Combine(folder.Directory, "terms.csv")),
            StringComparison.Ordinal);
        Assert.Contains("<svg", File.ReadAllText(Path.Combine(folder.Directory, "terms.svg")), StringComparison.Ordinal);
        Assert.True(RunVerifier.Verify(folder).IsSound);
        Assert.False(folder.HoldsCheckpoint);
    }

    [Theory]
    [InlineData("boltzmann")]
    [InlineData("true")]
    public void Threads_and_an_interruption_change_no_bit(string flow)
    {
        Case @case = Few();
        HierarchyWishes wishes = Wishes() with { Flow = flow, Samples = 20_000 };
        Compute(@case, wishes, "one");
        Compute(@case, wishes with { Workers = 3 }, "three");
        using CancellationTokenSource stop = new();
        HierarchyPlan plan = HierarchyPlanner.Make(@case, "case.yaml", wishes);
        using (HierarchySession session = HierarchySession.Start(@case, plan, _folder["stopped"], force: false, "hierarchy x"))
        {
            stop.CancelAfter(30);
            session.Run(_ => { }, stop.Token);
        }

        RunFolder stopped = new(_folder["stopped"]);
        if (HierarchySession.IsIn(stopped))
        {
            Assert.False(RunVerifier.Verify(stopped).IsSound);
            using HierarchySession session = HierarchySession.Resume(@case, plan, stopped, "hierarchy x");
            Assert.NotNull(session.Run(_ => { }, CancellationToken.None));
        }

        string expected = File.ReadAllText(Path.Combine(_folder["one"], "terms.csv"));
        Assert.Equal(expected, File.ReadAllText(Path.Combine(_folder["three"], "terms.csv")));
        Assert.Equal(expected, File.ReadAllText(Path.Combine(_folder["stopped"], "terms.csv")));
    }

    [Fact]
    public void Pseudo_trajectories_are_drawn_as_numbers_and_pictures()
    {
        Compute(Few(), Wishes() with { Trajectories = 2, Samples = 100 }, "trees");
        string json = File.ReadAllText(Path.Combine(_folder["trees"], "trees.json"));
        Assert.Equal(2, System.Text.Json.JsonDocument.Parse(json).RootElement.GetArrayLength());
        Assert.Contains("<svg", File.ReadAllText(Path.Combine(_folder["trees"], "trees-2.svg")), StringComparison.Ordinal);
        Assert.True(RunVerifier.Verify(new RunFolder(_folder["trees"])).IsSound);
    }

    [Fact, Trait("Tier", "Validation")]
    public void The_geometry_of_the_proofs_is_measured_and_fitted()
    {
        HierarchySummary summary = Compute(
            Few() with { Counts = [30] }, Wishes() with { Samples = 100, Recollisions = true, BadSets = true, Workers = 2 }, "geometry")!;
        Assert.Contains(summary.RecollisionFits!.Value, f => f is { K: 2, Kind: "recollision" });
        foreach (BadSetEntry set in summary.BadSets!.Value.Where(s => s.Expected is not null))
        {
            Assert.InRange(set.Exponent, set.Expected!.Value - 0.25, set.Expected.Value + 0.25);
            Assert.True(set.Exponent > set.Proved - 0.25, set.Set);
        }
    }

    [Fact]
    public void The_series_of_three_particles_ends()
    {
        HierarchySummary summary = Compute(Few(), Wishes() with { Flow = "true", Times = [5], Samples = 2000 }, "few")!;
        Assert.Null(summary.OutOfReachFrom);
        Assert.All(summary.Sums, s => Assert.Equal(0, s.MassLeftOut));
        Assert.InRange(summary.Normalisation!.Value, 0.5, 1);
    }

    [Fact]
    public void What_is_out_of_reach_or_no_initial_law_is_refused_with_a_reason()
    {
        Refused(Wave(), Wishes() with { Times = [1] }, "--times", "2 l nu t >= 1");
        Refused(Wave(), Wishes() with { Flow = "nonsense" }, "--flow", "no flow");
        Refused(Wave(), Wishes() with { Observables = ["temper"] }, "--observable", "no observable");
        Refused(Few(), Wishes() with { Observables = ["wave"] }, "--observable", "cosine");
        Refused(Few(), Wishes() with { Particles = [4], Flow = "true" }, "--particles", "3 particles");
        Refused(Wave(), Wishes() with { Terms = 9 }, "--terms", "not possible");
        Case walls = Few() with { Gas = Few().Gas with { Box = Box.Square(1, Boundary.Reflecting) } };
        Refused(walls, Wishes(), "case.yaml", "periodic");
        Case tail = Few() with
        {
            Initial = Few().Initial with
            {
                Velocities = new VelocityPlan(
                    [new VelocitySum(
                        [new VelocityPart(
                            1, new PowerShape(5), new ConstantProfile(1), [.. Enumerable.Repeat<Profile>(new ConstantProfile(0), 3)])])]),
            },
        };
        Refused(tail, Wishes(), "case.yaml", "Gaussian weight");

        static void Refused(Case @case, HierarchyWishes wishes, string where, string what)
        {
            InputFault fault = Assert.Single(
                Assert.Throws<InputFaultException>(() => HierarchyPlanner.Make(@case, "case.yaml", wishes)).Faults);
            Assert.Equal(where, fault.File);
            Assert.Contains(what, fault.Problem, StringComparison.Ordinal);
        }
    }

    private static HierarchyWishes Wishes() => new(null, 2, 10_000, "boltzmann", null, [], null, null, 1);

    private static Case Wave() => Cases.Mixture with
    {
        Initial = new InitialData(
            new PositionPlan(PositionMethod.Conditioned, Densities: [new CosineProfile(0, 1, 0.5, 1, 0), null]),
            new VelocityPlan([new Maxwellian(1, Vec3.Zero), new Maxwellian(2, Vec3.Zero)])),
    };

    private static Case Few() => Cases.Mixture with
    {
        Gas = new Gas(Box.Square(1), [new Species("A", 1, 0.1)], [new Zone(3, 0.3)]),
        Counts = [3],
        Initial = new InitialData(new PositionPlan(PositionMethod.Conditioned), new VelocityPlan([new Maxwellian(1, Vec3.Zero)])),
    };

    private HierarchySummary? Compute(Case @case, HierarchyWishes wishes, string name)
    {
        using HierarchySession session = HierarchySession.Start(
            @case, HierarchyPlanner.Make(@case, "case.yaml", wishes), _folder[name], force: false, "hierarchy x");
        return session.Run(_ => { }, CancellationToken.None);
    }
}
