using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Events;
using ActorMD.Files.States;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using Xunit;

namespace ActorMD.Testing;

/// <summary>Small cases of every kind, all quick.</summary>
public static class Cases
{
    /// <summary>Two species in a periodic box, with a trajectory.</summary>
    public static Case Mixture { get; } = Of(
        "mixture",
        new Gas(Box.Cube(1), [new Species("A", 1, 0.06), new Species("B", 4, 0.09)], []),
        [150, 50],
        new RunPlan(Equilibrate: 0.13, Until: 1, Sample: 0.1, Checkpoint: 0.3),
        new OutputPlan(new TrajectoryPlan(0.25, TrajectoryFormat.ExtXyz), new EventPlan()));

    /// <summary>A gas with events of order 3.</summary>
    public static Case Ternary { get; } = Of(
        "ternary",
        new Gas(Box.Cube(1), [new Species("A", 1, 0.02)], [new Zone(3, 0.12)]),
        [200],
        new RunPlan(Equilibrate: 0.2, Until: 1, Sample: 0.05, Checkpoint: null),
        new OutputPlan(null, new EventPlan()));

    /// <summary>Disks between walls on one axis.</summary>
    public static Case Channel { get; } = Of(
        "channel",
        new Gas(new Box(2, new Vec3(1, 2, 0), Boundary.Reflecting, Boundary.Periodic, Boundary.Open), [new Species("A", 1, 0.05)], []),
        [120],
        new RunPlan(Equilibrate: 0, Until: 2, Sample: 0.2, Checkpoint: 0.7),
        new OutputPlan(null, new EventPlan()));

    /// <summary>A cloud in free space.</summary>
    public static Case Cloud { get; } = Of(
        "cloud",
        new Gas(Box.Cube(1, Boundary.Open), [new Species("A", 1, 0.08)], []),
        [200],
        new RunPlan(Equilibrate: 0, Until: 4, Sample: 0.5, Checkpoint: null),
        new OutputPlan(new TrajectoryPlan(1, TrajectoryFormat.Csv), new EventPlan(0.5, 2)));

    /// <summary>Long enough for three domains that share time slices.</summary>
    public static Case LongGas { get; } = Of(
        "long gas", new Gas(Box.Of(3, new Vec3(200, 22, 22), Boundary.Periodic), [new Species("A", 1, 1)], []), [6200],
        new RunPlan(Equilibrate: 0, Until: 4, Sample: 2, Checkpoint: 1.3));

    /// <summary>The same with all events logged, and a trajectory.</summary>
    public static Case LoggedLongGas { get; } = LongGas with
    {
        Name = "logged long gas",
        Output = new OutputPlan(new TrajectoryPlan(2, TrajectoryFormat.Csv), new EventPlan()),
    };

    public static TheoryData<string> Names => ["mixture", "ternary", "channel", "cloud"];

    public static Case Named(string name) => name switch
    {
        "mixture" => Mixture,
        "ternary" => Ternary,
        "channel" => Channel,
        "cloud" => Cloud,
        "long gas" => LongGas,
        "logged long gas" => LoggedLongGas,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such case"),
    };

    public static SystemState Initial(Case @case) => InitialState.Build(@case.Gas, @case.Counts, @case.Initial, @case.Seed);

    private static Case Of(string name, Gas gas, ImmutableArray<int> counts, RunPlan run, OutputPlan? output = null) => new(
        name,
        Seed: 11,
        gas,
        counts,
        new InitialData(
            new PositionPlan(PositionMethod.Lattice),
            new VelocityPlan([.. gas.Species.Select((_, a) => new Maxwellian(1 + a, Vec3.Zero))])),
        run,
        output ?? new OutputPlan(null));
}
