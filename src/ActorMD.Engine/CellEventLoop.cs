using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>The event loop with linked cells: for dilute gases, zones and open space.</summary>
/// <remarks>
/// Candidates of a particle are the contents of its own and the adjacent cells, which are wider than the reach. When it
/// crosses into another cell only the cells that become adjacent are new. Crossing times are computed from the state of the
/// last event, like all others, and change integers only.
/// </remarks>
internal sealed unsafe class CellEventLoop<TSizes> : EventLoop
    where TSizes : struct, IContactDistances<TSizes>
{
    private const int BufferMargin = 27 * CellGrid.BlockSize + 16;
    private const int BoxesMax = (1 << 18) - 8;

    private readonly CellGrid _grid;
    private readonly TSizes _sizes;
    private readonly TuplePredictor? _tuples;
    private readonly NativeArray<int> _entryArray;
    private readonly NativeArray<long> _codeArray;
    private readonly int _countX;
    private readonly int _countY;
    private readonly int _countZ;
    private readonly bool _planar;
    private readonly AxisCells _axisX;
    private readonly AxisCells _axisY;
    private readonly AxisCells _axisZ;
    private int* _entries;
    private long* _codes;
    private int _collected;

    public CellEventLoop(Gas gas, SystemState state, CellGrid grid, int[] order, EventTally tally, EngineCounters counters)
        : base(gas, state, order, tally, counters)
    {
        _grid = grid;
        _sizes = TSizes.Create(ContactsSquared, gas.Species.Length);
        _tuples = gas.Zones.IsEmpty ? null : new TuplePredictor(gas, Particles, Ids);
        (_countX, _countY, _countZ) = (grid.Count[0], grid.Count[1], grid.Count[2]);
        _planar = gas.Dimension == 2;
        (_axisX, _axisY, _axisZ) = (new AxisCells(gas.Box, grid, 0), new AxisCells(gas.Box, grid, 1), new AxisCells(gas.Box, grid, 2));
        _entryArray = new NativeArray<int>(1024);
        _codeArray = new NativeArray<long>(1024);
        _entries = _entryArray.Pointer;
        _codes = _codeArray.Pointer;
        for (int slot = 0; slot < Count; slot++)
        {
            Place(slot);
        }

        Start();
    }

    protected override long SearchByteCount => _grid.ByteCount;

    public override void Dispose()
    {
        base.Dispose();
        _grid.Dispose();
        _entryArray.Dispose();
        _codeArray.Dispose();
    }

    protected override void Predict(int slot)
    {
        Counters.PredictionCount++;
        NextEvent* next = Next + slot;
        CollectAround(slot);
        double time = EarliestContact(slot, out int partner);
        next->Partner = partner;
        next->PartnerStamp = partner >= 0 ? Particles[partner].Stamp : 0;
        double bounce = EarliestBounce(slot, out int axis);
        if (bounce <= time && bounce < double.PositiveInfinity)
        {
            time = bounce;
            next->Partner = NextEvent.WallPartner - axis;
        }

        if (_tuples is not null)
        {
            double tuple = EarliestTuple(slot, Math.Min(time, next->RenewalTime));
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
        if (_tuples is not null)
        {
            Predict(slot); // tuples are known only up to the crossing
            return;
        }

        CollectAhead(slot, axis, step);
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
        if (wrapped != Int3.Zero)
        {
            NextEvent* next = Next + slot;
            int cell = CellOf(next);
            _grid.Remove(cell, slot);
            next->BoxesX -= wrapped.X;
            next->BoxesY -= wrapped.Y;
            next->BoxesZ -= wrapped.Z;
            _grid.Add(cell, Flagged(slot));
        }

        SetCrossing(slot);
    }

    protected override void PrefetchCandidates(int slot)
    {
        NextEvent* next = Next + slot;
        int x = next->CellX, y = next->CellY, z = next->CellZ;
        if (x < 2 || y < 2 || z < 2 || x >= _countX - 2 || y >= _countY - 2 || z >= _countZ - 2)
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

    private void PrefetchCells(int x0, int x1, int y0, int y1, int z0, int z1)
    {
        for (int x = x0; x <= x1; x++)
        {
            for (int y = y0; y <= y1; y++)
            {
                int* block = _grid.Blocks + (long)_grid.Index(x, y, z0) * CellGrid.BlockSize;
                for (int z = z0; z <= z1; z++, block += CellGrid.BlockSize)
                {
                    int used = CellGrid.CountOf(block[0]);
                    for (int m = 1; m <= used; m++)
                    {
                        Sse.Prefetch0(Particles + (block[m] & Candidate.SlotMask));
                    }
                }
            }
        }
    }

    private int CellOf(NextEvent* next) => _grid.Index(next->CellX, next->CellY, next->CellZ);

    private int Flagged(int slot)
    {
        NextEvent* next = Next + slot;
        return (next->BoxesX | next->BoxesY | next->BoxesZ) != 0 ? slot | Candidate.ShiftedFlag : slot;
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
            if (_grid.Periodic[axis])
            {
                x = Box.Wrap(x, Gas.Box.Lengths[axis], out boxes);
            }

            (&next->CellX)[axis] = _grid.IndexAlong(axis, x);
            (&next->BoxesX)[axis] = CheckedBoxes(boxes, slot);
        }

        _grid.Add(CellOf(next), Flagged(slot));
        SetCrossing(slot);
    }

    private int CheckedBoxes(int boxes, int slot)
    {
        if (Math.Abs(boxes) > BoxesMax)
        {
            throw new PhysicsViolationException(
                $"particle {Ids[slot]} flew through more than {BoxesMax} boxes within one epoch: its speed is absurd for this box");
        }

        return boxes;
    }

    // When, and through which face, the particle leaves its cell.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetCrossing(int slot)
    {
        Particle* p = Particles + slot;
        NextEvent* next = Next + slot;
        double x = _axisX.TimeToFace(p->X, p->VX, next->CellX, next->BoxesX);
        double y = _axisY.TimeToFace(p->Y, p->VY, next->CellY, next->BoxesY);
        double z = _axisZ.TimeToFace(p->Z, p->VZ, next->CellZ, next->BoxesZ);
        next->CrossingAxis = x <= y && x <= z ? 0 : y <= z ? 1 : 2;
        next->RenewalTime = p->Time + Math.Min(Math.Min(x, y), z);
    }

    private int EnterNextCell(int slot, int axis)
    {
        NextEvent* next = Next + slot;
        _grid.Remove(CellOf(next), slot);
        int step = (&Particles[slot].VX)[axis] > 0 ? 1 : -1;
        int cell = (&next->CellX)[axis] + step;
        if (cell < 0)
        {
            cell = _grid.Count[axis] - 1;
            (&next->BoxesX)[axis] = CheckedBoxes((&next->BoxesX)[axis] - 1, slot);
        }
        else if (cell == _grid.Count[axis])
        {
            cell = 0;
            (&next->BoxesX)[axis] = CheckedBoxes((&next->BoxesX)[axis] + 1, slot);
        }

        (&next->CellX)[axis] = cell;
        _grid.Add(CellOf(next), Flagged(slot));
        return step;
    }

    private double EarliestContact(int slot, out int partner) => PairScan<TSizes, CellImages>.Earliest(
        Particles, slot, _entries, _collected, _sizes, new CellImages(_codes, Gas.Box.Lengths), Ids, out partner);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private double EarliestTuple(int slot, double horizon) =>
        _tuples!.Earliest(slot, Now, _entries, _collected, new CellImages(_codes, Gas.Box.Lengths), horizon);

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

    // Fills the buffer with the contents of a range of cells. Locals instead of fields keep the chain of copies in registers.
    private void Collect(int slot, int x0, int x1, int y0, int y1, int z0, int z1)
    {
        NextEvent* next = Next + slot;
        bool shifted = (next->BoxesX | next->BoxesY | next->BoxesZ) != 0;
        if (x0 < 0 || y0 < 0 || z0 < 0 || x1 >= _countX || y1 >= _countY || z1 >= _countZ || shifted)
        {
            CollectAtEdge(slot, x0, x1, y0, y1, z0, z1);
            Counters.CandidateCount += _collected;
            return;
        }

        int* entries = _entries;
        int collected = 0;
        for (int x = x0; x <= x1; x++)
        {
            for (int y = y0; y <= y1; y++)
            {
                int* block = _grid.Blocks + (long)((x * _countY + y) * _countZ + z0) * CellGrid.BlockSize;
                for (int z = z0; z <= z1; z++, block += CellGrid.BlockSize)
                {
                    int header = block[0];
                    if (CellGrid.IsPlain(header))
                    {
                        Vector256.Load(block + 1).Store(entries + collected);
                        collected += header;
                    }
                    else
                    {
                        collected = CopyEntries(block, collected, 0, 0, 0);
                        entries = _entries;
                    }
                }
            }
        }

        _collected = collected;
        Counters.CandidateCount += collected;
    }

    // The same where cells are seen across a face of the box, or where the particle itself left its box since its last event:
    // every entry then has an image, boxes to the cell + own boxes - the candidate's boxes.
    private void CollectAtEdge(int slot, int x0, int x1, int y0, int y1, int z0, int z1)
    {
        NextEvent* own = Next + slot;
        int* entries = _entries;
        long* codes = _codes;
        int collected = 0;
        for (int x = x0; x <= x1; x++)
        {
            int wrapX = BoxesTo(x, _countX);
            if (wrapX != 0 && !_axisX.IsPeriodic)
            {
                continue;
            }

            int boxesX = wrapX + own->BoxesX;
            for (int y = y0; y <= y1; y++)
            {
                int wrapY = BoxesTo(y, _countY);
                if (wrapY != 0 && !_axisY.IsPeriodic)
                {
                    continue;
                }

                int boxesY = wrapY + own->BoxesY;
                int row = ((x - wrapX * _countX) * _countY + y - wrapY * _countY) * _countZ;
                for (int z = z0; z <= z1; z++)
                {
                    int wrapZ = BoxesTo(z, _countZ);
                    if (wrapZ != 0 && !_axisZ.IsPeriodic)
                    {
                        continue;
                    }

                    int boxesZ = wrapZ + own->BoxesZ;
                    int* block = _grid.Blocks + (long)(row + z - wrapZ * _countZ) * CellGrid.BlockSize;
                    int header = block[0];
                    if (CellGrid.IsPlain(header))
                    {
                        int flag = (boxesX | boxesY | boxesZ) != 0 ? Candidate.ShiftedFlag : 0;
                        (Vector256.Load(block + 1) | Vector256.Create(flag)).Store(entries + collected);
                        Vector256<long> code = Vector256.Create(CellImages.Encode(boxesX, boxesY, boxesZ));
                        code.Store(codes + collected);
                        code.Store(codes + collected + Vector256<long>.Count);
                        collected += header;
                    }
                    else
                    {
                        collected = CopyEntries(block, collected, boxesX, boxesY, boxesZ);
                        entries = _entries;
                        codes = _codes;
                    }
                }
            }
        }

        _collected = collected;
    }

    private static int BoxesTo(int cell, int count) => cell < 0 ? -1 : cell >= count ? 1 : 0;

    // Entry by entry, for cells with particles in other images or with overflow blocks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int CopyEntries(int* block, int collected, int boxesX, int boxesY, int boxesZ)
    {
        while (true)
        {
            if (collected + BufferMargin > _entryArray.Length)
            {
                GrowBuffers();
            }

            int used = CellGrid.CountOf(block[0]);
            for (int k = 1; k <= used; k++)
            {
                int candidate = block[k] & Candidate.SlotMask;
                int x = boxesX, y = boxesY, z = boxesZ;
                if (block[k] < 0)
                {
                    NextEvent* other = Next + candidate;
                    x -= other->BoxesX;
                    y -= other->BoxesY;
                    z -= other->BoxesZ;
                }

                _entries[collected] = (x | y | z) != 0 ? candidate | Candidate.ShiftedFlag : candidate;
                _codes[collected] = CellImages.Encode(x, y, z);
                collected++;
            }

            int link = CellGrid.LinkOf(block[0]);
            if (link == 0)
            {
                return collected;
            }

            block = _grid.Blocks + (long)link * CellGrid.BlockSize;
        }
    }

    private void GrowBuffers()
    {
        _entryArray.Grow(2 * _entryArray.Length);
        _codeArray.Grow(2 * _codeArray.Length);
        _entries = _entryArray.Pointer;
        _codes = _codeArray.Pointer;
    }

    /// <summary>The cells along one axis.</summary>
    private readonly struct AxisCells(Box box, CellGrid grid, int axis)
    {
        private readonly double _origin = grid.Origin[axis];
        private readonly double _width = grid.Width[axis];
        private readonly double _length = box.Lengths[axis];
        private readonly bool _periodic = grid.Periodic[axis];
        private readonly int _count = grid.Count[axis];

        public bool IsPeriodic => _periodic;

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

    /// <summary>Images of candidates as three 21-bit integers each, biased so that they are positive.</summary>
    private readonly struct CellImages(long* codes, Vec3 lengths) : IImageShifts, IImageCounts
    {
        private const int Bits = 21;
        private const int Bias = 1 << (Bits - 1);
        private const long Mask = (1L << Bits) - 1;
        private const long NoShift = Bias | (long)Bias << Bits | (long)Bias << (2 * Bits);
        private const double TwoTo52 = 1L << 52;

        private readonly long* _codes = codes;
        private readonly Vec3 _lengths = lengths;

        public static long Encode(int x, int y, int z) =>
            (long)(x + Bias) | (long)(y + Bias) << Bits | (long)(z + Bias) << (2 * Bits);

        public void Shift(int index, int entry, out double x, out double y, out double z)
        {
            Int3 boxes = Boxes(index, entry);
            x = boxes.X * _lengths.X;
            y = boxes.Y * _lengths.Y;
            z = boxes.Z * _lengths.Z;
        }

        public void AddFour(
            int index, Vector128<int> entries, ref Vector256<double> x, ref Vector256<double> y, ref Vector256<double> z)
        {
            Vector256<long> flagged = Avx2.ConvertToVector256Int64(Vector128.ShiftRightArithmetic(entries, 31));
            Vector256<long> codes = Vector256.ConditionalSelect(flagged, Vector256.Load(_codes + index), Vector256.Create(NoShift));
            x += Count(codes) * Vector256.Create(_lengths.X);
            y += Count(Vector256.ShiftRightLogical(codes, Bits)) * Vector256.Create(_lengths.Y);
            z += Count(Vector256.ShiftRightLogical(codes, 2 * Bits)) * Vector256.Create(_lengths.Z);
        }

        public Int3 Boxes(int index, int entry)
        {
            long code = _codes[index];
            return new Int3(Field(code, 0), Field(code, 1), Field(code, 2));
        }

        private static int Field(long code, int axis) => (int)(code >> (Bits * axis) & Mask) - Bias;

        // Integers below 2^52 become doubles by way of the bit pattern of 2^52.
        private static Vector256<double> Count(Vector256<long> codes)
        {
            Vector256<long> bits = (codes & Vector256.Create(Mask)) | Vector256.Create(BitConverter.DoubleToInt64Bits(TwoTo52));
            return bits.AsDouble() - Vector256.Create(TwoTo52 + Bias);
        }
    }
}
