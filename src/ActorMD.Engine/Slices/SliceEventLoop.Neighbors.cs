using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices.Lists;

namespace ActorMD.Engine.Slices;

// In a fluid particles collide about once per slab: there a search around them costs too much, and every particle keeps a list
// of those that it can meet as long as both stay at home, in the sphere of the cap's radius around their record. Who would leave
// its home before the end of the slab gets a new one, and all concerned new entries. The lists serve for several slabs, until too
// many homes have moved; in between the records only tell where homes are.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    // What new lists cost, in homes that are moved, per particle; measured in one thread and in two.
    private const double CostOfListsAlone = 0.2, CostOfListsShared = 0.1;

    private int _homeCount;
    private int _slabsOfLists; // that these lists have served
    private long _moveCount; // of homes, since the lists were made
    private long _moveCountBefore; // before the last slab

    // As long as a slab moves fewer homes than all of them have cost on average, with the new lists at their beginning.
    private bool AreListsGood =>
        _neighbors is not null && _slabsOfLists > 0
        && (_moveCount - _moveCountBefore) * (double)_slabsOfLists < (_team is null ? CostOfListsAlone : CostOfListsShared) * Count + _moveCount;

    // The lists of the last slab serve again.
    private bool KeepLists()
    {
        if (_homeIdArray is not null)
        {
            CompareIds(_homeIdArray.Pointer);
        }

        _moveCountBefore = _moveCount;
        float widest = _cap;
        int cut = 0;
        if (TSizes.HasLarge)
        {
            _large!.Begin();
        }

        for (int slot = 0; slot < Count; slot++)
        {
            if (TSizes.HasLarge && IsLarge(slot))
            {
                LeaveGrid(slot);
                _large!.Add(slot);
            }
            else if (!Settle(slot, -1))
            {
                float radius = MoveHome(slot, -1);
                if (radius > HomeRadiusOf(slot))
                {
                    widest = Math.Max(widest, radius);
                    cut++;
                }
            }
        }

        if (widest > _radiusLimit)
        {
            return false;
        }

        _fastest = widest * _axes.Unit / _half;
        AdaptLength(cut / (double)Count);
        _slabsOfLists++;
        return true;
    }

    // A large particle may have taken the slot of a small one.
    private void LeaveGrid(int slot)
    {
        _records.Remove(_placeOf[slot]);
        _placeOf[slot] = SphereRecords.None;
        _neighbors!.Clear(slot);
    }

    // Since the last slab particles may have come, gone, or taken the slots of those who have gone.
    private void CompareIds(int* ids)
    {
        for (int slot = Count; slot < _homeCount; slot++)
        {
            _records.Remove(_placeOf[slot]);
        }

        for (int slot = _homeCount; slot < Count; slot++)
        {
            _placeOf[slot] = SphereRecords.None;
        }

        for (int slot = 0; slot < Count; slot++)
        {
            if (slot >= _homeCount || ids[slot] != Ids[slot])
            {
                _homes[slot].RoomSquared = float.NaN;
                ids[slot] = Ids[slot];
            }
        }

        _homeCount = Count;
    }

    // All flights, when homes are new.
    private void BeginLists()
    {
        if (_neighbors is not null)
        {
            _homeCount = Count;
            if (_homeIdArray is not null)
            {
                new Span<int>(Ids, Count).CopyTo(new Span<int>(_homeIdArray.Pointer, Count));
            }

            _neighbors.Begin();
            for (int slot = 0; slot < Count; slot++)
            {
                if (!TSizes.HasLarge || !IsLarge(slot))
                {
                    Settle(slot, -1);
                }
            }
        }
    }

    // A particle's flight; and whether it stays at home from a moment on until the end of the slab. A straight flight is in a
    // sphere if both ends are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Settle(int slot, float low)
    {
        Particle* p = Particles + slot;
        Fly(p, out Vector256<double> position, out Vector256<double> velocity);
        Vector128<int> place = ToInt32((position - _fixed.Middles) * _fixed.Scales);
        Vector128<float> flight = ToSingle(velocity);
        if (_axes.IsPlanar)
        {
            place = Vector128.Shuffle(place, Vector128.Create(2, 0, 1, 3));
            flight = Vector128.Shuffle(flight, Vector128.Create(2, 0, 1, 3));
        }

        float squared = Vector128.Dot(flight, flight);
        bool isCut = squared > _flightSquaredMax;
        uint word = (isCut ? ListedFlight.IsCut : _fixed.WordOf(flight)) | ClassOf(p);
        place.WithElement(3, (int)word).Store(&_listedFlights[slot].X);
        Home* home = _homes + slot;
        Vector128<float> offset = Vector128.ConvertToSingle(place - Vector128.Load(&home->X)) * _fixed.Lengths;
        Vector256<float> ends = Vector256.Create(offset + flight * Vector128.Create(low), offset + flight);
        Vector256<float> squares = ends * ends;
        squares += Vector256.Shuffle(squares, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5));
        squares += Vector256.Shuffle(squares, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));
        return Vector256.LessThanOrEqualAll(squares, Vector256.Create(home->RoomSquared)) && !(isCut && squared > _radiusLimit * _radiusLimit);
    }

    private uint ClassOf(Particle* p) => typeof(TSizes) == typeof(EqualSpheres) ? 0 : _classes[p->Species];

    private ReadOnlySpan<float> ReachesOf(int slot) =>
        _reachesSquared.AsSpan(typeof(TSizes) == typeof(EqualSpheres) ? 0 : 2 * Particles[slot].Species, 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ToInt32(Vector256<double> numbers) =>
        Avx.IsSupported ? Avx.ConvertToVector128Int32(numbers) : Vector128.Create((int)numbers[0], (int)numbers[1], (int)numbers[2], 0);

    // The record of a flight that was not cut is the centre of a home; a cut one has none, its particle moves at every event.
    private void SetHome(int slot, int place)
    {
        _records.R[place] = HomeRadiusOf(slot);
        float room = _records.Slot[place] >= 0 ? _room : float.NaN;
        Vector128<float> centre = Vector128.Create(_records.X[place], _records.Y[place], _records.Z[place], 0);
        Vector128<int> numbers = Vector128.ConvertToInt32((centre - _fixed.GridMiddles) * _fixed.GridScales);
        numbers.WithElement(3, BitConverter.SingleToInt32Bits(room * room)).Store(&_homes[slot].X);
    }

    // A new home in the grid, and entries in the lists of all whose homes overlap with it. Returns the radius of the flight.
    private float MoveHome(int slot, float low)
    {
        _moveCount++;
        if (_members is not null)
        {
            _movedHomes.Add(slot);
        }

        SweptSphere sphere;
        Sweep(Particles + slot, &sphere);
        SweptSphere rest = RestOf(sphere, slot, low);
        if (rest.R <= HomeRadiusOf(slot))
        {
            rest.X = _axes.First.Inside(rest.X);
            rest.Y = _axes.Second.Inside(rest.Y);
            rest.Z = _axes.Third.Inside(rest.Z);
            rest.Cell = _axes.CellOf(rest);
            AddRecords(slot, &rest);
        }
        else
        {
            AddRecords(slot, &sphere);
        }

        _neighbors!.Clear(slot);
        for (int place = _placeOf[slot]; place >= 0; place = _records.Sibling[place])
        {
            SweptSphere home = default;
            (home.X, home.Y, home.Z, home.R) = (_records.X[place], _records.Y[place], _records.Z[place], _records.R[place]);
            SearchAround(slot, &home);
        }

        return sphere.R;
    }

    // The sphere around what is left of a flight from a moment on.
    private SweptSphere RestOf(SweptSphere sphere, int slot, float low)
    {
        float tau = 0.5f * (1 + low), radius = RadiusOf(slot);
        sphere.R = radius + (sphere.R - radius) * 0.5f * (1 - low);
        sphere.X += tau * sphere.U;
        sphere.Y += tau * sphere.V;
        sphere.Z += tau * sphere.W;
        return sphere;
    }

    // All pairs of the lists that meet in this slab.
    private void EnterListedPairs(int first, int end)
    {
        const int Together = 32; // contacts
        Vector256<float> low = -Vector256<float>.One;
        for (int slot = first; slot < end; slot++)
        {
            Looker looker = new(_listedFlights + slot, ReachesOf(slot));
            for (int* line = _neighbors!.First(slot); line != null; line = _neighbors.Next(line))
            {
                int ahead = NeighborLists.AheadCount(line);
                uint wanted = (1u << ahead) - 1;
                NoteMeeting(slot, line, looker, low, wanted & AllLanes);
                if (ahead > Lanes)
                {
                    NoteMeeting(slot, line + (Lanes - 1), looker, low, wanted >> (Lanes - 1) & (AllLanes - 1));
                }
            }

            if (_contactCount > Together)
            {
                EnterContacts(atStart: true);
            }
        }

        EnterContacts(atStart: true);
    }

    // What the particles of a list can meet from a moment on (tau in [-1, 1]) until the end of the slab.
    [SkipLocalsInit]
    private void SearchNeighbors(int slot, float low)
    {
        if (_isSeam)
        {
            CheckListed(slot);
        }

        Looker looker = new(_listedFlights + slot, ReachesOf(slot));
        Vector256<float> lowest = Vector256.Create(low);
        for (int* line = _neighbors!.First(slot); line != null; line = _neighbors.Next(line))
        {
            NoteMeeting(slot, line, looker, lowest, AllLanes);
            NoteMeeting(slot, line + (Lanes - 1), looker, lowest, AllLanes - 1);
        }
    }

    // Eight words of a list, of which some are wanted. Those without an entry name the particle itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteMeeting(int slot, int* others, in Looker own, Vector256<float> low, uint wanted)
    {
        byte* flights = (byte*)_listedFlights;
        Transpose(
            (int*)(flights + (uint)others[0]), (int*)(flights + (uint)others[1]), (int*)(flights + (uint)others[2]), (int*)(flights + (uint)others[3]),
            (int*)(flights + (uint)others[4]), (int*)(flights + (uint)others[5]), (int*)(flights + (uint)others[6]), (int*)(flights + (uint)others[7]),
            out Vector256<int> placeX, out Vector256<int> placeY, out Vector256<int> placeZ, out Vector256<int> words);
        Vector256<float> x = Vector256.ConvertToSingle(placeX - own.X) * Vector256.Create(_fixed.LookLengths[0]);
        Vector256<float> y = Vector256.ConvertToSingle(placeY - own.Y) * Vector256.Create(_fixed.LookLengths[1]);
        Vector256<float> z = Vector256.ConvertToSingle(placeZ - own.Z) * Vector256.Create(_fixed.LookLengths[2]);
        FixedPoint.Split(words, out Vector256<float> u, out Vector256<float> v, out Vector256<float> w);
        Vector256<float> reach = own.ReachSquared;
        if (typeof(TSizes) != typeof(EqualSpheres))
        {
            reach = Vector256.ConditionalSelect(Vector256.LessThan(words << 30, Vector256<int>.Zero).AsSingle(), own.ReachSquaredOfSmall, reach);
        }

        uint meets = MeetsAt(x, y, z, u - own.U, v - own.V, w - own.W, low, reach);
        uint cut = ((words | own.Words) << 31).ExtractMostSignificantBits(); // these meet for all that is known here
        meets = (meets | cut) & ~Vector256.Equals(Vector256.Load(others), Vector256.Create(slot << NeighborLists.EntryShift)).ExtractMostSignificantBits() & wanted;
        if (meets == 0)
        {
            return;
        }

        _areContactsCut |= (meets & cut) != 0;
        float* seen = _seenArray.Pointer;
        x.Store(seen);
        y.Store(seen + Lanes);
        z.Store(seen + 2 * Lanes);
        for (; meets != 0; meets &= meets - 1)
        {
            int k = BitOperations.TrailingZeroCount(meets);
            int other = others[k] >> NeighborLists.EntryShift;
            if (other < _homeCount)
            {
                NoteContact(slot, other, seen[k], seen[k + Lanes], seen[k + 2 * Lanes]); // else it has left the region
            }
        }
    }

    // Rows of four numbers from eight records become columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        int* s0,
        int* s1,
        int* s2,
        int* s3,
        int* s4,
        int* s5,
        int* s6,
        int* s7,
        out Vector256<int> first,
        out Vector256<int> second,
        out Vector256<int> third,
        out Vector256<int> fourth)
    {
        Vector256<int> r04 = Vector256.Create(Vector128.Load(s0), Vector128.Load(s4)), r15 = Vector256.Create(Vector128.Load(s1), Vector128.Load(s5));
        Vector256<int> r26 = Vector256.Create(Vector128.Load(s2), Vector128.Load(s6)), r37 = Vector256.Create(Vector128.Load(s3), Vector128.Load(s7));
        Vector256<int> low02 = UnpackLow(r04, r26), high02 = UnpackHigh(r04, r26); // x0 x2 y0 y2 | ...
        Vector256<int> low13 = UnpackLow(r15, r37), high13 = UnpackHigh(r15, r37);
        first = UnpackLow(low02, low13);
        second = UnpackHigh(low02, low13);
        third = UnpackLow(high02, high13);
        fourth = UnpackHigh(high02, high13);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> UnpackLow(Vector256<int> a, Vector256<int> b) =>
        Avx2.IsSupported ? Avx2.UnpackLow(a, b) : Vector256.Create(UnpackLow(a.GetLower(), b.GetLower()), UnpackLow(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> UnpackHigh(Vector256<int> a, Vector256<int> b) =>
        Avx2.IsSupported ? Avx2.UnpackHigh(a, b) : Vector256.Create(UnpackHigh(a.GetLower(), b.GetLower()), UnpackHigh(a.GetUpper(), b.GetUpper()));

    private static Vector128<int> UnpackLow(Vector128<int> a, Vector128<int> b) => Vector128.Create(a[0], b[0], a[1], b[1]);

    private static Vector128<int> UnpackHigh(Vector128<int> a, Vector128<int> b) => Vector128.Create(a[2], b[2], a[3], b[3]);

    /// <summary>The particle that looks for others, in all lanes.</summary>
    private readonly unsafe struct Looker
    {
        public readonly Vector256<int> X, Y, Z, Words;
        public readonly Vector256<float> U, V, W;

        /// <summary>Who comes as close as this meets it.</summary>
        public readonly Vector256<float> ReachSquared, ReachSquaredOfSmall;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Looker(ListedFlight* flight, ReadOnlySpan<float> reachesSquared)
        {
            (ReachSquared, ReachSquaredOfSmall) = (Vector256.Create(reachesSquared[0]), Vector256.Create(reachesSquared[1]));
            (X, Y, Z) = (Vector256.Create(flight->X), Vector256.Create(flight->Y), Vector256.Create(flight->Z));
            Words = Vector256.Create((int)flight->Word);
            FixedPoint.Split(Words, out U, out V, out W);
        }
    }

    /// <summary>Centre of a particle's home as fixed-point numbers, and the square of how far it may go; no number if its flight was cut.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16)] // read as four lanes
    private struct Home
    {
        public int X, Y, Z;
        public float RoomSquared;
    }
}
