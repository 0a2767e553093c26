using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lists;

/// <summary>The search of fluids: every particle keeps a list of those that it can meet, and the lists serve for several slices.</summary>
/// <remarks>
/// In a fluid particles collide about once per slice: there a search of the cells around them costs too much. A particle whose flight would
/// lead it out of its Verlet sphere before the end of the slice gets a new one, and the lists concerned get new entries. When too many
/// spheres have moved, all are made anew (<see cref="ListLifetime"/>). In between the records only tell where the spheres are. A thread
/// that shares the slice has a search of its own, which shares spheres, lists and sorted records with the others, and has room of its own
/// for what it adds.
/// </remarks>
internal sealed unsafe class NeighborListSearch<TSizes> : IDisposable
    where TSizes : struct, IContactDistances<TSizes>
{
    private const int Lanes = ListedFlightTest.Lanes;
    private const uint AllLanes = ListedFlightTest.AllLanes;
    private const int ContactsTogether = 32; // found before their times are computed

    private readonly VerletSpheres<TSizes> _spheres;
    private readonly ParticleStore _store;
    private readonly Particle* _particles;
    private readonly SphereSearch<TSizes> _sphereSearch;
    private readonly NativeArray<float> _seen = new(3 * Lanes);
    private readonly bool _prefetches;
    private SliceClock _clock;
    private int _sphereCount; // slots that have a sphere

    /// <param name="grid">Cells.</param>
    /// <param name="plan">Reach.</param>
    /// <param name="store">The particles.</param>
    /// <param name="prefetches">Whether memory is loaded ahead of its use.</param>
    public NeighborListSearch(SliceGrid grid, SlicePlan plan, ParticleStore store, bool prefetches)
        : this(
            new VerletSpheres<TSizes>(grid, plan, store.Capacity),
            new SphereRecords(store.Capacity, grid.Axes.CellCount),
            new NeighborLists(store.Capacity),
            store,
            ListGuard.None,
            prefetches)
    {
    }

    private NeighborListSearch(
        VerletSpheres<TSizes> spheres, SphereRecords records, NeighborLists lists, ParticleStore store, ListGuard guard, bool prefetches)
    {
        (_spheres, Records, Lists, _store, _prefetches) = (spheres, records, lists, store, prefetches);
        _particles = store.Particles;
        Contacts = new ContactBuffer(store.Particles, prefetches);
        Sorter = new SphereSorter<TSizes>(spheres, records, store, (SweptSphere*)lists.Scratch);
        PairFinder = new SpherePairFinder<TSizes>(spheres, records, lists, guard);
        _sphereSearch = new SphereSearch<TSizes>(spheres, records, lists, guard);
    }

    public VerletSpheres<TSizes> Spheres => _spheres;

    public SphereRecords Records { get; }

    public NeighborLists Lists { get; }

    public ContactBuffer Contacts { get; }

    public SphereSorter<TSizes> Sorter { get; }

    public SpherePairFinder<TSizes> PairFinder { get; }

    /// <summary>How long the lists have served; of a thread's search only the spheres that it has moved.</summary>
    public ListLifetime Lifetime { get; } = new();

    /// <summary>Of this search's own memory.</summary>
    public long OwnByteCount => Contacts.ByteCount + PairFinder.ByteCount + _sphereSearch.ByteCount + _seen.ByteCount;

    public long ByteCount => _spheres.ByteCount + Records.ByteCount + Lists.ByteCount + OwnByteCount;

    /// <summary>A search for one thread of several.</summary>
    public NeighborListSearch<TSizes> Share(ListGuard guard) =>
        new(_spheres, new SphereRecords(Records), new NeighborLists(Lists), _store, guard, _prefetches);

    /// <summary>A slice begins.</summary>
    /// <param name="clock">The slice.</param>
    /// <param name="sortedCount">Records that are sorted.</param>
    /// <param name="linkedMax">Records that may be linked to cells.</param>
    public void Begin(in SliceClock clock, int sortedCount, int linkedMax)
    {
        (_clock, _sphereCount) = (clock, _store.Count);
        PairFinder.Reserve(sortedCount, 0); // it looks at sorted records only
        _sphereSearch.Reserve(sortedCount, linkedMax);
    }

    /// <summary>Counting sort of all Verlet spheres by cell; the lists are empty afterwards.</summary>
    public PlacementCounts Sort(in SliceClock clock)
    {
        int cells = _spheres.Grid.Axes.CellCount, count = _store.Count;
        int* starts = _spheres.Starts;
        new Span<int>(starts, cells + 2).Clear();
        PlacementCounts counts = Sorter.Count(clock, 0, count, starts + 2);
        Records.Begin(counts.Records);
        Lifetime.Begin();
        Begin(clock, counts.Records, 0);
        for (int cell = 2; cell < cells + 2; cell++)
        {
            starts[cell] += starts[cell - 1];
        }

        // Entering a record moves the start of the cell behind it; at the end every start stands where it belongs.
        Sorter.Enter(0, count, starts + 1);
        Lists.Begin(); // in the memory of the sorter's spheres
        SetFlights(0, count);
        return counts;
    }

    /// <summary>Sets the flights of some particles, whose spheres are new.</summary>
    public void SetFlights(int first, int end)
    {
        for (int slot = first; slot < end; slot++)
        {
            if (!TSizes.HasLarge || !_spheres.Grid.IsLarge(_particles + slot))
            {
                SetFlight(slot, -1);
            }
        }
    }

    /// <summary>Empties the lists of some particles and sets their flights: their spheres are new.</summary>
    public void ClearLists(int first, int end)
    {
        for (int slot = first; slot < end; slot++)
        {
            Lists.Clear(slot);
            SetFlight(slot, -1);
        }
    }

    /// <summary>All pairs of overlapping spheres enter the lists.</summary>
    public void MakeLists() => PairFinder.Find(0, _spheres.Grid.Axes.PlaneCount);

    /// <summary>The lists of the last slice serve again: sets all flights, and moves the spheres that these would leave.</summary>
    /// <returns>Radius of the widest flight's sphere, and the number of flights that are split.</returns>
    public PlacementCounts Keep(in SliceClock clock)
    {
        Begin(clock, Records.SortedCount, Records.Count - Records.SortedCount);
        Lifetime.BeginSlice();
        float widest = _spheres.Grid.Cap;
        int split = 0;
        for (int slot = 0; slot < _store.Count; slot++)
        {
            Particle* p = _particles + slot;
            if (TSizes.HasLarge && _spheres.Grid.IsLarge(p))
            {
                LeaveGrid(slot);
            }
            else if (!SetFlight(slot, -1))
            {
                float radius = MoveSphere(slot, -1);
                if (radius > _spheres.RadiusOf(p))
                {
                    widest = Math.Max(widest, radius);
                    split++;
                }
            }
        }

        return new PlacementCounts(widest, Records.Count, split);
    }

    /// <summary>Notes pairs of the lists that meet in this slice, until there are some.</summary>
    /// <param name="next">First slot; goes on.</param>
    /// <param name="end">Behind the last slot.</param>
    /// <returns>Whether there are more.</returns>
    public bool FindPairs(ref int next, int end)
    {
        Vector256<float> low = -Vector256<float>.One;
        ContactBuffer contacts = Contacts;
        int slot = next;
        while (slot < end && contacts.Count <= ContactsTogether)
        {
            Searcher own = new(_spheres.Flights + slot, _spheres.ReachesOf(_particles + slot));
            for (int* line = Lists.First(slot); line != null; line = Lists.Next(line))
            {
                int ahead = NeighborLists.AheadCount(line);
                uint wanted = (1u << ahead) - 1;
                NoteMeeting(slot, line, own, low, wanted & AllLanes);
                if (ahead > Lanes)
                {
                    NoteMeeting(slot, line + (Lanes - 1), own, low, wanted >> (Lanes - 1) & (AllLanes - 1));
                }
            }

            slot++;
        }

        next = slot;
        return slot < end;
    }

    /// <summary>Notes what a particle's neighbours can meet from a moment on (tau in [-1, 1]) until the end of the slice.</summary>
    [SkipLocalsInit]
    public void Search(int slot, float low)
    {
        Searcher own = new(_spheres.Flights + slot, _spheres.ReachesOf(_particles + slot));
        Vector256<float> lowest = Vector256.Create(low);
        for (int* line = Lists.First(slot); line != null; line = Lists.Next(line))
        {
            NoteMeeting(slot, line, own, lowest, AllLanes);
            NoteMeeting(slot, line + (Lanes - 1), own, lowest, AllLanes - 1);
        }
    }

    /// <summary>Sets a particle's flight.</summary>
    /// <returns>Whether it stays in its Verlet sphere from a moment on until the end of the slice.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool SetFlight(int slot, float low) => _spheres.SetFlight(slot, _particles + slot, _clock, low);

    /// <summary>A particle has a new flight, and a new Verlet sphere if it leads out of the old one.</summary>
    public void Move(int slot, float low)
    {
        if (!SetFlight(slot, low))
        {
            MoveSphere(slot, low);
        }
    }

    /// <summary>A new Verlet sphere in the grid, and entries in the lists of all whose spheres overlap with it.</summary>
    /// <param name="slot">Of the particle.</param>
    /// <param name="low">The moment, tau in [-1, 1].</param>
    /// <param name="keepsOld">Whether the old record stays in the grid, to be removed by the caller later.</param>
    /// <returns>Radius of the sphere around the whole flight.</returns>
    public float MoveSphere(int slot, float low, bool keepsOld = false)
    {
        Lifetime.MoveCount++;
        if (!keepsOld)
        {
            Records.Remove(_spheres.RecordOf[slot]);
        }

        Particle* p = _particles + slot;
        SweptSphere sphere;
        _spheres.Grid.Sweep(p, _clock, &sphere);
        SweptSphere rest = _spheres.RestOf(sphere, p, low);
        if (rest.R <= _spheres.RadiusOf(p))
        {
            rest = _spheres.Inside(rest);
            AddRecords(slot, &rest);
        }
        else
        {
            AddRecords(slot, &sphere);
        }

        Lists.Clear(slot);
        for (int record = _spheres.RecordOf[slot]; record >= 0; record = Records.NextPart(record))
        {
            SweptSphere verlet = default;
            (verlet.X, verlet.Y, verlet.Z, verlet.R) = (Records.X[record], Records.Y[record], Records.Z[record], Records.R[record]);
            _sphereSearch.Search(slot, &verlet);
        }

        return sphere.R;
    }

    /// <summary>From now on these layers may be read where spheres move.</summary>
    public void Confine(in PlaneTerritory territory) => _sphereSearch.Confine(territory);

    /// <summary>Gives particles in neighbouring cells slots side by side; the lists are of no use afterwards.</summary>
    public void Renumber(WorkParts parts)
    {
        Lifetime.End();
        Sorter.Order(_spheres.RecordOf);
        _store.Permute(_spheres.RecordOf, Sorter.Swept, parts);
    }

    public void PrefetchParticle(int slot)
    {
        Sse.Prefetch0(_particles + slot);
        Sse.Prefetch0(_spheres.Flights + slot);
        Sse.Prefetch0(_spheres.Spheres + slot);
        Lists.PrefetchList(slot);
    }

    /// <summary>The flights of a particle's neighbours.</summary>
    public void PrefetchNeighbors(int slot)
    {
        byte* flights = (byte*)_spheres.Flights;
        uint* line = (uint*)Lists.First(slot), end = line + NeighborLists.LineEntries;
        for (; line < end; line += 3)
        {
            Sse.Prefetch0(flights + line[0]);
            Sse.Prefetch0(flights + line[1]);
            Sse.Prefetch0(flights + line[2]);
        }
    }

    public void Dispose()
    {
        DisposeOwn();
        Records.Dispose();
        Lists.Dispose();
        _spheres.Dispose();
    }

    /// <summary>What is not shared with other threads.</summary>
    public void DisposeOwn()
    {
        Contacts.Dispose();
        PairFinder.Dispose();
        _sphereSearch.Dispose();
        _seen.Dispose();
    }

    // The particle's flight does not fit into its old records any more: new ones, linked to the cells.
    private void AddRecords(int slot, SweptSphere* sphere)
    {
        Particle* p = _particles + slot;
        int record = SphereRecords.None, parts = _spheres.PartsOf(sphere->R, p);
        for (int k = 0; k < parts; k++)
        {
            SweptSphere part = _spheres.PartOf(*sphere, p, k, parts);
            record = Records.Add(&part, slot, parts > 1, record);
            _spheres.SetSphere(slot, p, Records, record);
        }

        _spheres.RecordOf[slot] = record;
        _sphereSearch.Reserve(Records.SortedCount, Records.Count - Records.SortedCount);
    }

    // A large particle may have taken the slot of a small one.
    private void LeaveGrid(int slot)
    {
        Records.Remove(_spheres.RecordOf[slot]);
        _spheres.RecordOf[slot] = SphereRecords.None;
        Lists.Clear(slot);
    }

    // Eight words of a list, of which some are wanted. Those without an entry name the particle itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteMeeting(int slot, int* others, in Searcher own, Vector256<float> low, uint wanted)
    {
        byte* flights = (byte*)_spheres.Flights;
        Columns.Transpose(
            (int*)(flights + (uint)others[0]), (int*)(flights + (uint)others[1]), (int*)(flights + (uint)others[2]),
            (int*)(flights + (uint)others[3]),
            (int*)(flights + (uint)others[4]), (int*)(flights + (uint)others[5]), (int*)(flights + (uint)others[6]),
            (int*)(flights + (uint)others[7]),
            out Vector256<int> placeX, out Vector256<int> placeY, out Vector256<int> placeZ, out Vector256<int> words);
        Vector256<float> x = Vector256.ConvertToSingle(placeX - own.X) * Vector256.Create(_spheres.Fixed.LookLengths[0]);
        Vector256<float> y = Vector256.ConvertToSingle(placeY - own.Y) * Vector256.Create(_spheres.Fixed.LookLengths[1]);
        Vector256<float> z = Vector256.ConvertToSingle(placeZ - own.Z) * Vector256.Create(_spheres.Fixed.LookLengths[2]);
        FixedPoint.Split(words, out Vector256<float> u, out Vector256<float> v, out Vector256<float> w);
        Vector256<float> reach = own.ReachSquared;
        if (typeof(TSizes) != typeof(EqualSpheres))
        {
            reach = Vector256.ConditionalSelect(
                Vector256.LessThan(words << 30, Vector256<int>.Zero).AsSingle(), own.ReachSquaredOfSmall, reach);
        }

        uint meets = _spheres.Test.Meets(x, y, z, u - own.U, v - own.V, w - own.W, low, reach);
        uint split = ((words | own.Words) << 31).ExtractMostSignificantBits(); // these meet for all that is known here
        meets = (meets | split) & ~Vector256.Equals(Vector256.Load(others), Vector256.Create(slot << NeighborLists.EntryShift))
            .ExtractMostSignificantBits() & wanted;
        if (meets == 0)
        {
            return;
        }

        if ((meets & split) != 0)
        {
            NoteSplit(slot, others, meets & split);
            meets &= ~split;
        }

        float* seen = _seen.Pointer;
        x.Store(seen);
        y.Store(seen + Lanes);
        z.Store(seen + 2 * Lanes);
        for (; meets != 0; meets &= meets - 1)
        {
            int k = BitOperations.TrailingZeroCount(meets);
            int other = others[k] >> NeighborLists.EntryShift;
            if (other < _sphereCount)
            {
                Contacts.Note(slot, other, seen[k], seen[k + Lanes], seen[k + 2 * Lanes]); // else it was removed
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteSplit(int slot, int* others, uint meets)
    {
        for (; meets != 0; meets &= meets - 1)
        {
            int other = others[BitOperations.TrailingZeroCount(meets)] >> NeighborLists.EntryShift;
            if (other < _sphereCount)
            {
                Contacts.NoteSplit(slot, other);
            }
        }
    }

    /// <summary>The particle that searches, in all lanes.</summary>
    private readonly struct Searcher
    {
        public readonly Vector256<int> X, Y, Z, Words;
        public readonly Vector256<float> U, V, W;

        /// <summary>Squares of its contact distances with the large and with the small.</summary>
        public readonly Vector256<float> ReachSquared, ReachSquaredOfSmall;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Searcher(ListedFlight* flight, ReadOnlySpan<float> reachesSquared)
        {
            (ReachSquared, ReachSquaredOfSmall) = (Vector256.Create(reachesSquared[0]), Vector256.Create(reachesSquared[1]));
            (X, Y, Z) = (Vector256.Create(flight->X), Vector256.Create(flight->Y), Vector256.Create(flight->Z));
            Words = Vector256.Create((int)flight->Word);
            FixedPoint.Split(Words, out U, out V, out W);
        }
    }
}
