using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Calendar;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices.LargeSpecies;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Engine.Slices.Lists;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices;

/// <summary>The event loop in time slabs: all pairs that can meet within a short time are found at once, at its beginning.</summary>
/// <remarks>
/// Problem: between two collisions a particle of a dilute gas crosses many cells, and each crossing costs an entry in the
/// calendar and cache misses. Idea: time is cut into slabs in which a typical particle flies a fraction of a cell. At the start
/// of a slab all particles are sorted into cells by the middle of their flight (<see cref="LatticeFlight"/>), and all pairs of
/// adjacent cells are tested in 16-bit numbers, 32 at once, in the order of memory. The few that can meet get their exact
/// event time, and if it lies in the slab an entry in the queue. A collision searches the cells around its two particles once
/// more for what their new flights meet until the end of the slab. So no particle stores a next event, nothing is ever
/// predicted for a partner that has changed, and between two collisions all memory is read in order.
/// The records only reject: every event time is the exact one of the two states, wherever the slabs begin and end.
/// The flight of a particle that is too fast for the cells is cut into parts with a record each.
/// </remarks>
internal sealed unsafe partial class SliceEventLoop<TSizes> : SliceEventLoop
    where TSizes : struct, IContactDistances<TSizes>
{
    private const int PrefetchCountMin = 20_000, PrefetchCountMinWithLists = 50_000;
    private const float TestMargin = 1f / (1 << 18);
    private const float Tiny = 1e-30f; // no 0 / 0 for particles that fly alike

    private readonly TSizes _sizes;
    private readonly SliceGrid? _frame; // only if some species are large
    private readonly LargeSearch<TSizes>? _large;
    private readonly bool[] _isLarge; // by species
    private readonly GridAxes _axes;
    private SliceQueue _queue;
    private NeighborLists? _neighbors; // with it spheres, homes and listed flights, else flights on a lattice
    private SphereRecords? _sphereRecords;
    private readonly NativeArray<Home>? _homeArray;
    private readonly NativeArray<ListedFlight>? _listedFlightArray;
    private readonly NativeArray<int>? _homeIdArray; // whose homes they are, by slot; in regions, where particles come and go
    private readonly NativeArray<int> _placeArray;
    private readonly NativeArray<int> _startArray;
    private NativeArray<NearGroup> _nearArray = new(256);
    private NativeArray<NearGroup> _groupArray = new(256);
    private NativeArray<Contact> _contactArray = new(64);
    private NativeArray<float> _seenArray = new(3 * Lanes);
    private NativeArray<double> _timeArray = new(ContactsTogether);
    private readonly SweptSphere* _spheres; // by slot, in the memory of the lists: only until these are made
    private readonly Home* _homes; // by slot
    private readonly ListedFlight* _listedFlights; // by slot
    private readonly int* _placeOf; // first record, by slot
    private readonly int* _starts; // first sorted record, by cell
    private readonly float _cap; // records reach out of their cell by no more than this
    private readonly float _radiusMax;
    private readonly float[] _radii;
    private readonly float _error;
    private readonly float _reachOfOneImage;
    private readonly float _slopeMax; // who recedes faster meets nobody
    private readonly float _recession; // who recedes faster meets nobody; but may still be a member of a tuple
    private readonly double _perUnit;
    private readonly double _seenUnit; // of the numbers of a contact
    private readonly FixedPoint _fixed;
    private readonly float _room; // how far a particle may go from the centre of its home
    private readonly float _flightSquaredMax; // of listed flights that are not cut
    private readonly uint[] _classes; // ListedFlight.IsSmall or 0, by species
    private readonly float[] _reachesSquared; // of the large and of the small, by species
    private readonly Vector256<double> _lengths;
    private readonly Vector256<double> _perLength;
    private readonly Vector256<double> _origin; // lower corner of the grid
    private readonly Vector256<double> _seam; // half of what the grid leaves out of a periodic axis, in boxes
    private readonly float _radiusLimit; // no flight may reach across what is left out
    private readonly Vector256<long> _coordinates = Vector256.Create(-1, -1, -1, 0);
    private readonly double _halfPlanned;
    private readonly bool _prefetches;
    private NearGroup* _near;
    private int _prefetched; // buckets of the queue up to this one have prefetched what they can
    private int _contactCount;
    private bool _areContactsCut; // some of their flights are
    private double _halfWanted;
    private double _end;
    private double _middle;
    private double _half;
    private double _fastest;

    /// <param name="gas">What is simulated: no open sides.</param>
    /// <param name="store">The particles; goes over to the loop.</param>
    /// <param name="time">All events up to here are done.</param>
    /// <param name="plan">Cells and slabs.</param>
    /// <param name="tally">Is continued.</param>
    /// <param name="counters">Are continued.</param>
    /// <param name="settings">Threads that share slabs.</param>
    public SliceEventLoop(
        Gas gas, ParticleStore store, double time, SlicePlan plan, EventTally tally, EngineCounters counters, SearchSettings settings)
        : base(gas, store, time, tally, counters)
    {
        _sizes = TSizes.Create(ContactsSquared, gas.Species.Length);
        _axes = new GridAxes(gas.Box, plan.Grid);
        _cellsPerPlane = _axes.CellCount / _axes.PlaneCount;
        _perUnit = 1 / _axes.Unit;
        _queue = new SliceQueue(Ids, MembersOf);
        int capacity = store.Capacity;
        _placeArray = new NativeArray<int>(capacity);
        _startArray = new NativeArray<int>(_axes.CellCount + 2L);
        if (plan.KeepsNeighbors)
        {
            _neighbors = new NeighborLists(capacity);
            _sphereRecords = new SphereRecords(capacity, _axes.CellCount);
            _homeArray = new NativeArray<Home>(capacity);
            _homes = _homeArray.Pointer;
            _listedFlightArray = new NativeArray<ListedFlight>(capacity);
            _listedFlights = _listedFlightArray.Pointer;
            _homeIdArray = store.Owners is null ? null : new NativeArray<int>(capacity);
            _spheres = (SweptSphere*)_neighbors.Scratch;
        }
        else
        {
            _flightRecords = new FlightRecords(capacity, _axes.CellCount);
            _window = new FlightWindow();
            _cutArray = new NativeArray<int>(64);
            _flightArray = new NativeArray<LatticeFlight>(2L * capacity); // also half a particle per slot while slots are renumbered
            _flights = _flightArray.Pointer;
        }

        _placeOf = _placeArray.Pointer;
        _starts = _startArray.Pointer;
        _near = _nearArray.Pointer;
        Box box = gas.Box;
        _lengths = Vector256.Create(box.Lengths.X, box.Lengths.Y, box.Lengths.Z, 0);
        _perLength = Vector256.Create(PerLength(0), PerLength(1), PerLength(2), 0);
        if (!gas.Zones.IsEmpty)
        {
            _tuples = new TuplePredictor(gas, Particles, Ids, counters.Abort);
            _memberArray = new NativeArray<int>(64L * MemberStride);
            _entryArray = new NativeArray<int>(256);
            _codeArray = new NativeArray<long>(256);
            _pairArray = new NativeArray<Contact>(256);
            _pairStarts = new NativeArray<int>(capacity + 2L);
        }

        double narrowest = plan.Grid.Width.Take(gas.Dimension).Min();
        _cap = (float)(0.5 * narrowest * _perUnit);
        _error = (float)(LongestSide(box) * _perUnit / (1 << 20));
        _radiusMax = (float)(0.5 * plan.Split.Reach * _perUnit) * Margin + _error;
        _radii = [.. gas.Species.Select(s => (float)(0.5 * Math.Max(s.Diameter, ReachOfZones(gas)) * _perUnit) * Margin + _error)];
        float reach = 2 * _radiusMax;
        _prefetches = Sse.IsSupported && capacity >= (plan.KeepsNeighbors ? PrefetchCountMinWithLists : PrefetchCountMin);
        _reach = ReachInSteps(_axes, plan.Split.Reach);
        _flightMax = Vector128.Create(HalfCell) - ((_reach + Vector128<int>.One) >> 1);
        _meetSquared = reach + (RoundingSteps + 2f) / LatticeFlight.CellSteps;
        _meetSquared *= _meetSquared;
        _recession = gas.Zones.IsEmpty ? 0 : float.PositiveInfinity;
        _seenUnit = _axes.Unit;
        _room = _cap - _radiusMax;
        _flightSquaredMax = _room * _room / (Margin * Margin);
        float largeMin = 0.5f * (_radii.Min() + _radiusMax), small = _radii.Where(r => r < largeMin).DefaultIfEmpty(_radiusMax).Max();
        _classes = [.. _radii.Select(r => r < largeMin ? ListedFlight.IsSmall : 0)];
        _reachesSquared = [];
        if (_neighbors is not null)
        {
            _fixed = new FixedPoint(box, plan.Grid, _axes, _room / Margin);
            _reachesSquared = [.. _radii.SelectMany(r => new[] { _fixed.SquareOf(r + _radiusMax), _fixed.SquareOf(r + small) })];
            _slopeMax = _fixed.SlopeOf(4 * _error);
            _seenUnit = _fixed.LookUnit * _axes.Unit;
        }

        _reachOfOneImage = (float)(0.45 * ShortestSide(box) * _perUnit);
        _halfPlanned = 0.5 * (narrowest - plan.Split.Reach) / plan.Speed;
        _halfWanted = _halfPlanned;
        _fastest = plan.Speed;
        double gap = plan.NarrowestGap;
        _radiusLimit = (float)(0.25 * gap * _perUnit);
        _origin = Vector256.Create(plan.Grid.Origin[0], plan.Grid.Origin[1], plan.Grid.Origin[2], 0);
        _seam = Vector256.Create(SeamAlong(plan.Grid, 0), SeamAlong(plan.Grid, 1), SeamAlong(plan.Grid, 2), 0);
        _isLarge = plan.Split.IsLarge.ToArray();
        if (TSizes.HasLarge)
        {
            _frame = new SliceGrid(box, _axes, _origin, _seam);
            SmallSearch smallSearch = _neighbors is null ? new SmallFlightSearch(_axes, _flightRecords!, _starts) : new SmallSphereSearch(_records, _starts);
            _large = new LargeSearch<TSizes>(gas, plan.Split, store, _sizes, _frame, smallSearch, _queue, counters);
        }

        _renumberedAt = store.Owners is null ? 0 : -RenumberInterval; // regions begin in no order
        Restart(time);
        ShareSlabs(settings);
    }

    protected override long SearchByteCount =>
        (_sphereRecords?.ByteCount ?? 0) + (_neighbors?.ByteCount ?? 0) + (_homeArray?.ByteCount ?? 0) + (_listedFlightArray?.ByteCount ?? 0) + (_homeIdArray?.ByteCount ?? 0)
        + (_flightRecords?.ByteCount ?? 0) + (_window?.ByteCount ?? 0) + (_cutArray?.ByteCount ?? 0) + (_flightArray?.ByteCount ?? 0)
        + (_large?.ByteCount ?? 0) + _placeArray.ByteCount + _startArray.ByteCount + _queue.ByteCount + TupleByteCount + ShareByteCount;

    // Without lists of neighbours there are none.
    private SphereRecords _records => _sphereRecords!;

    public override bool Run(double until, ref long steps)
    {
        while (true)
        {
            if (_contactCount > 0)
            {
                EnterContacts(atStart: false);
            }

            SliceEvent* next = _queue.Peek();
            if (next == null)
            {
                if (_end > until)
                {
                    break;
                }

                if (steps <= 0)
                {
                    return false;
                }

                if (_team is not null && RunSharedSlab(until, ref steps))
                {
                    if (steps == 0)
                    {
                        return false;
                    }

                    continue;
                }

                steps = Math.Max(0, steps - 1 - Count / 4);
                BeginSlab(_end);
                continue;
            }

            if (next->Time > until)
            {
                break;
            }

            if (steps <= 0)
            {
                return false;
            }

            steps--;
            _queue.Pop();
            if (_prefetches && _prefetched != _queue.Bucket)
            {
                PrefetchAhead();
            }

            int slot = next->Slot, partner = next->Partner;
            if (partner >= 0)
            {
                if (Particles[slot].Stamp + Particles[partner].Stamp == next->Stamps)
                {
                    Collide(slot, partner, next->Time);
                }
            }
            else if (partner <= SliceQueue.FirstTuple)
            {
                SliceEvent tuple = *next;
                TakeTuple(&tuple);
            }
            else if (Particles[slot].Stamp == next->Stamps)
            {
                Bounce(slot, NextEvent.WallPartner - partner, next->Time);
            }

            if (steps == 0)
            {
                return false; // the caller wants to look before an epoch ends
            }
        }

        Now = Math.Max(Now, until);
        return true;
    }

    public override void Dispose()
    {
        base.Dispose();
        DisposeShares();
        DisposeOwn();
        _sphereRecords?.Dispose();
        _neighbors?.Dispose();
        _homeArray?.Dispose();
        _listedFlightArray?.Dispose();
        _homeIdArray?.Dispose();
        _flightRecords?.Dispose();
        _flightArray?.Dispose();
        DisposeTuples();
        _large?.Dispose();
        _placeArray.Dispose();
        _startArray.Dispose();
    }

    // What a thread that shares the slabs has for itself.
    private void DisposeOwn()
    {
        _queue.Dispose();
        _window?.Dispose();
        _cutArray?.Dispose();
        _pairs.Dispose();
        _nearArray.Dispose();
        _groupArray.Dispose();
        _contactArray.Dispose();
        _seenArray.Dispose();
        _timeArray.Dispose();
        _flightLog?.Dispose();
        _ended?.Dispose();
        _outbox?.Dispose();
    }

    public override void Restart(double time)
    {
        BeginAt(time);
        _end = time;
        _contactCount = 0;
        _queue.Abandon();
    }

    protected override void Moved(int slot, Int3 wrapped)
    {
        if (TSizes.HasLarge && IsLarge(slot))
        {
            _large!.Move(slot, TauOf(Now));
        }
        else if (_members is not null)
        {
            MoveInShare(slot);
        }
        else if (_neighbors is null)
        {
            MoveFlight(slot);
        }
        else
        {
            Resettle(slot);
        }
    }

    // With lists: a new flight, and a new home if it leads out of the old one.
    private void Resettle(int slot)
    {
        float now = TauOf(Now);
        if (!Settle(slot, now) && MoveHome(slot, now) > _radiusLimit)
        {
            throw TooFast(slot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsLarge(int slot) => _isLarge[Particles[slot].Species];

    private PhysicsViolationException TooFast(int slot) => new($"particle {Ids[slot]} is too fast for a part of the box");

    protected override void Reschedule(int slot)
    {
        if (_members is not null && !_isFar && IsFrozen(slot, Now))
        {
            return;
        }

        Counters.PredictionCount++;
        if (TSizes.HasLarge && IsLarge(slot))
        {
            _large!.SearchAround(slot, TauOf(Now));
        }
        else if (_neighbors is not null)
        {
            SearchNeighbors(slot, TauOf(Now));
        }
        else
        {
            SearchFlights(slot, TauOf(Now));
        }

        if (TSizes.HasLarge && !IsLarge(slot))
        {
            _large!.SearchFrom(slot, TauOf(Now));
        }

        EnterBounce(slot);
    }

    // The particle's flight does not fit into its old records any more: new ones, linked to the cells.
    private void AddRecords(int slot, SweptSphere* sphere)
    {
        if (_keepsHome)
        {
            _oldHomes.Add(_placeOf[slot]);
        }
        else
        {
            _records.Remove(_placeOf[slot]);
        }

        int place = SphereRecords.None, parts = PartsOf(sphere->R, slot);
        for (int k = 0; k < parts; k++)
        {
            SweptSphere part = PartOf(*sphere, slot, k, parts);
            place = _records.Add(&part, slot, parts > 1, place);
            SetHome(slot, place);
        }

        _placeOf[slot] = place;
        ReserveNear(_records.SortedCount, _records.Count - _records.SortedCount);
    }

    private void EnterBounce(int slot)
    {
        if (HasWalls)
        {
            double bounce = EarliestBounce(slot, out int axis);
            if (bounce < _end)
            {
                _queue.Enter(bounce, slot, NextEvent.WallPartner - axis, Particles[slot].Stamp);
            }
        }
    }

    // Three numbers and a zero: the fourth word of a particle's halves is no coordinate.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> CoordinatesOf(double* half) => (Vector256.Load(half).AsInt64() & _coordinates).AsDouble();

    private static double ReachOfZones(Gas gas) => gas.Zones.IsEmpty ? 0 : gas.Zones.Max(zone => zone.Reach);

    private double LongestSide(Box box) =>
        Math.Max(box.Lengths.X, Math.Max(box.Lengths.Y, Gas.Dimension == 3 ? box.Lengths.Z : 0));

    private double ShortestSide(Box box) =>
        Math.Min(box.Lengths.X, Math.Min(box.Lengths.Y, Gas.Dimension == 3 ? box.Lengths.Z : double.PositiveInfinity));

    private double SeamAlong(CellGeometry grid, int axis) =>
        Gas.Box.IsPeriodic(axis) && !grid.Periodic[axis] ? 0.5 - 0.5 * grid.Count[axis] * grid.Width[axis] / Gas.Box.Lengths[axis] : 0;

    private double PerLength(int axis) => Gas.Box.IsPeriodic(axis) ? 1 / Gas.Box.Lengths[axis] : 0;
}
