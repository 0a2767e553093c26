using System.Runtime.CompilerServices;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Calendar;

/// <summary>The event loop with linked cells. What a cell holds is left to the derived classes.</summary>
/// <remarks>
/// Candidates of a particle are the contents of its own and the adjacent cells, which are wider than the reach. When it
/// crosses into another cell only the cells that become adjacent are new. Crossing times are computed from the state of the
/// last event, like all others, and change integers only.
/// </remarks>
internal abstract unsafe class CellEventLoop<TSizes> : CalendarEventLoop
    where TSizes : struct, IContactDistances<TSizes>
{
    private const int BoxesMax = (1 << 18) - 8;

    private readonly TSizes _sizes;
    private readonly TuplePredictor? _tuples;
    private readonly NativeArray<int> _entryArray;
    private readonly NativeArray<long> _codeArray;
    private readonly bool _planar;

    protected CellEventLoop(Gas gas, ParticleStore store, double time, CellGeometry geometry, EventTally tally, EngineCounters counters)
        : base(gas, store, time, tally, counters)
    {
        _sizes = TSizes.Create(Laws.Contacts, gas.Kinds.Length);
        _tuples = gas.Zones.IsEmpty ? null : new TuplePredictor(gas, Particles, Ids, counters.Abort);
        _planar = gas.Dimension == 2;
        Geometry = geometry;
        (CountX, CountY, CountZ) = (geometry.Count[0], geometry.Count[1], geometry.Count[2]);
        AxisX = new AxisCells(gas.Box, geometry, 0);
        AxisY = new AxisCells(gas.Box, geometry, 1);
        AxisZ = new AxisCells(gas.Box, geometry, 2);
        _entryArray = new NativeArray<int>(1024);
        _codeArray = new NativeArray<long>(1024);
        Entries = _entryArray.Pointer;
        Codes = _codeArray.Pointer;
    }

    protected CellGeometry Geometry { get; }

    protected int CountX { get; }

    protected int CountY { get; }

    protected int CountZ { get; }

    protected AxisCells AxisX { get; }

    protected AxisCells AxisY { get; }

    protected AxisCells AxisZ { get; }

    /// <summary>The candidates that <see cref="Collect"/> found.</summary>
    protected int* Entries { get; private set; }

    /// <summary>Images of the flagged candidates, see <see cref="ImageCodes"/>.</summary>
    protected long* Codes { get; private set; }

    /// <summary>Number of candidates.</summary>
    protected int Collected { get; set; }

    public override void Dispose()
    {
        base.Dispose();
        _entryArray.Dispose();
        _codeArray.Dispose();
    }

    /// <summary>Enters the particle into the cell of its record, where it is now.</summary>
    protected abstract void AddToCell(int slot);

    protected abstract void RemoveFromCell(int slot);

    /// <summary>The particle stays in its cell but has a new state; its record counts fewer boxes now.</summary>
    protected abstract void RefreshInCell(int slot, Int3 wrapped);

    /// <summary>Fills <see cref="Entries"/> with candidates from a range of cells, indices beyond the grid included.</summary>
    protected abstract void Collect(int slot, int x0, int x1, int y0, int y1, int z0, int z1);

    /// <summary>Loads what <see cref="Collect"/> will read into the cache; the range lies inside the grid.</summary>
    protected abstract void PrefetchCells(int x0, int x1, int y0, int y1, int z0, int z1);

    /// <summary>Puts all particles into cells and starts. Called once by the derived constructors.</summary>
    protected void PlaceAndStart()
    {
        for (int slot = 0; slot < Count; slot++)
        {
            Place(slot);
        }

        Start();
    }

    protected override void Predict(int slot)
    {
        Counters.PredictionCount++;
        NextEvent* next = Next + slot;
        CollectAround(slot);
        double time = SetContactOrBounce(slot, EarliestContact(slot, out int partner), partner);
        if (_tuples is not null)
        {
            double tuple = EarliestTuple(slot, time);
            if (tuple < double.PositiveInfinity)
            {
                time = tuple;
                SetTuple(slot, _tuples.Others);
            }
        }

        next->EventTime = time;
        next->Time = Math.Min(time, next->RenewalTime);
    }

    protected override void Renew(int slot)
    {
        NextEvent* next = Next + slot;
        int axis = next->CrossingAxis;
        int step = EnterNextCell(slot, axis);
        SetCrossing(slot);
        CollectAhead(slot, axis, step);
        if (_tuples is not null && Collected > 0)
        {
            // A tuple that can be found only now has a member in the new cells; its other members may be anywhere around.
            Predict(slot);
            return;
        }

        double time = EarliestContact(slot, out int partner);
        if (time < next->EventTime || (time == next->EventTime && partner >= 0 && ComesFirst(slot, partner)))
        {
            next->EventTime = time;
            next->Partner = partner;
            next->PartnerStamp = Particles[partner].Stamp;
        }

        next->Time = Math.Min(next->EventTime, next->RenewalTime);
    }

    protected override void Moved(int slot, Int3 wrapped)
    {
        RefreshInCell(slot, wrapped);
        SetCrossing(slot);
    }

    protected override void PrefetchCandidates(int slot)
    {
        NextEvent* next = Next + slot;
        int x = next->CellX, y = next->CellY, z = next->CellZ;
        if (x < 2 || y < 2 || z < 2 || x >= CountX - 2 || y >= CountY - 2 || z >= CountZ - 2)
        {
            return;
        }

        if (next->RenewalTime < next->EventTime)
        {
            int step = (&Particles[slot].VX)[next->CrossingAxis] > 0 ? 2 : -2;
            switch (next->CrossingAxis)
            {
                case 0:
                    PrefetchCells(x + step, x + step, y - 1, y + 1, z - 1, z + 1);
                    break;
                case 1:
                    PrefetchCells(x - 1, x + 1, y + step, y + step, z - 1, z + 1);
                    break;
                default:
                    PrefetchCells(x - 1, x + 1, y - 1, y + 1, z + step, z + step);
                    break;
            }
        }
        else
        {
            PrefetchCells(x - 1, x + 1, y - 1, y + 1, z - 1, z + 1);
        }
    }

    protected int CellOf(NextEvent* next) => (next->CellX * CountY + next->CellY) * CountZ + next->CellZ;

    protected static int BoxesTo(int cell, int count) => cell < 0 ? -1 : cell >= count ? 1 : 0;

    /// <summary>Makes room for so many candidates more.</summary>
    protected void Reserve(int collected, int more)
    {
        if (collected + more > _entryArray.Length)
        {
            _entryArray.Grow(Math.Max(2 * _entryArray.Length, collected + (long)more));
            _codeArray.Grow(Math.Max(2 * _codeArray.Length, collected + (long)more));
            Entries = _entryArray.Pointer;
            Codes = _codeArray.Pointer;
        }
    }

    // The cell of the present position, and how many boxes it lies away from where the last event happened.
    private void Place(int slot)
    {
        Particle* p = Particles + slot;
        NextEvent* next = Next + slot;
        for (int axis = 0; axis < 3; axis++)
        {
            double x = (&p->X)[axis] + (&p->VX)[axis] * (Now - p->Time);
            int boxes = 0;
            if (Geometry.Periodic[axis])
            {
                x = Box.Wrap(x, Gas.Box.Lengths[axis], out boxes);
            }

            (&next->CellX)[axis] = Geometry.IndexAlong(axis, x);
            (&next->BoxesX)[axis] = CheckedBoxes(boxes, slot);
        }

        AddToCell(slot);
        SetCrossing(slot);
    }

    private int CheckedBoxes(int boxes, int slot)
    {
        if (Math.Abs(boxes) > BoxesMax)
        {
            throw new PhysicsViolationException(
                $"particle {Ids[slot]} flew through more than {BoxesMax} boxes within one epoch: its speed is absurd for this box",
                Ids[slot]);
        }

        return boxes;
    }

    // When, and through which face, the particle leaves its cell.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetCrossing(int slot)
    {
        Particle* p = Particles + slot;
        NextEvent* next = Next + slot;
        double x = AxisX.TimeToFace(p->X, p->VX, next->CellX, next->BoxesX);
        double y = AxisY.TimeToFace(p->Y, p->VY, next->CellY, next->BoxesY);
        double z = AxisZ.TimeToFace(p->Z, p->VZ, next->CellZ, next->BoxesZ);
        next->CrossingAxis = x <= y && x <= z ? 0 : y <= z ? 1 : 2;
        next->RenewalTime = p->Time + Math.Min(Math.Min(x, y), z);
    }

    private int EnterNextCell(int slot, int axis)
    {
        NextEvent* next = Next + slot;
        RemoveFromCell(slot);
        int step = (&Particles[slot].VX)[axis] > 0 ? 1 : -1;
        int cell = (&next->CellX)[axis] + step;
        if (cell < 0)
        {
            cell = Geometry.Count[axis] - 1;
            (&next->BoxesX)[axis] = CheckedBoxes((&next->BoxesX)[axis] - 1, slot);
        }
        else if (cell == Geometry.Count[axis])
        {
            cell = 0;
            (&next->BoxesX)[axis] = CheckedBoxes((&next->BoxesX)[axis] + 1, slot);
        }

        (&next->CellX)[axis] = cell;
        AddToCell(slot);
        return step;
    }

    private double EarliestContact(int slot, out int partner)
    {
        if (Collected == 0)
        {
            partner = NextEvent.NoPartner;
            return double.PositiveInfinity;
        }

        return PairScan<TSizes, ImageCodes>.Earliest(
        Particles, slot, Entries, Collected, _sizes, new ImageCodes(Codes, Gas.Box.Lengths), Ids, out partner);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private double EarliestTuple(int slot, double horizon) =>
        _tuples!.Earliest(slot, Now, Entries, Collected, new ImageCodes(Codes, Gas.Box.Lengths), horizon);

    // Whether the pair (slot, partner) precedes the stored event of the slot, which has the same time.
    private bool ComesFirst(int slot, int partner)
    {
        int stored = Next[slot].Partner;
        return stored == NextEvent.NoPartner || stored == NextEvent.TuplePartner || (stored >= 0 && Ids[partner] < Ids[stored]);
    }

    private void CollectAround(int slot)
    {
        NextEvent* next = Next + slot;
        int x = next->CellX, y = next->CellY, z = next->CellZ;
        if (_planar)
        {
            Collect(slot, x - 1, x + 1, y - 1, y + 1, 0, 0);
        }
        else
        {
            Collect(slot, x - 1, x + 1, y - 1, y + 1, z - 1, z + 1);
        }
    }

    // Only the cells that become adjacent by a step along an axis.
    private void CollectAhead(int slot, int axis, int step)
    {
        NextEvent* next = Next + slot;
        int x = next->CellX, y = next->CellY, z = next->CellZ;
        int around = _planar ? 0 : 1;
        switch (axis)
        {
            case 0:
                Collect(slot, x + step, x + step, y - 1, y + 1, z - around, z + around);
                break;
            case 1:
                Collect(slot, x - 1, x + 1, y + step, y + step, z - around, z + around);
                break;
            default:
                Collect(slot, x - 1, x + 1, y - 1, y + 1, z + step, z + step);
                break;
        }
    }

    /// <summary>The cells along one axis.</summary>
    protected readonly struct AxisCells(Box box, CellGeometry geometry, int axis)
    {
        private readonly double _origin = geometry.Origin[axis];
        private readonly double _width = geometry.Width[axis];
        private readonly double _length = box.Lengths[axis];
        private readonly bool _periodic = geometry.Periodic[axis];
        private readonly int _count = geometry.Count[axis];

        public bool IsPeriodic => _periodic;

        public float Width => (float)_width;

        /// <summary>Distance from the corner of a cell, of a coordinate in the frame of the last event.</summary>
        public float FromCorner(double x, int cell, int boxes) => (float)(x - boxes * _length - (_origin + cell * _width));

        /// <summary>From the last event to the moment at which the particle leaves the cell along this axis.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public double TimeToFace(double x, double velocity, int cell, int boxes)
        {
            int face = cell + (velocity > 0 ? 1 : 0);
            if (velocity == 0 || (!_periodic && (face == 0 || face == _count)))
            {
                return double.PositiveInfinity;
            }

            return (_origin + face * _width + boxes * _length - x) / velocity;
        }
    }
}
