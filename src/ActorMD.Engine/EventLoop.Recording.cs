using ActorMD.Physics;

namespace ActorMD.Engine;

// Who simulates a part of the system keeps a ledger of what happened.
internal abstract unsafe partial class EventLoop
{
    private long _multipleCountRecorded;
    private long _grazingCountRecorded;

    /// <summary>Gets every event; null: nobody asks.</summary>
    public RegionLedger? Recorder { get; set; }

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

    // Before anything of an event is done.
    private void Keep(int slot) => Recorder!.Keep(RecordedIndex(slot), Particles + slot);

    private void KeepPair(int i, int j)
    {
        bool inOrder = Ids[i] < Ids[j];
        Keep(inOrder ? i : j);
        Keep(inOrder ? j : i);
    }

    // At its end.
    private void Record(double time, int order, double impulse, double speedSquared)
    {
        Recorder!.AddEvent(
            time, order, impulse, _tally.MultipleCount > _multipleCountRecorded, _tally.GrazingCount > _grazingCountRecorded, speedSquared);
        _multipleCountRecorded = _tally.MultipleCount;
        _grazingCountRecorded = _tally.GrazingCount;
    }

    private int RecordedIndex(int slot) => RecordedAs is null ? slot : RecordedAs[Ids[slot]];

    private static double SpeedSquared(Particle* p) => p->VX * p->VX + p->VY * p->VY + p->VZ * p->VZ;
}
