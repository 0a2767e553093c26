using ActorMD.Engine.Execution;

namespace ActorMD.Protocol.Coordination;

/// <summary>The events of a run that are known to be done, and whether there are so many that time hardly advances any more.</summary>
internal sealed class DoneEvents
{
    // So many events in so little of an epoch are a storm.
    private const long StormEventCount = 1 << 16;
    private const long StormEventsPerParticle = 64;

    private StormWatch? _storm;

    /// <summary>How many there are; those of the last slice come with the next verdicts.</summary>
    public long Count { get; private set; }

    /// <summary>A run begins.</summary>
    /// <param name="epochLength">Simulation time of an epoch.</param>
    /// <param name="particleCount">Of the whole system.</param>
    /// <param name="time">Simulation time.</param>
    public void Begin(double epochLength, int particleCount, double time)
    {
        Count = 0;
        _storm = new StormWatch(epochLength, StormEventCount + StormEventsPerParticle * particleCount, time);
    }

    /// <summary>All are known, since the domains were asked.</summary>
    public void Know(long count) => Count = count;

    /// <summary>More are known to be done.</summary>
    /// <param name="count">All so far.</param>
    /// <param name="time">Simulation time.</param>
    /// <returns>Whether they are a storm.</returns>
    /// <remarks>
    /// The events that verdicts count are those up to the cut where the slice began.
    /// </remarks>
    public bool IsStorm(long count, double time)
    {
        _storm!.Spend(count - Count);
        Count = count;
        return _storm.EventsLeft == 0 && _storm.IsStorm(time);
    }
}
