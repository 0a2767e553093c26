using System.Diagnostics;

namespace ActorMD.Actors.Hosting;

/// <summary>What a domain has done, as its node sees it while it works: written by the domain's actor, read by any thread.</summary>
internal sealed class DomainMeter
{
    private long _busyTicks;
    private long _simulatedEventCount;
    private long _crossingCount;
    private long _slice;
    private int _isReminded;

    /// <summary>Time spent on messages so far.</summary>
    public TimeSpan Busy => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _busyTicks));

    /// <summary>Events that were run here, those of void slices included.</summary>
    public long SimulatedEventCount => Interlocked.Read(ref _simulatedEventCount);

    /// <summary>Bookkeeping of the event loop.</summary>
    public long CrossingCount => Interlocked.Read(ref _crossingCount);

    /// <summary>Number of the last slice that was opened.</summary>
    public long Slice => Interlocked.Read(ref _slice);

    /// <summary>Whether the domain is to be reminded: not if it has not yet come to the last reminder.</summary>
    public bool TryRemind() => Interlocked.Exchange(ref _isReminded, 1) == 0;

    public void CountReminder() => Volatile.Write(ref _isReminded, 0);

    public void CountTime(long ticks) => Interlocked.Add(ref _busyTicks, ticks);

    public void CountEvents(long count) => Interlocked.Add(ref _simulatedEventCount, count);

    public void SetCrossings(long count) => Interlocked.Exchange(ref _crossingCount, count);

    public void SetSlice(long slice) => Interlocked.Exchange(ref _slice, slice);
}
