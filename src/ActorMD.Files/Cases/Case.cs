using System.Collections.Immutable;
using ActorMD.Files.Events;
using ActorMD.Files.States;
using ActorMD.Kinetic.Initial;
using ActorMD.Observables.Plans;
using ActorMD.Physics;

namespace ActorMD.Files.Cases;

/// <summary>A validated case: everything that a run needs to know. Made by <see cref="CaseFile"/>.</summary>
/// <param name="Name">Names the run folder.</param>
/// <param name="Seed">Of all random draws.</param>
/// <param name="Gas">Box, species and zones.</param>
/// <param name="Counts">Number of particles of each species.</param>
/// <param name="Initial">Positions and velocities at time 0.</param>
/// <param name="Run">How long, and how often something is written.</param>
/// <param name="Output">What is written beyond the standard files.</param>
public sealed record Case(
    string Name,
    ulong Seed,
    Gas Gas,
    ImmutableArray<int> Counts,
    InitialData Initial,
    RunPlan Run,
    OutputPlan Output)
{
    public int ParticleCount => Counts.Sum();
}

/// <summary>The times of a run, in simulation time.</summary>
/// <param name="Equilibrate">Averages in summary.json start here.</param>
/// <param name="Until">The run ends here.</param>
/// <param name="Sample">Interval of the rows of thermo.csv.</param>
/// <param name="Checkpoint">Interval of checkpoints; null: only at time 0 and at the end.</param>
public sealed record RunPlan(double Equilibrate, double Until, double Sample, double? Checkpoint)
{
    /// <summary>The moments of the rows of thermo.csv, where they are no multiples of <see cref="Sample"/>.</summary>
    public TimeList? Times { get; init; }
}

/// <summary>What is written beyond the standard files.</summary>
/// <param name="Trajectory">Snapshots; null: none.</param>
/// <param name="Events">The event log; null: none.</param>
public sealed record OutputPlan(TrajectoryPlan? Trajectory, EventPlan? Events = null)
{
    /// <summary>What is measured, each in a file of its own.</summary>
    public ImmutableArray<ObservablePlan> Observables { get; init; } = [];

    /// <summary>Whether the tables of observables are written as Parquet, too.</summary>
    public bool Parquet { get; init; }

    /// <inheritdoc/>
    public bool Equals(OutputPlan? other) =>
        other is not null && Parquet == other.Parquet && Trajectory == other.Trajectory && Events == other.Events
        && Observables.SequenceEqual(other.Observables);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Trajectory, Events, Observables.Length);
}

/// <summary>Snapshots of all particles.</summary>
/// <param name="Every">Interval in simulation time.</param>
/// <param name="Format">File format.</param>
public sealed record TrajectoryPlan(double Every, TrajectoryFormat Format)
{
    /// <summary>The moments of the frames, where they are no multiples of <see cref="Every"/>.</summary>
    public TimeList? Times { get; init; }
}
