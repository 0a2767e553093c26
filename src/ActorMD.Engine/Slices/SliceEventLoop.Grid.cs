using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Engine.Slices.Lists;

namespace ActorMD.Engine.Slices;

// The grid of a slab: where every particle is, in single precision.
internal sealed unsafe partial class SliceEventLoop<TSizes>
{
    private const float Margin = 1.00001f; // on radii and speeds, for the rounding of single precision
    private const double PartsMax = 1 << 16; // of the fastest particle's flight

    // Slots are renumbered in the order of the cells now and then, so that neighbours in space stay neighbours in memory.
    private const int RenumberInterval = 8;
    private const int RenumberCountMin = 10_000;
    private const int Taken = -2; // no cell

    private int _slabCount;
    private int _renumberedAt;

    private void BeginSlab(double start)
    {
        if (!(_fastest > 0))
        {
            _end = double.PositiveInfinity; // nothing moves
            _queue.Begin(start, _end);
            return;
        }

        _half = HalfLength(start);
        _slabCount++;
        _areMembersOfHomes = false;
        _tupleCount = 0;
        _middle = start + _half;
        bool isNew = !AreListsGood || !KeepLists();
        if (isNew)
        {
            if (Recorder is null)
            {
                RenumberIfDue();
            }

            for (float widest = SortAll(); widest > _radiusLimit; widest = SortAll())
            {
                _half *= 0.5 * _radiusLimit / widest;
                _middle = start + _half;
            }
        }

        _end = start + 2 * _half;
        _queue.Begin(start, _end);
        _prefetched = -1;
        if (_neighbors is null)
        {
            EnterFlightPairs(0, _axes.PlaneCount);
            EnterPairsOfCutFlights();
        }
        else if (isNew)
        {
            EnterAllPairs();
        }

        if (TSizes.HasLarge)
        {
            (_frame!.Middle, _frame.Half) = (_middle, _half);
            if (_large!.EnterAll(_end, _radiusLimit) is var fast and >= 0)
            {
                throw TooFast(fast);
            }
        }

        if (_tuples is not null)
        {
            EnterAllTuples();
        }

        if (_neighbors is not null)
        {
            EnterListedPairs(0, Count);
        }

        if (HasWalls)
        {
            for (int slot = 0; slot < Count; slot++)
            {
                EnterBounce(slot);
            }
        }
    }

    // As planned, or so that the slabs up to the horizon are equally long: rather one a little too long than two.
    private double HalfLength(double start)
    {
        const double Excess = 1 + 1e-9, ShareMin = 1e-3, ShareMax = 1.3;
        double half = Math.Min(_halfWanted, PartsMax * _cap * _axes.Unit / _fastest), left = 0.5 * (Horizon - start);
        return left > 0 && left < double.PositiveInfinity
            ? Math.Max(Excess * left / Math.Ceiling(left / (ShareMax * half)), ShareMin * half)
            : half;
    }

    private float SortAll()
    {
        if (TSizes.HasLarge)
        {
            _large!.Begin();
        }

        return _neighbors is null ? SortFlights() : Sort();
    }

    // Counting sort of all records by cell. Returns the radius of the widest sphere.
    private float Sort()
    {
        int cells = _axes.CellCount;
        new Span<int>(_starts, cells + 2).Clear();
        float widest = CountSpheres(0, Count, _starts + 2, out int records, out int cut);
        _records.Begin(records);
        TakeNewLists(widest, cut);
        ReserveNear(records, 0);
        for (int cell = 2; cell < cells + 2; cell++)
        {
            _starts[cell] += _starts[cell - 1];
        }

        // Entering a record moves the start of the cell behind it; at the end every start stands where it belongs.
        EnterSpheres(0, Count, _starts + 1);
        BeginLists();
        return widest;
    }

    // What the spheres tell about the gas.
    private void TakeNewLists(float widest, int cut)
    {
        Take(widest, cut);
        (_slabsOfLists, _moveCount, _moveCountBefore, _hasSharedLists) = (1, 0, 0, false);
    }

    // The spheres of some slots, and how many records there will be in each cell.
    private float CountSpheres(int first, int end, int* counts, out int records, out int cut)
    {
        float widest = 0;
        int whole = 0, allParts = 0, large = 0;
        for (int slot = first; slot < end; slot++)
        {
            if (TSizes.HasLarge && IsLarge(slot))
            {
                large++;
                _large!.Add(slot);
                continue;
            }

            SweptSphere* sphere = _spheres + slot;
            Sweep(Particles + slot, sphere);
            if (sphere->R <= HomeRadiusOf(slot))
            {
                counts[sphere->Cell]++;
                whole++;
                continue;
            }

            widest = Math.Max(widest, sphere->R);
            int parts = PartsOf(sphere->R, slot);
            allParts += parts;
            for (int k = 0; k < parts; k++)
            {
                counts[PartOf(*sphere, slot, k, parts).Cell]++;
            }
        }

        (records, cut) = (whole + allParts, end - first - whole - large);
        return widest;
    }

    // Records of some slots; given where the next one of every cell goes.
    private void EnterSpheres(int first, int end, int* next)
    {
        for (int slot = first; slot < end; slot++)
        {
            if (TSizes.HasLarge && IsLarge(slot))
            {
                _placeOf[slot] = SphereRecords.None;
                continue;
            }

            SweptSphere* sphere = _spheres + slot;
            if (sphere->R <= HomeRadiusOf(slot))
            {
                int place = next[sphere->Cell]++;
                _records.Set(place, sphere, slot, false, SphereRecords.None);
                _placeOf[slot] = place;
                SetHome(slot, place);
            }
            else
            {
                int place = SphereRecords.None;
                int parts = PartsOf(sphere->R, slot);
                for (int k = 0; k < parts; k++)
                {
                    SweptSphere part = PartOf(*sphere, slot, k, parts);
                    int own = next[part.Cell]++;
                    _records.Set(own, &part, slot, true, place);
                    SetHome(slot, own);
                    place = own;
                }

                _placeOf[slot] = place;
            }
        }
    }

