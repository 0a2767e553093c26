namespace ActorMD.Files.Events;

/// <summary>The log of all events in the order of time: <see cref="EventLogWriter"/>.</summary>
/// <param name="From">Simulation time from which on events are logged.</param>
/// <param name="Until">Last simulation time of a logged event; null: to the end of the run.</param>
public sealed record EventPlan(double From = 0, double? Until = null)
{
    /// <summary>Whether nothing is left out.</summary>
    public bool IsWhole => From <= 0 && Until is null;

    /// <summary>Whether an event of this time is logged.</summary>
    public bool Holds(double time) => time >= From && !(time > Until);
}
