using System.Collections.Concurrent;

namespace ActorMD.Actors.Hosting;

/// <summary>What the session may know of its run while that goes on: written by the run actor, read by the session's thread.</summary>
internal sealed class RunBoard
{
    private readonly ConcurrentQueue<byte[]> _events = new();
    private volatile RunStanding _standing = new(0, 0, 0, 0, 1, 1);

    /// <summary>How far it is.</summary>
    public RunStanding Standing
    {
        get => _standing;
        set => _standing = value;
    }

    /// <summary>Adds events for the log, in order.</summary>
    public void AddEvents(byte[] events)
    {
        if (events.Length > 0)
        {
            _events.Enqueue(events);
        }
    }

    /// <summary>Events that were not taken yet.</summary>
    public byte[] TakeEvents()
    {
        using MemoryStream all = new();
        while (_events.TryDequeue(out byte[]? events))
        {
            all.Write(events);
        }

        return all.ToArray();
    }
}

/// <summary>How far a run is.</summary>
/// <param name="Time">Simulation time.</param>
/// <param name="CollisionCount">Events of order 2 and up.</param>
/// <param name="CrossingCount">Bookkeeping of the event loops.</param>
/// <param name="RemoteCpuSeconds">Processor time of other processes.</param>
/// <param name="NodeCount">Processes that have domains.</param>
/// <param name="ThreadCount">Threads that have domains, on all nodes.</param>
internal sealed record RunStanding(
    double Time, long CollisionCount, long CrossingCount, double RemoteCpuSeconds, int NodeCount, int ThreadCount);