    // A gas may have become faster than it was when its slabs were planned: light particles that heavy ones have heated.
    private void AdaptLength(double cutShare)
    {
        const double CutShareMax = 0.1, CutShareMin = 0.03, Shrink = 0.9, Growth = 1.03;
        if (cutShare > CutShareMax)
        {
            _halfWanted *= Shrink;
        }
        else if (cutShare < CutShareMin)
        {
            _halfWanted = Math.Min(_halfPlanned, Growth * _halfWanted);
        }
    }

    // In the order of the last slab's cells. The spheres, which are made anew afterwards, serve as scratch memory.
    public override void RenumberIfDue()
    {
        if (_slabCount < _renumberedAt + RenumberInterval || Count < RenumberCountMin || (Recorder is not null && AreListsGood))
        {
            return;
        }

        _renumberedAt = _slabCount;
        int* order = _placeOf;
        if (_neighbors is null)
        {
            OrderFlights(order);
        }
        else
        {
            int count = 0;
            _slabsOfLists = 0; // their memory is that of the spheres, which say who has his place in the order
            for (int place = 0; place < _records.Count; place++)
            {
                TakeNext(_records.SlotAt(place), order, ref count);
            }

            for (int slot = 0; slot < Count; slot++)
            {
                TakeNext(slot, order, ref count); // who came into the region after the last slab
            }
        }

        Store.Permute(order, _neighbors is null ? _flights : _spheres, _team);
    }

    private void OrderFlights(int* order)
    {
        FlightRecords records = _flightRecords!;
        if (_team is null)
        {
            int count = records.Order(0, records.SortedCount, order);
            for (int slot = 0; slot < Count && TSizes.HasLarge; slot++)
            {
                if (IsLarge(slot))
                {
                    order[count++] = slot;
                }
            }

            return;
        }

        int[] counts = new int[_team.Count + 1];
        _team.Run(k => counts[k + 1] = records.CountFlights(_team.Share(records.SortedCount, k), _team.Share(records.SortedCount, k + 1)));
        for (int k = 1; k < counts.Length; k++)
        {
            counts[k] += counts[k - 1];
        }

        _team.Run(k => records.Order(_team.Share(records.SortedCount, k), _team.Share(records.SortedCount, k + 1), order + counts[k]));
    }

    private void TakeNext(int slot, int* order, ref int count)
    {
        if (slot < Count && _spheres[slot].Cell != Taken)
        {
            _spheres[slot].Cell = Taken;
            order[count++] = slot;
        }
    }

    // eps_a / 2, and the errors of single precision.
    private float RadiusOf(int slot) => _radii[Particles[slot].Species];

    private float HomeRadiusOf(int slot) => RadiusOf(slot) + _room;

    // How many parts of the flight are needed so that each fits into a home.
    private int PartsOf(float radius, int slot) =>
        radius <= HomeRadiusOf(slot) ? 1 : (int)Math.Ceiling((radius - RadiusOf(slot)) / _room);

    // A part of a flight as a record.
    private SweptSphere PartOf(in SweptSphere sphere, int slot, int number, int count)
    {
        if (count == 1)
        {
            return sphere;
        }

        SweptSphere part = sphere.Part(number, count, RadiusOf(slot));
        part.X = _axes.First.Inside(part.X);
        part.Y = _axes.Second.Inside(part.Y);
        part.Z = _axes.Third.Inside(part.Z);
        part.Cell = _axes.CellOf(part);
        return part;
    }

    // The place in the middle of the slab and the flight during half of it, in cells.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fly(Particle* p, out Vector256<double> position, out Vector256<double> flight)
    {
        Vector256<double> velocity = CoordinatesOf(&p->VX);
        position = CoordinatesOf(&p->X) + velocity * Vector256.Create(_middle - p->Time) - _origin;
        position = (position - Vector256.Floor(position * _perLength + _seam) * _lengths) * _perUnit;
        flight = velocity * (_half * _perUnit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ToSingle(Vector256<double> numbers) =>
        Avx.IsSupported ? Avx.ConvertToVector128Single(numbers) : Vector128.Narrow(numbers.GetLower(), numbers.GetUpper());

    // Where the particle is during the slab.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Sweep(Particle* p, SweptSphere* sphere)
    {
        Fly(p, out Vector256<double> position, out Vector256<double> velocity);
        Vector128<float> centre = ToSingle(position), flight = ToSingle(velocity);
        if (_axes.IsPlanar)
        {
            centre = Vector128.Shuffle(centre, Vector128.Create(2, 0, 1, 3));
            flight = Vector128.Shuffle(flight, Vector128.Create(2, 0, 1, 3));
        }

        float radius = MathF.Sqrt(Vector128.Dot(flight, flight)) * Margin + _radii[p->Species];
        Vector128<int> cells = Vector128.ConvertToInt32Native(centre * _axes.PerUnit);
        cells = Vector128.Max(Vector128.Min(cells, _axes.Last), Vector128<int>.Zero) * _axes.Strides;
        centre.WithElement(3, radius).Store(&sphere->X);
        flight.Store(&sphere->U);
        sphere->Cell = cells[0] + cells[1] + cells[2];
    }
}
