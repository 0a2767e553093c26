using System.Runtime.InteropServices;

namespace ActorMD.Physics.Events;

/// <summary>Events of a stretch of time on their way to the event log: <see cref="EventRecord"/>s one after the other.</summary>
public sealed class EventBatch
{
    private readonly List<byte> _bytes = [];
    private readonly List<int> _starts = [];

    /// <summary>Number of bytes.</summary>
    public int Length => _bytes.Count;

    /// <summary>Adds an event from its participants' states before and after it; they stand in the order of ids.</summary>
    /// <param name="gas">Box and radii.</param>
    /// <param name="epoch">Number of finished epochs.</param>
    /// <param name="time">Offset from the start of the epoch.</param>
    /// <param name="order">1 a bounce off a wall, 2 a pair collision, 3 and up a zone event.</param>
    /// <param name="ids">Of the participants.</param>
    /// <param name="before">Their states before.</param>
    /// <param name="after">Their states after, as of the event.</param>
    public void Add(
        Gas gas, long epoch, double time, int order, ReadOnlySpan<int> ids, ReadOnlySpan<ParticleState> before,
        ReadOnlySpan<ParticleState> after)
    {
        int count = ids.Length, start = _bytes.Count, impacts = EventRecord.ImpactCountOf(count);
        CollectionsMarshal.SetCount(_bytes, start + EventRecord.SizeOf(count));
        Span<byte> bytes = CollectionsMarshal.AsSpan(_bytes)[start..];
        _starts.Add(start);
        EventRecord.WriteHead(bytes, epoch, time, order, count);
        for (int k = 0; k < count; k++)
        {
            EventRecord.WriteId(bytes, k, ids[k]);
            EventRecord.WriteVector(bytes, count, impacts + 2 * k, before[k].Velocity);
            EventRecord.WriteVector(bytes, count, impacts + 2 * k + 1, after[k].Velocity);
            if (k > 0)
            {
                EventRecord.WriteVector(bytes, count, k - 1, gas.Box.NearestImage(after[k].Position - after[0].Position));
            }
        }

        if (order == 1)
        {
            EventRecord.WriteVector(bytes, count, 0, ToWall(gas, before[0], after[0]));
        }
    }

    /// <summary>Adds what another batch holds, in the order of the log: none of it is earlier than what is here.</summary>
    public void Append(EventBatch other)
    {
        byte[] bytes = other.Take();
        for (int start = 0; start < bytes.Length; start += EventRecord.SizeAt(bytes.AsSpan(start)))
        {
            _starts.Add(_bytes.Count + start);
        }

        _bytes.AddRange(bytes);
    }

    /// <summary>Takes everything out, in the order of the log; what is the same in it stays as it was added.</summary>
    public byte[] Take()
    {
        byte[] bytes = IsSorted() ? [.. _bytes] : Sorted();
        _bytes.Clear();
        _starts.Clear();
        return bytes;
    }

    /// <summary>Takes out the events before the last instant that has any: others of that instant may follow.</summary>
    public byte[] TakeBeforeLastInstant()
    {
        if (_starts.Count == 0)
        {
            return [];
        }

        int first = _starts.Count - 1;
        while (first > 0 && IsSameInstant(first - 1, _starts.Count - 1))
        {
            first--;
        }

        byte[] rest = CollectionsMarshal.AsSpan(_bytes)[_starts[first]..].ToArray();
        int[] restStarts = [.. _starts[first..].Select(start => start - _starts[first])];
        CollectionsMarshal.SetCount(_bytes, _starts[first]);
        CollectionsMarshal.SetCount(_starts, first);
        byte[] taken = Take();
        _bytes.AddRange(rest);
        _starts.AddRange(restStarts);
        return taken;
    }

    /// <summary>Merges batches, each in the order of the log, into one.</summary>
    public static byte[] Merge(IReadOnlyList<ReadOnlyMemory<byte>> batches)
    {
        ReadOnlyMemory<byte>[] rest = [.. batches.Where(batch => batch.Length > 0)];
        byte[] merged = new byte[rest.Sum(batch => batch.Length)];
        Span<byte> left = merged;
        PriorityQueue<int, ReadOnlyMemory<byte>> heads = new(Comparer<ReadOnlyMemory<byte>>.Create(
            (a, b) => EventRecord.Compare(new EventRecord(a.Span), new EventRecord(b.Span))));
        for (int k = 0; k < rest.Length; k++)
        {
            heads.Enqueue(k, rest[k]);
        }

        while (heads.TryDequeue(out int k, out _))
        {
            int size = EventRecord.SizeAt(rest[k].Span);
            rest[k].Span[..size].CopyTo(left);
            left = left[size..];
            rest[k] = rest[k][size..];
            if (rest[k].Length > 0)
            {
                heads.Enqueue(k, rest[k]);
            }
        }

        return merged;
    }

    // The component that was turned round points at the wall before.
    private static Vec3 ToWall(Gas gas, in ParticleState before, in ParticleState after)
    {
        double radius = 0.5 * gas.Species[before.Species].Diameter;
        Vec3 toWall = Vec3.Zero;
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            if (before.Velocity[axis] != after.Velocity[axis])
            {
                toWall = toWall.With(axis, Math.CopySign(radius, before.Velocity[axis]));
            }
        }

        return toWall;
    }

    private EventRecord RecordAt(int index)
    {
        int start = _starts[index], end = index + 1 < _starts.Count ? _starts[index + 1] : _bytes.Count;
        return new EventRecord(CollectionsMarshal.AsSpan(_bytes)[start..end]);
    }

    private bool IsSameInstant(int a, int b) => RecordAt(a).Time == RecordAt(b).Time && RecordAt(a).Epoch == RecordAt(b).Epoch;

    private bool IsSorted()
    {
        for (int k = 1; k < _starts.Count; k++)
        {
            if (EventRecord.Compare(RecordAt(k - 1), RecordAt(k)) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private byte[] Sorted()
    {
        int[] indices = [.. Enumerable.Range(0, _starts.Count)];
        Array.Sort(indices, (a, b) => EventRecord.Compare(RecordAt(a), RecordAt(b)) is var order && order != 0 ? order : a.CompareTo(b));
        byte[] sorted = new byte[_bytes.Count];
        int next = 0;
        foreach (int index in indices)
        {
            int start = _starts[index], end = index + 1 < _starts.Count ? _starts[index + 1] : _bytes.Count;
            CollectionsMarshal.AsSpan(_bytes)[start..end].CopyTo(sorted.AsSpan(next));
            next += end - start;
        }

        return sorted;
    }
}
