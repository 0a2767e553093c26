using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices;

/// <summary>
/// Pairs that a search could not reject, until their exact event times are computed, some at once (<see cref="ContactTimes{TSizes}"/>).
/// </summary>
/// <param name="particles">By slot.</param>
/// <param name="prefetches">Whether the second particle is loaded into the cache.</param>
internal sealed unsafe class ContactBuffer(Particle* particles, bool prefetches) : IDisposable
{
    private readonly NativeArray<Contact> _contacts = new(64);
    private readonly NativeArray<Contact> _joining = new(0);
    private readonly List<(int Slot, int Other)> _split = [];

    /// <summary>Number of contacts.</summary>
    public int Count { get; private set; }

    /// <summary>The contacts, in the order in which they were noted.</summary>
    public Contact* First => _contacts.Pointer;

    /// <summary>Number of pairs that may be members of a tuple.</summary>
    public int JoiningCount { get; private set; }

    /// <summary>The pairs that may be members of a tuple, whether they may collide or not; those of one search side by side.</summary>
    public Contact* FirstJoining => _joining.Pointer;

    /// <summary>Pairs of which one flight was split by a search that does not say which image meets.</summary>
    public List<(int Slot, int Other)> Split => _split;

    /// <summary>Whether there is nothing to compute.</summary>
    public bool IsEmpty
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Count | JoiningCount) == 0 && _split.Count == 0;
    }

    public long ByteCount => _contacts.ByteCount + _joining.ByteCount;

    /// <summary>Notes a pair, and how far the second is seen from the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note(int slot, int other, float x, float y, float z)
    {
        if (Count == _contacts.Length)
        {
            _contacts.Grow(2 * _contacts.Length);
        }

        Contact* contact = _contacts.Pointer + Count++;
        (contact->Slot, contact->Other, contact->X, contact->Y, contact->Z) = (slot, other, x, y, z);
        if (prefetches)
        {
            Sse.Prefetch0(particles + other);
        }
    }

    /// <summary>As <see cref="Note"/>, a pair that may be members of a tuple.</summary>
    public void NoteJoining(int slot, int other, float x, float y, float z)
    {
        if (JoiningCount == _joining.Length)
        {
            _joining.Grow(Math.Max(64, 2 * _joining.Length));
        }

        Contact* contact = _joining.Pointer + JoiningCount++;
        (contact->Slot, contact->Other, contact->X, contact->Y, contact->Z) = (slot, other, x, y, z);
    }

    /// <summary>Notes a pair that may meet as any image.</summary>
    public void NoteSplit(int slot, int other) => _split.Add((slot, other));

    public void Clear()
    {
        (Count, JoiningCount) = (0, 0);
        _split.Clear();
    }

    public void Dispose()
    {
        _contacts.Dispose();
        _joining.Dispose();
    }
}
