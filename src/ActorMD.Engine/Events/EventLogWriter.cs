using ActorMD.Engine.Particles;
using ActorMD.Engine.Regions;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Engine.Events;

/// <summary>Keeps the events of a loop and moves them to an event log now and then.</summary>
internal sealed class EventLogWriter : IDisposable
{
    private readonly Gas _gas;
    private readonly EventBatch _log;
    private readonly ParticleStore _store;
    private readonly RegionLedger _ledger;

    /// <param name="gas">What is simulated.</param>
    /// <param name="log">Gets the events.</param>
    /// <param name="store">The particles of the loop.</param>
    public EventLogWriter(Gas gas, EventBatch log, ParticleStore store)
    {
        (_gas, _log, _store) = (gas, log, store);
        _ledger = new RegionLedger(store);
        _ledger.Restart(store);
        Journal = new LedgerJournal(_ledger, store);
    }

    /// <summary>The loop's.</summary>
    public IEventJournal Journal { get; }

    /// <summary>Moves the events that were kept since the last time to the log.</summary>
    /// <param name="epoch">Number of finished epochs.</param>
    public unsafe void Write(long epoch)
    {
        Span<int> ids = stackalloc int[GasValidation.OrderLimit];
        foreach (ref readonly RegionEvent happened in _ledger.Events)
        {
            for (int k = 0; k < happened.Count; k++)
            {
                ids[k] = _store.Ids[_ledger.Participant(happened.First + k)];
            }

            _ledger.AddTo(_log, _gas, epoch, happened, ids[..happened.Count]);
        }

        _ledger.Restart(_store);
    }

    public void Dispose() => _ledger.Dispose();
}
