using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Events;

/// <summary>
/// The states that events have replaced, one entry per participant, in the order in which it happened: they can be undone.
/// </summary>
/// <remarks>An entry costs one copy of the particle's record. Images change rarely, so their changes are kept apart.</remarks>
/// <param name="capacity">Entries for which there is room before memory has to grow, and be copied.</param>
internal sealed unsafe class StateLog(int capacity = 256) : IDisposable
{
    private const int PrefetchDistance = 16; // entries, some events ahead

    private readonly NativeArray<Particle> _before = new(capacity); // by entry
    private readonly NativeArray<int> _slots = new(capacity); // by entry
    private readonly List<ImageMove> _moves = []; // in the order of entries, but within one event in any order

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Entries for which there is room.</summary>
    public long Capacity => _before.Length;

    /// <summary>Changes of images.</summary>
    public ReadOnlySpan<ImageMove> Moves => CollectionsMarshal.AsSpan(_moves);

    /// <summary>The particles of all entries.</summary>
    public ReadOnlySpan<int> Slots => new(_slots.Pointer, Count);

    public long ByteCount => _before.ByteCount + _slots.ByteCount;

    /// <summary>The record that an event replaced.</summary>
    public Particle* Before(int entry) => _before.Pointer + entry;

    /// <summary>The particle of an entry.</summary>
    public int SlotOf(int entry) => _slots.Pointer[entry];

    /// <summary>Keeps the record of a particle that is about to have an event.</summary>
    /// <returns>Number of the entry.</returns>
    public int Add(int slot, Particle* particle)
    {
        if (Count == _before.Length)
        {
            _before.Grow(2 * _before.Length);
            _slots.Grow(_before.Length);
        }

        // Stores end in their order: one that waits for memory holds up all that follow, and loads of what was just stored.
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_before.Pointer + Count + PrefetchDistance);
            Sse.Prefetch0(_slots.Pointer + Count + PrefetchDistance);
        }

        _before.Pointer[Count] = *particle;
        _slots.Pointer[Count] = slot;
        return Count++;
    }

    /// <summary>The latest event of a particle has added whole boxes to its image.</summary>
    public void AddBoxes(int slot, Int3 boxes)
    {
        int entry = Count - 1;
        while (_slots.Pointer[entry] != slot)
        {
            entry--;
        }

        _moves.Add(new ImageMove(entry, boxes));
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Count = 0;
        _moves.Clear();
    }

    /// <summary>Undoes and forgets all entries from a number on, the last first.</summary>
    public void UndoTo(int count, ParticleStore store)
    {
        for (; _moves.Count > 0 && _moves[^1].Entry >= count; _moves.RemoveAt(_moves.Count - 1))
        {
            Subtract(_moves[^1], store);
        }

        while (Count > count)
        {
            Count--;
            store.Particles[_slots.Pointer[Count]] = _before.Pointer[Count];
        }
    }

    /// <summary>Undoes one entry, which stays in the log: undone once more together with those before it, it changes nothing.</summary>
    /// <remarks>
    /// Several threads may do so at once, each for events of its own: the list of moves keeps its length, and no other entry's move is written.
    /// </remarks>
    public void UndoAlone(int entry, ParticleStore store)
    {
        store.Particles[_slots.Pointer[entry]] = _before.Pointer[entry];
        Span<ImageMove> moves = CollectionsMarshal.AsSpan(_moves);
        for (int k = moves.Length - 1; k >= 0 && moves[k].Entry > entry - GasValidation.OrderLimit; k--)
        {
            if (moves[k].Entry == entry)
            {
                Subtract(moves[k], store);
                moves[k] = new ImageMove(entry, Int3.Zero);
            }
        }
    }

    public void Dispose()
    {
        _before.Dispose();
        _slots.Dispose();
    }

    private void Subtract(in ImageMove move, ParticleStore store)
    {
        int* image = store.Images + 3L * SlotOf(move.Entry);
        (image[0], image[1], image[2]) = (image[0] - move.Boxes.X, image[1] - move.Boxes.Y, image[2] - move.Boxes.Z);
    }
}

/// <summary>Whole boxes that an event has added to a participant's image.</summary>
/// <param name="Entry">Of the participant.</param>
/// <param name="Boxes">Along x, y, z.</param>
internal readonly record struct ImageMove(int Entry, Int3 Boxes);
