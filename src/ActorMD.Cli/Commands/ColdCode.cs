using System.Collections.Immutable;
using ActorMD.Engine;
using ActorMD.Files.Cases;
using ActorMD.Files.Manifests;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Cli.Commands;

/// <summary>
/// Lets the runtime compile what every run needs on a second core, while the first one still reads the command line and the case: methods
/// are compiled at their first call, which takes a fifth of a second in all.
/// </summary>
/// <remarks>On one thread, in the order in which a run needs it: a second such thread only takes time from the run itself.</remarks>
internal static class ColdCode
{
    /// <summary>Begins if the command is one that simulates, and returns at once. What it computes is thrown away.</summary>
    public static void Prepare(IReadOnlyList<string> arguments)
    {
        if (arguments is ["run", ..] && Environment.ProcessorCount > 1)
        {
            _ = Task.Run(() =>
            {
                ReadLittle();
                SimulateLittle();
                WriteLittle();
            });
        }
    }

    private static void ReadLittle() => CaseFile.Parse("name: a", string.Empty, []);

    // A gas at packing 0.2 whose box is wide enough for time slices.
    private static void SimulateLittle()
    {
        Gas gas = new(Box.Cube(10.939), [new Species("A", 1, 1)], []);
        InitialData data = new(new PositionPlan(PositionMethod.Lattice), new VelocityPlan([new Maxwellian(1, Vec3.Zero)], Vec3.Zero));
        using Simulator simulator = new(gas, InitialState.Build(gas, [500], data, seed: 1, null, CancellationToken.None));
        simulator.Advance(double.MaxValue, 50);
        StateDigest.Of(simulator.Capture());
    }

    private static void WriteLittle()
    {
        RunSummary summary = new()
        {
            Name = string.Empty,
            Version = string.Empty,
            Runtime = string.Empty,
            Domains = string.Empty,
            Workers = 1,
            Particles = 1,
            Time = 1,
            WallSeconds = 1,
            CpuSeconds = 1,
            PeakRssBytes = 1,
            Events = ImmutableSortedDictionary<string, long>.Empty.Add("order2", 1),
            CollisionsPerCpuSecond = 1,
            Energy = new EnergySummary(1, 1, 1),
            MomentumDrift = 1,
            Temperature = new TemperatureSummary(1, ImmutableSortedDictionary<string, double?>.Empty.Add("A", 1)),
            Pressure = new PressureSummary(1, 1),
            CollisionFrequency = ImmutableSortedDictionary<string, double?>.Empty.Add("AA", 1),
            Pathologies = new PathologySummary(0, 0),
            Windows = new WindowSummary(0, 0, null, null),
            Sharing = new SharingSummary(1, 1, string.Empty, 0, 0, null, null, 0, null, null),
            Digest = string.Empty,
        };
        _ = summary.ToJson();
        _ = new RunManifest(RunManifest.SchemaName, string.Empty, [new FileEntry("a", 1, string.Empty)]).ToText();
    }
}
