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

    // At the end of an event: the participants' records are already those after it.
    private void Record(double time, int order, Span<int> slots, double impulse)
    {
        TuplePredictor.SortById(slots, Ids);
        Recorder!.AddEvent(
            time, order, impulse, _tally.MultipleCount > _multipleCountRecorded, _tally.GrazingCount > _grazingCountRecorded);
        _multipleCountRecorded = _tally.MultipleCount;
        _grazingCountRecorded = _tally.GrazingCount;
        foreach (int slot in slots)
        {
            Recorder.AddParticipant(RecordedAs is null ? slot : RecordedAs[Ids[slot]], Store.StateOf(slot));
        }
    }
}
