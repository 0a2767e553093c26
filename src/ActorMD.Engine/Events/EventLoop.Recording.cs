using ActorMD.Engine.Particles;
using ActorMD.Engine.Regions;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Engine.Events;

// Who simulates a part of the system keeps a ledger of what happened.
internal abstract unsafe partial class EventLoop
{
    private long _multipleCountRecorded;
    private long _grazingCountRecorded;

    private RegionLedger? _recorder;
    private bool _keepsFlights;
    private bool _keeps;

    /// <summary>Gets every event; null: nobody asks.</summary>
    public RegionLedger? Recorder
    {
        get => _recorder;
        set
        {
            _recorder = value;
            _keeps = _keepsFlights || value is not null;
        }
    }

    /// <summary>By id, the numbers under which the recorder knows the particles; null: their slots.</summary>
    public int[]? RecordedAs { get; set; }

    /// <summary>From now on every event is kept for an event log.</summary>
    public void BeginLog()
    {
        Recorder = new RegionLedger(Store);
        Recorder.Restart(Store);
    }

    /// <summary>Moves the events that were kept since the last time to the log.</summary>
    /// <param name="log">Gets them.</param>
    /// <param name="epoch">Number of finished epochs.</param>
    public void MoveTo(EventBatch log, long epoch)
    {
        RegionLedger ledger = Recorder!;
        Span<int> ids = stackalloc int[GasValidation.OrderLimit];
        foreach (ref readonly RegionEvent happened in ledger.Events)
        {
            for (int k = 0; k < happened.Count; k++)
            {
                ids[k] = Ids[ledger.Participant(happened.First + k)];
            }

            ledger.AddTo(log, Gas, epoch, happened, ids[..happened.Count]);
        }

        ledger.Restart(Store);
    }

    /// <summary>This is a copy that counts by itself; <see cref="KeepFlights"/> is called, there is no recorder.</summary>
    protected void CountApart()
    {
        _tally = new EventTally(Gas.Species.Length, Gas.OrderMax);
        Counters = new EngineCounters();
        _keeps = _keepsFlights = true;
    }

    /// <summary>Forgets what has been counted.</summary>
    protected void ClearTally()
    {
        _tally.Clear();
        (_multipleCountRecorded, _grazingCountRecorded) = (0, 0);
    }

    /// <summary>One or two particles are about to have an event; the second is -1 for a wall.</summary>
    protected virtual void KeepFlights(int first, int second)
    {
    }

    /// <summary>A participant of the event that is going on has left the box and come in on the other side.</summary>
    protected virtual void KeepBoxes(int slot, Int3 boxes)
    {
    }

    /// <summary>The event of the particles that were kept last is done.</summary>
    protected virtual void KeepEvent(in RegionEvent happened)
    {
    }

    // Before anything of an event is done.
    private void Keep(int slot)
    {
        if (_keepsFlights)
        {
            KeepFlights(slot, -1);
        }
        else
        {
            Recorder!.Keep(RecordedIndex(slot), Particles + slot);
        }
    }

    private void KeepPair(int i, int j)
    {
        if (_keepsFlights)
        {
            KeepFlights(i, j);
            return;
        }

        bool inOrder = Ids[i] < Ids[j];
        Keep(inOrder ? i : j);
        Keep(inOrder ? j : i);
    }

    // At its end.
    private void Record(double time, int order, double impulse, double speedSquared)
    {
        bool isMultiple = _tally.MultipleCount > _multipleCountRecorded, isGrazing = _tally.GrazingCount > _grazingCountRecorded;
        if (_keepsFlights)
        {
            KeepEvent(new RegionEvent(time, order, 0, impulse, isMultiple, isGrazing));
        }
        else
        {
            Recorder!.AddEvent(time, order, impulse, isMultiple, isGrazing, speedSquared);
        }

        _multipleCountRecorded = _tally.MultipleCount;
        _grazingCountRecorded = _tally.GrazingCount;
    }

    private int RecordedIndex(int slot) => RecordedAs is null ? slot : RecordedAs[Ids[slot]];

    private static double SpeedSquared(Particle* p) => p->VX * p->VX + p->VY * p->VY + p->VZ * p->VZ;
}
