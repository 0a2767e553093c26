using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>The event-driven simulation of one gas: the exact trajectory, event by event.</summary>
/// <remarks>Not thread-safe. The trajectory depends on the gas and the state alone.</remarks>
public sealed class Simulator : IDisposable
{
    /// <summary>Takes over from a state; all caches are built from it.</summary>
    /// <param name="gas">What is simulated.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="tally">Counts so far, continued in place; null starts at zero.</param>
    public Simulator(Gas gas, SystemState state, EventTally? tally = null)
    {
        Gas = gas;
        Tally = tally ?? new EventTally(gas.Species.Length, gas.OrderMax);
        Time = state.AbsoluteTime;
    }

    public Gas Gas { get; }

    /// <summary>Events so far, and their impulses.</summary>
    public EventTally Tally { get; }

    /// <summary>Work that the trajectory does not depend on: for benchmarks and the summary.</summary>
    public EngineCounters Counters { get; } = new();

    /// <summary>Simulation time since the beginning of the run.</summary>
    public double Time { get; private set; }

    /// <summary>
    /// Runs until all events up to the given absolute time are done, or until about that many loop steps are spent
    /// (a step is an event or a bookkeeping renewal), so that callers can show progress and stop.
    /// </summary>
    /// <returns>Whether the time was reached. When it was not, Time is that of the last event.</returns>
    /// <exception cref="PhysicsViolationException">Event storm or overlap.</exception>
    public bool Advance(double until, long stepCountMax = long.MaxValue) => throw new NotSupportedException();

    /// <summary>A copy of the whole state in id order: a consistent cut at <see cref="Time"/>.</summary>
    public SystemState Capture() => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
