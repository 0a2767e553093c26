using ActorMD.Files.Checkpoints;
using ActorMD.Runs.Simulations;

namespace ActorMD.Runs.Sessions;

/// <summary>What a run has cost over all its sessions, and what this session has done.</summary>
/// <param name="before">Where the run stood when the session began.</param>
/// <param name="simulation">What goes on, at its beginning.</param>
internal sealed class RunCosts(RunProgress before, ISimulation simulation)
{
    private readonly long _collisionCountBefore = simulation.Tally.CollisionCount;
    private readonly long _eventCountBefore = simulation.Tally.EventCount;

    /// <summary>Time of this process.</summary>
    public ResourceMeter Meter { get; } = new(before.WallSeconds, before.CpuSeconds);

    /// <summary>Processor time of all processes.</summary>
    public double CpuSeconds => Meter.CpuSeconds + simulation.RemoteCpuSeconds;

    /// <summary>See <see cref="ISimulation.CrossingCount"/>.</summary>
    public long CrossingCount => before.CrossingCount + simulation.CrossingCount;

    /// <summary>Events of this session.</summary>
    public long EventCount => simulation.Tally.EventCount - _eventCountBefore;

    /// <summary>Collisions of this session by the processor time of its event loops; null before there is any.</summary>
    public double? CollisionsPerCpuSecond =>
        Meter.LoopCpuSeconds + simulation.RemoteCpuSeconds is > 0 and var seconds
            ? (simulation.Tally.CollisionCount - _collisionCountBefore) / seconds
            : null;

    /// <summary>The progress with these costs.</summary>
    public RunProgress AddTo(RunProgress progress) => progress with
    {
        WallSeconds = Meter.WallSeconds,
        CpuSeconds = CpuSeconds,
        CrossingCount = CrossingCount,
    };
}
