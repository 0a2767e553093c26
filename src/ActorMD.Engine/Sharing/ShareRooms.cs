namespace ActorMD.Engine.Sharing;

/// <summary>Room for what workers add to records and lists that all of them share: side by side, one worker's behind the other's.</summary>
/// <param name="Count">Workers: blocks, then strips.</param>
/// <param name="Own">The block of a node, which has most of the events; null if all blocks run here.</param>
/// <param name="Room">Of a busy worker.</param>
internal readonly record struct ShareRooms(int Count, int? Own, int Room)
{
    private const int LeastRoom = 1024, BusyPerQuiet = 4;

    /// <summary>Of all workers.</summary>
    public int Total => FirstOf(Count);

    /// <summary>Room of a worker.</summary>
    public int Of(int worker) => Own is null || worker == Own ? Room : Quiet;

    /// <summary>Where a worker's room begins.</summary>
    public int FirstOf(int worker) => Own is { } own ? worker * Quiet + (worker > own ? Room - Quiet : 0) : worker * Room;

    private int Quiet => LeastRoom + Room / BusyPerQuiet;
}
