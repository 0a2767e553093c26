using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Physics;

namespace ActorMD.Engine.Tests.Properties;

/// <summary>All pairs of some particles that meet in a slice, as whatever image, and whether a search finds them.</summary>
internal sealed unsafe class SliceCheck
{
    private readonly ParticleStore _store;
    private readonly SliceClock _clock;
    private readonly List<(int A, int B, double Time)> _meetings = [];

    public SliceCheck(Gas gas, ParticleStore store, SliceClock clock, LawTables laws)
    {
        (_store, _clock) = (store, clock);
        SpeciesTable sizes = SpeciesTable.Create(laws.Contacts, gas.Species.Length);
        for (int a = 0; a < store.Count; a++)
        {
            for (int b = a + 1; b < store.Count; b++)
            {
                double time = Earliest(gas, store.Particles + a, store.Particles + b, sizes);
                if (time < clock.End)
                {
                    _meetings.Add((a, b, time));
                }
            }
        }
    }

    /// <summary>Pairs that meet.</summary>
    public int PairCount => _meetings.Count;

    /// <summary>Searches of one particle that had to find another one.</summary>
    public int SearchCount { get; private set; }

    /// <summary>RecordOf the particles and looks for all pairs, then for those of each particle from some moments on.</summary>
    public void Run<TSearch>(TSearch search)
        where TSearch : struct, ISliceSearch
    {
        search.Place(_clock);
        search.EndPlacement();
        HashSet<(int, int)> found = [];
        bool hasMore = true;
        for (int next = 0; hasMore;)
        {
            hasMore = search.FindPairs(ref next);
            Take(search.Contacts, found);
        }

        foreach ((int a, int b, double time) in _meetings)
        {
            Assert.True(found.Contains((a, b)), $"the pair {a}, {b} meets at {time:R} and was rejected");
        }

        foreach ((int a, int b, double time) in _meetings)
        {
            CheckSearch(search, a, b, time);
            CheckSearch(search, b, a, time);
        }

        search.Dispose();
    }

    // A particle searches anew after it has moved: from the beginning, and from just before the contact on.
    private void CheckSearch<TSearch>(TSearch search, int slot, int other, double time)
        where TSearch : struct, ISliceSearch
    {
        foreach (double from in (double[])[_clock.Start, Math.Max(_clock.Start, Math.BitDecrement(time))])
        {
            HashSet<(int, int)> found = [];
            search.Move(other, _clock.TauOf(_clock.Start)); // its record may be one from a later moment on
            search.Move(slot, _clock.TauOf(from));
            search.Search(slot, _clock.TauOf(from));
            Take(search.Contacts, found);
            Assert.True(
                found.Contains((Math.Min(slot, other), Math.Max(slot, other))),
                $"{slot} looks from {from:R} on and rejects {other}, which it meets at {time:R}");
            SearchCount++;
        }
    }

    private static void Take(ContactBuffer contacts, HashSet<(int, int)> found)
    {
        for (int k = 0; k < contacts.Count; k++)
        {
            Contact* contact = contacts.First + k;
            found.Add((Math.Min(contact->Slot, contact->Other), Math.Max(contact->Slot, contact->Other)));
        }

        foreach ((int slot, int other) in contacts.Split)
        {
            found.Add((Math.Min(slot, other), Math.Max(slot, other)));
        }

        contacts.Clear();
    }

    // Contacts after the beginning of the slice, of pairs that do not overlap there.
    private double Earliest(Gas gas, Particle* a, Particle* b, in SpeciesTable sizes)
    {
        const int Boxes = 2; // fast particles may cross the box
        double earliest = double.PositiveInfinity, contact = gas.ContactDistance(a->Kind, b->Kind);
        int z = gas.Dimension == 3 ? Boxes : 0;
        for (int i = -Boxes; i <= Boxes; i++)
        {
            for (int j = -Boxes; j <= Boxes; j++)
            {
                for (int k = -z; k <= z; k++)
                {
                    if ((i != 0 && !gas.Box.IsPeriodic(0)) || (j != 0 && !gas.Box.IsPeriodic(1)) || (k != 0 && !gas.Box.IsPeriodic(2)))
                    {
                        continue;
                    }

                    Vec3 shift = new(i * gas.Box.Lengths.X, j * gas.Box.Lengths.Y, k * gas.Box.Lengths.Z);
                    if ((PositionAt(b, _clock.Start) + shift - PositionAt(a, _clock.Start)).LengthSquared <= contact * contact)
                    {
                        return double.PositiveInfinity;
                    }

                    double time = ContactTime.Between(a, b, shift.X, shift.Y, shift.Z, sizes);
                    earliest = time >= _clock.Start ? Math.Min(earliest, time) : earliest;
                }
            }
        }

        return earliest;
    }

    private static Vec3 PositionAt(Particle* p, double time)
    {
        double since = time - p->Time;
        return new Vec3(p->X + p->VX * since, p->Y + p->VY * since, p->Z + p->VZ * since);
    }
}
