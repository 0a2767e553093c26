using System.Collections.Immutable;

namespace ActorMD.Protocol.Coordination;

/// <summary>The part of a run's event log that its client may not have yet.</summary>
internal sealed class RunLog
{
    private readonly List<byte> _bytes = [];

    /// <summary>Bytes of the log that stand before this part.</summary>
    public long Start { get; private set; }

    /// <summary>Bytes of this part.</summary>
    public int Count => _bytes.Count;

    public void Add(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    /// <summary>The client has the log up to here.</summary>
    public void Drop(long taken)
    {
        int count = (int)Math.Clamp(taken - Start, 0, _bytes.Count);
        _bytes.RemoveRange(0, count);
        Start += count;
    }

    public ImmutableArray<byte> ToArray() => [.. _bytes];

    /// <summary>A new run begins.</summary>
    public void Clear()
    {
        _bytes.Clear();
        Start = 0;
    }
}
