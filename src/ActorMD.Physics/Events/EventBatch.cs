using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorMD.Physics.Events;

/// <summary>Events of a stretch of time on their way to the event log: <see cref="EventRecord"/>s one after the other.</summary>
public sealed class EventBatch
{
    private const int FirstSize = 1 << 16;

    private byte[] _bytes = new byte[FirstSize];
    private byte[] _lent = new byte[FirstSize];
    private int _last; // where the last event begins
    private int _instantStart; // where the events begin that were added last and have the time of the last one
    private bool _isSorted = true;

    /// <summary>
    /// Whether pair collisions may be added without their velocities (<see cref="PackedPair"/>): for an <see cref="EventUnpacker"/>.
    /// </summary>
    /// <remarks>Events of an instant then stay in the order in which they were added: in this order velocities change.</remarks>
    public bool IsPacked { get; init; }

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

    /// <summary>Room for a pair collision: to be filled in, and then to be added by <c>AddPair</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // with every collision
    public ref PackedPair NextPair()
    {
        if (_bytes.Length - Length < PackedPair.EdgeSize)
        {
            Reserve(PackedPair.EdgeSize);
        }

        return ref HeadAt(Length);
    }

    /// <summary>Adds what was filled in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPair() => Added(PackedPair.Size);

    /// <summary>Adds what was filled in, and this impact vector.</summary>
    public void AddPair(Vec3 impact)
    {
        HeadAt(Length).Count = PackedPair.AtEdge;
        MemoryMarshal.Write(_bytes.AsSpan(Length + PackedPair.Size), impact);
        Added(PackedPair.EdgeSize);
    }

    /// <summary>Adds what another batch holds, in the order of the log: none of it is earlier than what is here.</summary>
    public void Append(EventBatch other)
    {
        ReadOnlySpan<byte> bytes = other.Lend(withLastInstant: true).Span;
        Reserve(bytes.Length);
        while (bytes.Length > 0)
        {
            int size = SizeAt(bytes);
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
        int length = withLastInstant ? Length : _instantStart, left = Length - length;
        byte[] taken = _bytes;
        if (_lent.Length < left)
        {
            _lent = new byte[taken.Length];
        }

        taken.AsSpan(length, left).CopyTo(_lent);
        if (!_isSorted)
        {
            Sort(taken.AsSpan(0, length), IsPacked);
        }

        (_bytes, _lent) = (_lent, taken);
        (Length, _last, _instantStart, _isSorted) = (0, 0, 0, true);
        while (Length < left)
        {
            Added(SizeAt(_bytes.AsSpan(Length)));
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

    /// <summary>Bytes of the event that begins here, packed or not.</summary>
    internal static int SizeAt(ReadOnlySpan<byte> bytes) => MemoryMarshal.AsRef<PackedPair>(bytes).Count switch
    {
        PackedPair.Plain => PackedPair.Size,
        PackedPair.AtEdge => PackedPair.EdgeSize,
        _ => EventRecord.SizeAt(bytes),
    };

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Added(int size)
    {
        ref PackedPair before = ref HeadAt(_last), added = ref HeadAt(Length);
        if (Length > 0 && added.Time > before.Time && added.Epoch == before.Epoch)
        {
            _instantStart = Length;
        }
        else
        {
            CompareAdded(size);
        }

        _last = Length;
        Length += size;
    }

    // An event that is not clearly later than the one before.
    private void CompareAdded(int size)
    {
        if (Length == 0)
        {
            return;
        }

        EventRecord before = new(_bytes.AsSpan(_last, Length - _last)), added = new(_bytes.AsSpan(Length, size));
        _isSorted &= (IsPacked ? EventRecord.CompareTimes(before, added) : EventRecord.Compare(before, added)) <= 0;
        if (added.Time != before.Time || added.Epoch != before.Epoch)
        {
            _instantStart = Length;
        }
    }

    // All events have epoch and time where a pair collision has them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref PackedPair HeadAt(int start) =>
        ref Unsafe.As<byte, PackedPair>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), start));

    /// <summary>Puts events into the order of the log, or of time alone; what is the same in it stays as it is.</summary>
    internal static void Sort(Span<byte> events, bool byTimeAlone = false)
    {
        List<(int Start, int Size)> all = [];
        for (int start = 0; start < events.Length; start += all[^1].Size)
        {
            all.Add((start, SizeAt(events[start..])));
        }

        byte[] unsorted = events.ToArray();
        EventRecord At((int Start, int Size) place) => new(unsorted.AsSpan(place.Start, place.Size));
        int Compare((int Start, int Size) a, (int Start, int Size) b) =>
            byTimeAlone ? EventRecord.CompareTimes(At(a), At(b)) : EventRecord.Compare(At(a), At(b));
        all.Sort((a, b) => Compare(a, b) is var order && order != 0 ? order : a.Start.CompareTo(b.Start));
        foreach ((int start, int size) in all)
        {
            unsorted.AsSpan(start, size).CopyTo(events);
            events = events[size..];
        }
    }
}
