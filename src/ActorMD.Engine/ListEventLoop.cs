using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Physics;

namespace ActorMD.Engine;

/// <summary>The event loop with neighbour lists: for dense gases of pairs in periodic or closed boxes.</summary>
/// <remarks>
/// Every particle has a shell of radius skin/2 around the place where its list was made, and the list holds all particles
/// whose shell centres are closer than contact distance + skin: as long as both stay in their shells nobody else can be met.
/// Leaving the shell is a renewal. In a dense gas that is ten times rarer than a collision, and a prediction looks at about
/// fifteen particles instead of the contents of 27 cells.
/// </remarks>
internal sealed unsafe class ListEventLoop<TSizes> : CalendarEventLoop
    where TSizes : struct, IContactDistances<TSizes>
{
    private const double ShellMargin = 1 - 1e-9;
    private const int StrideMin = 24;

    private readonly CellGrid _grid;
    private readonly CellGeometry _geometry;
    private readonly TSizes _sizes;
    private readonly TSizes _listRadii;
    private readonly NativeArray<double> _listTable;
    private readonly NativeArray<int> _listArray;
    private readonly NativeArray<int> _candidateArray;
    private readonly double _shellSquared;
    private readonly Vec3 _half;
    private int* _lists; // per slot: count, then entries
    private int* _candidates;
    private int _stride = StrideMin;

    /// <param name="gas">What is simulated; no zones, no open sides.</param>
    /// <param name="state">All particles.</param>
    /// <param name="geometry">At least three cells along each periodic axis, as wide as the largest contact distance + skin.</param>
    /// <param name="order">Id of the particle in each slot.</param>
    /// <param name="skin">How much a list exceeds the contact distance.</param>
    /// <param name="tally">Is continued.</param>
    /// <param name="counters">Are continued.</param>
    public ListEventLoop(
        Gas gas, SystemState state, CellGeometry geometry, int[] order, double skin, EventTally tally, EngineCounters counters)
        : base(gas, state, order, tally, counters)
    {
        _grid = new CellGrid(geometry);
        _geometry = geometry;
        _sizes = TSizes.Create(ContactsSquared, gas.Species.Length);
        _listTable = ContactTable.Create(gas);
        for (int k = 0; k < _listTable.Length; k++)
        {
            double radius = Math.Sqrt(_listTable.Pointer[k]) + skin;
            _listTable.Pointer[k] = radius * radius;
        }

        _listRadii = TSizes.Create(_listTable.Pointer, gas.Species.Length);
        double shell = 0.5 * skin * ShellMargin;
        _shellSquared = shell * shell;
        _half = new Vec3(HalfOf(0), HalfOf(1), HalfOf(2));
        _listArray = new NativeArray<int>(((long)Count * _stride) + CellGrid.BlockSize);
        _lists = _listArray.Pointer;
        _candidateArray = new NativeArray<int>(4096);
        _candidates = _candidateArray.Pointer;
        for (int slot = 0; slot < Count; slot++)
        {
            SetCentre(slot);
            _grid.Add(Next[slot].Cell, slot);
        }

        for (int slot = 0; slot < Count; slot++)
        {
            FillList(slot, higherOnly: true);
        }

        Start();
    }

    protected override long CandidateByteCount => _grid.ByteCount + _listArray.ByteCount;

    public override void Dispose()
    {
        base.Dispose();
        _grid.Dispose();
        _listTable.Dispose();
        _listArray.Dispose();
        _candidateArray.Dispose();
    }

    protected override void Predict(int slot)
    {
        Counters.PredictionCount++;
        NextEvent* next = Next + slot;
        int* list = _lists + (long)slot * _stride;
        Counters.CandidateCount += list[0];
        double contact = PairScan<TSizes, ListImages>.Earliest(
            Particles, slot, list + 1, list[0], _sizes, new ListImages(Next, slot, Gas.Box.Lengths, _half), Ids, out int partner);
        double time = SetContactOrBounce(slot, contact, partner);
        next->EventTime = time;
        next->RenewalTime = ShellExit(slot);
        next->Time = Math.Min(time, next->RenewalTime);
    }

    protected override void Renew(int slot)
    {
        int* list = _lists + (long)slot * _stride;
        for (int k = 1; k <= list[0]; k++)
        {
            RemoveFrom(list[k] & Candidate.SlotMask, slot);
        }

        list[0] = 0;
        int cell = Next[slot].Cell;
        SetCentre(slot);
        if (Next[slot].Cell != cell)
        {
            _grid.Remove(cell, slot);
            _grid.Add(Next[slot].Cell, slot);
        }

        FillList(slot, higherOnly: false);
        Predict(slot);
    }

    protected override void Moved(int slot, Int3 wrapped)
    {
        if (wrapped == Int3.Zero)
        {
            return;
        }

        // The centre stays in the frame of the position; who is seen in another image changes.
        NextEvent* next = Next + slot;
        next->CentreX -= Gas.Box.Lengths.X * wrapped.X;
        next->CentreY -= Gas.Box.Lengths.Y * wrapped.Y;
        next->CentreZ -= Gas.Box.Lengths.Z * wrapped.Z;
        int* list = _lists + (long)slot * _stride;
        for (int k = 1; k <= list[0]; k++)
        {
            int neighbour = list[k] & Candidate.SlotMask;
            int flag = IsShifted(slot, neighbour) ? Candidate.ShiftedFlag : 0;
            list[k] = neighbour | flag;
            int* other = _lists + (long)neighbour * _stride;
            other[PositionIn(other, slot)] = slot | flag;
        }
    }

    protected override void PrefetchCandidates(int slot)
    {
        int* list = _lists + (long)slot * _stride;
        int count = list[0];
        for (int k = 1; k <= count; k++)
        {
            Sse.Prefetch0(Particles + (list[k] & Candidate.SlotMask));
        }
    }

    private double HalfOf(int axis) => Gas.Box.IsPeriodic(axis) ? 0.5 * Gas.Box.Lengths[axis] : double.PositiveInfinity;

    // The shell is centred where the particle is now.
    private void SetCentre(int slot)
    {
        Particle* p = Particles + slot;
        NextEvent* next = Next + slot;
        double since = Now - p->Time;
        next->CentreX = p->X + p->VX * since;
        next->CentreY = p->Y + p->VY * since;
        next->CentreZ = p->Z + p->VZ * since;
        next->Cell = _geometry.Index(CellAlong(0, next->CentreX), CellAlong(1, next->CentreY), CellAlong(2, next->CentreZ));
    }

    private int CellAlong(int axis, double x) =>
        _geometry.IndexAlong(axis, _geometry.Periodic[axis] ? Box.Wrap(x, Gas.Box.Lengths[axis], out _) : x);

    // When the particle reaches the surface of its shell. Only the cache depends on it.
    private double ShellExit(int slot)
    {
        Particle* p = Particles + slot;
        NextEvent* next = Next + slot;
        double x = p->X - next->CentreX, y = p->Y - next->CentreY, z = p->Z - next->CentreZ;
        double outward = x * p->VX + y * p->VY + z * p->VZ;
        double speedSquared = p->VX * p->VX + p->VY * p->VY + p->VZ * p->VZ;
        double discriminant = outward * outward + speedSquared * (_shellSquared - (x * x + y * y + z * z));
        return speedSquared == 0
            ? double.PositiveInfinity
            : p->Time + (Math.Sqrt(Math.Max(discriminant, 0)) - outward) / speedSquared;
    }

    private bool IsShifted(int a, int b) =>
        !(Math.Abs(Next[b].CentreX - Next[a].CentreX) <= _half.X && Math.Abs(Next[b].CentreY - Next[a].CentreY) <= _half.Y
            && Math.Abs(Next[b].CentreZ - Next[a].CentreZ) <= _half.Z);

    private void RemoveFrom(int slot, int neighbour)
    {
        int* list = _lists + (long)slot * _stride;
        int position = PositionIn(list, neighbour);
        list[position] = list[list[0]];
        list[0]--;
    }

    private static int PositionIn(int* list, int slot)
    {
        Vector256<int> wanted = Vector256.Create(slot), mask = Vector256.Create(Candidate.SlotMask);
        for (int k = 1; k <= list[0]; k += Vector256<int>.Count)
        {
            uint found = Vector256.Equals(Vector256.Load(list + k) & mask, wanted).ExtractMostSignificantBits();
            if (found != 0)
            {
                return k + BitOperations.TrailingZeroCount(found);
            }
        }

        throw new InvalidOperationException($"slot {slot} is not in the neighbour list that should hold it");
    }

    private void Append(int slot, int entry)
    {
        int* list = _lists + (long)slot * _stride;
        if (list[0] + 4 >= _stride) // the scan pads to a multiple of four
        {
            WidenLists();
            list = _lists + (long)slot * _stride;
        }

        list[++list[0]] = entry;
    }

    private void WidenLists()
    {
        int stride = _stride + 8;
        _listArray.Grow(((long)Count * stride) + CellGrid.BlockSize);
        _lists = _listArray.Pointer;
        for (int slot = Count - 1; slot > 0; slot--)
        {
            Buffer.MemoryCopy(
                _lists + (long)slot * _stride, _lists + (long)slot * stride, _stride * sizeof(int), _stride * sizeof(int));
        }

        _stride = stride;
    }

    // Enters all particles whose centres are near enough into the slot's list, and the slot into theirs.
    private void FillList(int slot, bool higherOnly)
    {
        int count = CollectAround(Next[slot].Cell);
        if (!Avx2.IsSupported)
        {
            for (int k = 0; k < count; k++)
            {
                TryLink(slot, _candidates[k], higherOnly);
            }

            return;
        }

        for (int k = count; k < ((count + 3) & ~3); k++)
        {
            _candidates[k] = slot;
        }

        NextEvent* own = Next + slot;
        Vector256<double> ownX = Vector256.Create(own->CentreX), ownY = Vector256.Create(own->CentreY);
        Vector256<double> ownZ = Vector256.Create(own->CentreZ);
        Vector256<double> perBoxX = Vector256.Create(0.5 / _half.X), perBoxY = Vector256.Create(0.5 / _half.Y);
        Vector256<double> perBoxZ = Vector256.Create(0.5 / _half.Z);
        Vector256<double> lengthX = Vector256.Create(Gas.Box.Lengths.X), lengthY = Vector256.Create(Gas.Box.Lengths.Y);
        Vector256<double> lengthZ = Vector256.Create(Gas.Box.Lengths.Z);
        int species = Particles[slot].Species;
        for (int k = 0; k < count; k += 4)
        {
            int* four = _candidates + k;
            LoadCentres(
                Next + four[0], Next + four[1], Next + four[2], Next + four[3], out Vector256<double> x, out Vector256<double> y, out Vector256<double> z);
            x -= ownX;
            y -= ownY;
            z -= ownZ;
            Vector256<double> boxesX = Vector256.Round(x * perBoxX), boxesY = Vector256.Round(y * perBoxY);
            Vector256<double> boxesZ = Vector256.Round(z * perBoxZ);
            x -= boxesX * lengthX;
            y -= boxesY * lengthY;
            z -= boxesZ * lengthZ;
            uint near = Vector256.LessThan(x * x + y * y + z * z, ListRadii(species, four)).ExtractMostSignificantBits();
            if (near == 0)
            {
                continue;
            }

            Vector256<double> zero = Vector256<double>.Zero;
            uint unshifted = (Vector256.Equals(boxesX, zero) & Vector256.Equals(boxesY, zero) & Vector256.Equals(boxesZ, zero))
                .ExtractMostSignificantBits();
            for (; near != 0; near &= near - 1)
            {
                int lane = BitOperations.TrailingZeroCount(near);
                int candidate = four[lane];
                if (candidate == slot || (higherOnly && candidate < slot))
                {
                    continue;
                }

                int flag = (unshifted >> lane & 1) != 0 ? 0 : Candidate.ShiftedFlag;
                Append(slot, candidate | flag);
                Append(candidate, slot | flag);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> ListRadii(int species, int* four)
    {
        if (typeof(TSizes) == typeof(EqualSpheres))
        {
            return Vector256.Create(_listRadii.Squared(0, 0));
        }

        return Vector256.Create(
            _listRadii.Squared(species, Particles[four[0]].Species),
            _listRadii.Squared(species, Particles[four[1]].Species),
            _listRadii.Squared(species, Particles[four[2]].Species),
            _listRadii.Squared(species, Particles[four[3]].Species));
    }

    // The scalar twin of the loop in FillList.
    private void TryLink(int slot, int candidate, bool higherOnly)
    {
        if (candidate == slot || (higherOnly && candidate < slot))
        {
            return;
        }

        NextEvent* a = Next + slot;
        NextEvent* b = Next + candidate;
        Vec3 r = new(b->CentreX - a->CentreX, b->CentreY - a->CentreY, b->CentreZ - a->CentreZ);
        bool shifted = IsShifted(slot, candidate);
        if (shifted)
        {
            r = Gas.Box.NearestImage(r);
        }

        if (Vec3.Dot(r, r) < _listRadii.Squared(Particles[slot].Species, Particles[candidate].Species))
        {
            int flag = shifted ? Candidate.ShiftedFlag : 0;
            Append(slot, candidate | flag);
            Append(candidate, slot | flag);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadCentres(
        NextEvent* a,
        NextEvent* b,
        NextEvent* c,
        NextEvent* d,
        out Vector256<double> x,
        out Vector256<double> y,
        out Vector256<double> z)
    {
        Vector256<double> r0 = Vector256.Load(&a->CentreX), r1 = Vector256.Load(&b->CentreX);
        Vector256<double> r2 = Vector256.Load(&c->CentreX), r3 = Vector256.Load(&d->CentreX);
        Vector256<double> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1);
        Vector256<double> low23 = Avx.UnpackLow(r2, r3), high23 = Avx.UnpackHigh(r2, r3);
        x = Avx.Permute2x128(low01, low23, 0x20);
        y = Avx.Permute2x128(high01, high23, 0x20);
        z = Avx.Permute2x128(low01, low23, 0x31);
    }

    private int CollectAround(int cell)
    {
        int countY = _geometry.Count[1], countZ = _geometry.Count[2];
        int z = cell % countZ, y = cell / countZ % countY, x = cell / countZ / countY;
        int around = Gas.Dimension == 2 ? 0 : 1;
        bool inside = z >= around && z < countZ - around;
        int count = 0;
        for (int i = x - 1; i <= x + 1; i++)
        {
            if (!Wrapped(0, i, out int cx))
            {
                continue;
            }

            for (int j = y - 1; j <= y + 1; j++)
            {
                if (!Wrapped(1, j, out int cy))
                {
                    continue;
                }

                int row = (cx * countY + cy) * countZ;
                for (int k = z - around; k <= z + around; k++)
                {
                    int cz = k;
                    if (inside || Wrapped(2, k, out cz))
                    {
                        count = CopyCell(row + cz, count);
                    }
                }
            }
        }

        return count;
    }

    private bool Wrapped(int axis, int cell, out int wrapped)
    {
        int count = _geometry.Count[axis];
        wrapped = cell < 0 ? cell + count : cell >= count ? cell - count : cell;
        return wrapped == cell || _geometry.Periodic[axis];
    }

    private int CopyCell(int cell, int count)
    {
        int* block = _grid.Blocks + (long)cell * CellGrid.BlockSize;
        while (true)
        {
            if (count + 2 * CellGrid.BlockSize > _candidateArray.Length)
            {
                _candidateArray.Grow(2 * _candidateArray.Length);
                _candidates = _candidateArray.Pointer;
            }

            Vector256.Load(block + 1).Store(_candidates + count);
            count += CellGrid.CountOf(block[0]);
            int link = CellGrid.LinkOf(block[0]);
            if (link == 0)
            {
                return count;
            }

            block = _grid.Blocks + (long)link * CellGrid.BlockSize;
        }
    }

    /// <summary>Images by the nearest distance of shell centres, which is far below half a box.</summary>
    private readonly struct ListImages(NextEvent* next, int self, Vec3 lengths, Vec3 half) : IImageShifts
    {
        private readonly NextEvent* _next = next;
        private readonly int _self = self;
        private readonly Vec3 _lengths = lengths;
        private readonly Vec3 _half = half;

        public void Shift(int index, int entry, out double x, out double y, out double z)
        {
            NextEvent* a = _next + _self;
            NextEvent* b = _next + (entry & Candidate.SlotMask);
            x = Along(b->CentreX - a->CentreX, _half.X, _lengths.X);
            y = Along(b->CentreY - a->CentreY, _half.Y, _lengths.Y);
            z = Along(b->CentreZ - a->CentreZ, _half.Z, _lengths.Z);
        }

        public void AddFour(
            int index, Vector128<int> entries, ref Vector256<double> x, ref Vector256<double> y, ref Vector256<double> z)
        {
            NextEvent* a = _next + _self;
            Vector128<int> slots = entries & Vector128.Create(Candidate.SlotMask);
            LoadCentres(
                _next + slots[0], _next + slots[1], _next + slots[2], _next + slots[3], out Vector256<double> bx, out Vector256<double> by, out Vector256<double> bz);
            x -= Boxes(bx, a->CentreX, _half.X) * Vector256.Create(_lengths.X);
            y -= Boxes(by, a->CentreY, _half.Y) * Vector256.Create(_lengths.Y);
            z -= Boxes(bz, a->CentreZ, _half.Z) * Vector256.Create(_lengths.Z);
        }

        private static Vector256<double> Boxes(Vector256<double> b, double a, double half) =>
            Vector256.Round((b - Vector256.Create(a)) * Vector256.Create(0.5 / half));

        private static double Along(double distance, double half, double length) =>
            Math.Abs(distance) <= half ? 0 : -length * Math.Round(distance / length);
    }
}
