using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>
/// Sorts the Verlet spheres of all particles into cells: counts the records of every cell, then enters them (a counting sort).
/// </summary>
/// <param name="spheres">By slot.</param>
/// <param name="records">By cell.</param>
/// <param name="store">The particles.</param>
/// <param name="scratch">By slot, in the memory of the lists: only until these are made.</param>
internal sealed unsafe class SphereSorter<TSizes>(
    VerletSpheres<TSizes> spheres, SphereRecords records, ParticleStore store, SweptSphere* scratch)
    where TSizes : struct, IContactDistances<TSizes>
{
    private readonly Particle* _particles = store.Particles;

    /// <summary>The spheres around the flights of the slice, by slot.</summary>
    public SweptSphere* Swept => scratch;

    /// <summary>The spheres of some slots, and how many records there will be in each cell.</summary>
    public PlacementCounts Count(in SliceClock clock, int first, int end, int* counts)
    {
        float widest = 0;
        int whole = 0, allParts = 0, large = 0;
        for (int slot = first; slot < end; slot++)
        {
            Particle* p = _particles + slot;
            if (TSizes.HasLarge && spheres.Grid.IsLarge(p))
            {
                large++;
                continue;
            }

            SweptSphere* sphere = scratch + slot;
            spheres.Grid.Sweep(p, clock, sphere);
            if (sphere->R <= spheres.RadiusOf(p))
            {
                counts[sphere->Cell]++;
                whole++;
                continue;
            }

            widest = Math.Max(widest, sphere->R);
            int parts = spheres.PartsOf(sphere->R, p);
            allParts += parts;
            for (int k = 0; k < parts; k++)
            {
                counts[spheres.PartOf(*sphere, p, k, parts).Cell]++;
            }
        }

        return new PlacementCounts(widest, whole + allParts, end - first - whole - large);
    }

    /// <summary>Enters the records of some slots.</summary>
    /// <param name="first">First slot.</param>
    /// <param name="end">Behind the last slot.</param>
    /// <param name="next">Where the next record of every cell goes.</param>
    public void Enter(int first, int end, int* next)
    {
        for (int slot = first; slot < end; slot++)
        {
            Particle* p = _particles + slot;
            if (TSizes.HasLarge && spheres.Grid.IsLarge(p))
            {
                spheres.RecordOf[slot] = SphereRecords.None;
                continue;
            }

            SweptSphere* sphere = scratch + slot;
            if (sphere->R <= spheres.RadiusOf(p))
            {
                int record = next[sphere->Cell]++;
                records.Set(record, sphere, slot, false, SphereRecords.None);
                spheres.RecordOf[slot] = record;
                spheres.SetSphere(slot, p, records, record);
            }
            else
            {
                EnterParts(slot, sphere, next);
            }
        }
    }

    /// <summary>Slots in the order of the cells; the spheres are of no use afterwards.</summary>
    public void Order(int* order)
    {
        int count = 0;
        for (int record = 0; record < records.Count; record++)
        {
            TakeNext(records.SlotAt(record), order, ref count);
        }

        for (int slot = 0; slot < store.Count; slot++)
        {
            TakeNext(slot, order, ref count); // particles that have no record yet
        }
    }

    private void EnterParts(int slot, SweptSphere* sphere, int* next)
    {
        Particle* p = _particles + slot;
        int record = SphereRecords.None, parts = spheres.PartsOf(sphere->R, p);
        for (int k = 0; k < parts; k++)
        {
            SweptSphere part = spheres.PartOf(*sphere, p, k, parts);
            int own = next[part.Cell]++;
            records.Set(own, &part, slot, true, record);
            spheres.SetSphere(slot, p, records, own);
            record = own;
        }

        spheres.RecordOf[slot] = record;
    }

    private void TakeNext(int slot, int* order, ref int count)
    {
        const int Taken = -2; // no cell
        if (slot < store.Count && scratch[slot].Cell != Taken)
        {
            scratch[slot].Cell = Taken;
            order[count++] = slot;
        }
    }
}
