using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>Which particles the Verlet spheres belong to, by slot: in a region particles come, go, and take the slots of others.</summary>
/// <param name="store">The particles.</param>
internal sealed unsafe class SlotOwners(ParticleStore store) : IDisposable
{
    private readonly bool _change = store.Owners is not null; // only in regions
    private readonly NativeArray<int> _ids = new(store.Owners is null ? 0 : store.Capacity);
    private int _count;

    public long ByteCount => _ids.ByteCount;

    /// <summary>All spheres are new.</summary>
    public void NoteAll()
    {
        _count = store.Count;
        if (_change)
        {
            new Span<int>(store.Ids, _count).CopyTo(new Span<int>(_ids.Pointer, _count));
        }
    }

    /// <summary>Forgets the spheres of slots that other particles have taken.</summary>
    public void Compare<TSizes>(VerletSpheres<TSizes> spheres, SphereRecords records)
        where TSizes : struct, IContactDistances<TSizes>
    {
        if (!_change)
        {
            return;
        }

        for (int slot = store.Count; slot < _count; slot++)
        {
            records.Remove(spheres.RecordOf[slot]);
        }

        for (int slot = _count; slot < store.Count; slot++)
        {
            spheres.RecordOf[slot] = SphereRecords.None;
        }

        for (int slot = 0; slot < store.Count; slot++)
        {
            if (slot >= _count || _ids.Pointer[slot] != store.Ids[slot])
            {
                spheres.ForgetSphere(slot);
                _ids.Pointer[slot] = store.Ids[slot];
            }
        }

        _count = store.Count;
    }

    public void Dispose() => _ids.Dispose();
}
