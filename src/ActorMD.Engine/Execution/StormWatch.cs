namespace ActorMD.Engine.Execution;

/// <summary>Looks after many events whether time has advanced: events that go on while it hardly does are a storm.</summary>
/// <param name="epochLength">
/// The measure: between two looks a 1e-10th of it must pass. +infinity where nothing moves: there is no storm.
/// </param>
/// <param name="period">Events from one look to the next.</param>
/// <param name="now">Where the first period begins.</param>
public sealed class StormWatch(double epochLength, long period, double now)
{
    private const double TimeFraction = 1e-10;

    private long _spent; // since the last look

    /// <summary>Events until the next look; 0 when it is due.</summary>
    public long EventsLeft => Math.Max(0, period - _spent);

    /// <summary>The time of the last look.</summary>
    public double LookedAt { get; private set; } = now;

    /// <summary>Counts events.</summary>
    public void Spend(long events) => _spent += events;

    /// <summary>Whether time has hardly advanced in this period; begins the next one.</summary>
    public bool IsStorm(double now)
    {
        bool isStorm = double.IsFinite(epochLength) && now - LookedAt < TimeFraction * epochLength;
        (_spent, LookedAt) = (0, now);
        return isStorm;
    }
}
