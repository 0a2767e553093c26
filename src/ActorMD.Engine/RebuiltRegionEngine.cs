using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>A region whose event loop is built anew at every load: the caches are a pure function of the states.</summary>
public sealed class RebuiltRegionEngine : IRegionEngine
{
    private readonly Gas _gas;
    private double _start;

    /// <param name="gas">The whole system's.</param>
    public RebuiltRegionEngine(Gas gas) => _gas = gas;

    /// <inheritdoc/>
    public RegionLedger Ledger { get; } = new();

    /// <inheritdoc/>
    public EngineCounters Counters { get; } = new();

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<int> ids, ReadOnlySpan<ParticleState> states, double time)
    {
        Ledger.Restart(states);
        _start = time;
    }

    /// <inheritdoc/>
    public RegionViolation? Run(double until)
    {
        if (Ledger.ParticleCount == 0)
        {
            return null;
        }

        // The loop counts into a tally of its own; what is committed is counted from the ledger.
        SystemState state = new(Ledger.Starts.ToArray(), double.PositiveInfinity, 0, _start);
        EventTally tally = new(_gas.Species.Length, _gas.OrderMax);
        using EventLoop loop = EventLoopFactory.Create(_gas, state, SearchSettings.Automatic, tally, Counters);
        loop.Recorder = Ledger;
        try
        {
            long steps = long.MaxValue;
            loop.Run(until, ref steps);
            return null;
        }
        catch (PhysicsViolationException violation)
        {
            return new RegionViolation(loop.Now, violation.Message);
        }
    }

    /// <inheritdoc/>
    public void Undo(double time) => Ledger.Undo(time);

    public void Dispose()
    {
    }
}
