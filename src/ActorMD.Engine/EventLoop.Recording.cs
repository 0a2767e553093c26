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
