using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorMD.Physics.Events;

/// <summary>Events of a stretch of time on their way to the event log: <see cref="EventRecord"/>s one after the other.</summary>
public sealed class EventBatch
{
    private const int FirstSize = 1 << 16;

    private readonly List<int> _starts = [];
    private byte[] _bytes = new byte[FirstSize];
    private byte[] _lent = new byte[FirstSize];
    private bool _isSorted = true;

    /// <summary>Number of bytes.</summary>
    public int Length { get; private set; }

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
        int count = ids.Length, impacts = EventRecord.ImpactCountOf(count), size = EventRecord.SizeOf(count);
        Reserve(size);
        Span<byte> bytes = _bytes.AsSpan(Length, size);
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

        Added(size);
    }

    /// <summary>Room for a pair collision: to be filled in, and then to be added by <see cref="AddPair"/>.</summary>
    public ref PairRecord NextPair()
    {
        Reserve(PairRecord.Size);
        return ref Unsafe.As<byte, PairRecord>(ref _bytes[Length]);
    }

    /// <summary>Adds what was filled in.</summary>
    public void AddPair() => Added(PairRecord.Size);

    /// <summary>Adds what another batch holds, in the order of the log: none of it is earlier than what is here.</summary>
    public void Append(EventBatch other)
    {
        ReadOnlySpan<byte> bytes = other.Lend(withLastInstant: true).Span;
        Reserve(bytes.Length);
        while (bytes.Length > 0)
        {
            int size = EventRecord.SizeAt(bytes);
            bytes[..size].CopyTo(_bytes.AsSpan(Length));
            Added(size);
            bytes = bytes[size..];
        }
    }

    /// <summary>Takes everything out, in the order of the log; what is the same in it stays as it was added.</summary>
    public byte[] Take() => Lend(withLastInstant: true).ToArray();

    /// <summary>Takes events out, in the order of the log; what is handed over is good until the next call.</summary>
    /// <param name="withLastInstant">
    /// Everything; otherwise only the events before the last instant that has any: others of that instant may follow.
    /// </param>
    public ReadOnlyMemory<byte> Lend(bool withLastInstant)
    {
        int first = _starts.Count;
        if (!withLastInstant && first > 0)
        {
            first--;
            while (first > 0 && IsSameInstant(first - 1, _starts.Count - 1))
            {
                first--;
            }
        }

        int length = first < _starts.Count ? _starts[first] : Length;
        if (_lent.Length < Length - length)
        {
            _lent = new byte[_bytes.Length];
        }

        byte[] taken = _isSorted ? _bytes : Sorted(first, length);
        _bytes.AsSpan(length, Length - length).CopyTo(_lent);
        (_bytes, _lent) = (_lent, _bytes);
        Length -= length;
        _isSorted = true;
        int left = _starts.Count - first;
        for (int k = 0; k < left; k++)
        {
            _starts[k] = _starts[first + k] - length;
        }

        CollectionsMarshal.SetCount(_starts, left);
        for (int k = 1; k < left; k++)
        {
            _isSorted &= EventRecord.Compare(RecordAt(k - 1), RecordAt(k)) <= 0;
        }

        return taken.AsMemory(0, length);
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
        double radius = 0.5 * gas.Kinds[before.Kind].Diameter;
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

    private void Reserve(int size)
    {
        if (_bytes.Length - Length < size)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + size));
        }
    }

    private void Added(int size)
    {
        _starts.Add(Length);
        Length += size;
        int last = _starts.Count - 1;
        if (last > 0 && _isSorted)
        {
            ref PairRecord before = ref HeadAt(last - 1), added = ref HeadAt(last);
            _isSorted = added.Time > before.Time && added.Epoch == before.Epoch
                || EventRecord.Compare(RecordAt(last - 1), RecordAt(last)) <= 0;
        }
    }

    // All events have epoch and time where a pair collision has them.
    private ref PairRecord HeadAt(int index) => ref Unsafe.As<byte, PairRecord>(ref _bytes[_starts[index]]);

    private EventRecord RecordAt(int index)
    {
        int start = _starts[index], end = index + 1 < _starts.Count ? _starts[index + 1] : Length;
        return new EventRecord(_bytes.AsSpan(start, end - start));
    }

    private bool IsSameInstant(int a, int b) => RecordAt(a).Time == RecordAt(b).Time && RecordAt(a).Epoch == RecordAt(b).Epoch;

    // The first events, which have so many bytes.
    private byte[] Sorted(int count, int length)
    {
        int[] indices = [.. Enumerable.Range(0, count)];
        Array.Sort(indices, (a, b) => EventRecord.Compare(RecordAt(a), RecordAt(b)) is var order && order != 0 ? order : a.CompareTo(b));
        byte[] sorted = new byte[length];
        int next = 0;
        foreach (int index in indices)
        {
            int start = _starts[index], end = index + 1 < _starts.Count ? _starts[index + 1] : Length;
            _bytes.AsSpan(start, end - start).CopyTo(sorted.AsSpan(next));
            next += end - start;
        }

        return sorted;
    }
}
