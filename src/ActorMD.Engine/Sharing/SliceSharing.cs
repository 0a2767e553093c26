using ActorMD.Engine.Events;
using ActorMD.Engine.Slices;

namespace ActorMD.Engine.Sharing;

/// <summary>Whether several threads share the time slices of an event loop, and how.</summary>
/// <remarks>What the loop holds (particles, grid, lists) is the same whether a slice was shared or not: the two may alternate.</remarks>
internal abstract class SliceSharing : IDisposable
{
    /// <summary>Threads that compute.</summary>
    public abstract int ThreadCount { get; }

    /// <summary>The threads, for works that are shared outside of slices.</summary>
    public abstract WorkParts Parts { get; }

    /// <summary>Layers of cells on either side of a boundary that belong to its strip; 0 if one thread runs all slices.</summary>
    public abstract int StripDepth { get; }

    /// <summary>Bytes of native memory.</summary>
    public abstract long ByteCount { get; }

    /// <summary>Whether the next shared slice will place all particles anew.</summary>
    public abstract bool PlacesAnew { get; }

    /// <summary>Whether a slice that begins at a time should be shared.</summary>
    /// <param name="start">The time.</param>
    /// <param name="until">Events after this time are not wanted.</param>
    /// <param name="sliceCount">Slices that have been run so far: the first one is one thread's, and shows how much room the others need.</param>
    public abstract bool IsWorthwhile(double start, double until, int sliceCount);

    /// <summary>Runs a slice in all threads.</summary>
    /// <param name="start">Its beginning.</param>
    /// <param name="until">Events after this time are not wanted.</param>
    /// <param name="log">Gets the events; null if no log is wanted.</param>
    /// <param name="track">Waypoints in the slice: it goes past them.</param>
    /// <param name="clock">The slice; its end is that up to which all events are done.</param>
    /// <param name="now">Time of the last event.</param>
    /// <returns>Whether it has been run; if not, nothing has changed, and one thread has to run it.</returns>
    public abstract bool TryRun(
        double start, double until, EventLogWriter? log, WaypointTrack track, out SliceClock clock, out double now);

    /// <summary>One thread begins a slice.</summary>
    public abstract void NoteOwnSlice();

    /// <summary>Slots have been given anew; all particles are placed anew next.</summary>
    public abstract void NoteRenumbering();

    public abstract void Dispose();
}

/// <summary>One thread runs all slices.</summary>
internal sealed class NoSharing : SliceSharing
{
    private NoSharing()
    {
    }

    public static NoSharing Instance { get; } = new();

    public override int ThreadCount => 1;

    public override WorkParts Parts => WorkParts.One;

    public override int StripDepth => 0;

    public override long ByteCount => 0;

    public override bool PlacesAnew => false;

    public override bool IsWorthwhile(double start, double until, int sliceCount) => false;

    public override bool TryRun(
        double start, double until, EventLogWriter? log, WaypointTrack track, out SliceClock clock, out double now) =>
        throw new InvalidOperationException("one thread runs all slices");

    public override void NoteOwnSlice()
    {
    }

    public override void NoteRenumbering()
    {
    }

    public override void Dispose()
    {
    }
}
