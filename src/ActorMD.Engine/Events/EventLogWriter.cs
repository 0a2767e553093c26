using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Engine.Events;

/// <summary>Writes the events of a loop during an epoch into an event log.</summary>
/// <param name="gas">What is simulated.</param>
/// <param name="log">Gets the events.</param>
/// <param name="store">The particles of the loop.</param>
/// <param name="epoch">Number of finished epochs.</param>
internal sealed class EventLogWriter(Gas gas, EventBatch log, ParticleStore store, long epoch)
{
    /// <summary>The loop's: writes every event at once.</summary>
    public IEventJournal Journal { get; } = new LogJournal(gas, log, store, epoch);

    /// <summary>Events of a time slice that several threads have run, after all that were written before.</summary>
    /// <param name="logs">Of every worker.</param>
    public void Write(IEnumerable<SliceEventLog> logs)
    {
        EventBatch slice = new() { IsPacked = log.IsPacked };
        foreach (SliceEventLog worker in logs)
        {
            worker.AddTo(slice, gas, epoch);
        }

        log.Append(slice);
    }
}
