using ActorMD.Physics;

namespace ActorMD.Files.Checkpoints;

/// <summary>Where the outputs and averages of a run stand at a checkpoint.</summary>
public sealed record RunProgress
{
    /// <summary>Index of the next row of thermo.csv; its time is the index times <c>run.sample</c>.</summary>
    public long NextSample { get; init; }

    /// <summary>Index of the next frame of the trajectory.</summary>
    public long NextFrame { get; init; }

    /// <summary>Where the averages start; null before that time.</summary>
    public AveragesBaseline? Baseline { get; init; }

    /// <summary>
    /// The tally at the last row of thermo.csv, where the next row's pressure interval starts; null before the first row.
    /// </summary>
    public AveragesBaseline? LastSample { get; init; }

    /// <summary>Bytes of thermo.csv that belong to the time up to the checkpoint.</summary>
    public long ThermoLength { get; init; }

    /// <summary>Bytes of the trajectory that belong to the time up to the checkpoint.</summary>
    public long TrajectoryLength { get; init; }

    /// <summary>Bytes of the event log that belong to the time up to the checkpoint.</summary>
    public long EventsLength { get; init; }

    /// <summary>Kinetic energy at time 0.</summary>
    public double InitialEnergy { get; init; }

    /// <summary>Total momentum at time 0.</summary>
    public Vec3 InitialMomentum { get; init; }

    /// <summary>Total angular momentum about the origin at time 0.</summary>
    public Vec3 InitialAngularMomentum { get; init; }

    /// <summary>Largest relative deviation of the energy so far.</summary>
    public double EnergyDriftMax { get; init; }

    /// <summary>Largest deviation of the momentum so far, in the runtime's measure.</summary>
    public double MomentumDriftMax { get; init; }

    /// <summary>Largest deviation of the angular momentum so far, in the runtime's measure.</summary>
    public double AngularMomentumDriftMax { get; init; }

    /// <summary>Cell crossings or list renewals so far, over all resumes: work, which every resume changes a little.</summary>
    public long CrossingCount { get; init; }

    /// <summary>Wall-clock time spent so far, over all resumes.</summary>
    public double WallSeconds { get; init; }

    /// <summary>Processor time spent so far, over all resumes.</summary>
    public double CpuSeconds { get; init; }
}

/// <summary>The tally at a moment after which averages are taken.</summary>
/// <param name="Time">Simulation time.</param>
/// <param name="Tally">Events up to then.</param>
public sealed record AveragesBaseline(double Time, EventTally Tally);
