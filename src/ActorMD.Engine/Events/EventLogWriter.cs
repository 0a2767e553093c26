using ActorMD.Engine.Particles;
using ActorMD.Engine.Regions;
using ActorMD.Engine.Sharing;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Engine.Events;

/// <summary>Keeps the events of a loop during an epoch and moves them to an event log now and then.</summary>
internal sealed class EventLogWriter : IDisposable
{
    private readonly Gas _gas;
    private readonly EventBatch _log;
    private readonly ParticleStore _store;
    private readonly RegionLedger _ledger;
    private readonly long _epoch;

    /// <param name="gas">What is simulated.</param>
    /// <param name="log">Gets the events.</param>
    /// <param name="store">The particles of the loop.</param>
    /// <param name="epoch">Number of finished epochs.</param>
    public EventLogWriter(Gas gas, EventBatch log, ParticleStore store, long epoch)
    {
        (_gas, _log, _store, _epoch) = (gas, log, store, epoch);
        _ledger = new RegionLedger(store);
        _ledger.Restart(store);
        Journal = new LedgerJournal(_ledger, store);
    }

    /// <summary>The loop's.</summary>
    public IEventJournal Journal { get; }

    /// <summary>Events of a time slice that several threads have run, after all that were kept before.</summary>
    /// <param name="logs">Of every worker.</param>
    public void Write(IEnumerable<SliceEventLog> logs)
    {
        EventBatch slice = new();
        foreach (SliceEventLog log in logs)
        {
            log.AddTo(slice, _gas, _epoch);
        }

        _log.Append(slice);
    }

    /// <summary>Moves the events that were kept since the last time to the log.</summary>
    public unsafe void Write()
    {
        Span<int> ids = stackalloc int[GasValidation.OrderLimit];
        foreach (ref readonly RegionEvent happened in _ledger.Events)
        {
            for (int k = 0; k < happened.Count; k++)
            {
                ids[k] = _store.Ids[_ledger.Participant(happened.First + k)];
            }

            _ledger.AddTo(_log, _gas, _epoch, happened, ids[..happened.Count]);
        }

        _ledger.Restart(_store);
    }

    public void Dispose() => _ledger.Dispose();
}
