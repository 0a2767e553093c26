using System.Numerics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Calendar;

/// <summary>Cells with single-precision records: for gases so dilute that nearly every candidate misses, and for zones.</summary>
/// <remarks>
/// A crossing costs the same for a cell of one particle as for one of seven, so cells are larger and crossings fewer.
/// </remarks>
internal sealed unsafe class FilteredCellEventLoop<TSizes> : CellEventLoop<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    private const double SpeedMargin = 2;

    private readonly CellRecords _cells;
    private readonly CellFilter _filter;
    private readonly bool _filters;

    public FilteredCellEventLoop(
        Gas gas, ParticleStore store, double time, double epochLength, CellGeometry geometry, EventTally tally, EngineCounters counters)
        : base(gas, store, time, geometry, tally, counters)
    {
        _cells = new CellRecords(geometry);
        _filter = new CellFilter(gas.ReachMax, geometry.Width.Max(), epochLength, SpeedMargin * MaximumSpeed());
        _filters = _filter.IsUseful && !gas.Box.Has(Boundary.Open);
        PlaceAndStart();
    }

    protected override long CandidateByteCount => _cells.ByteCount;

    protected override int PrefetchCountMin => 50_000;

    public override void Dispose()
    {
        base.Dispose();
        _cells.Dispose();
    }

    protected override void AddToCell(int slot) => SetRecord(_cells.Add(CellOf(Next + slot), slot), slot, Now);

    protected override void RemoveFromCell(int slot) => _cells.Remove(CellOf(Next + slot), slot);

    protected override void RefreshInCell(int slot, Int3 wrapped)
    {
        NextEvent* next = Next + slot;
        next->BoxesX -= wrapped.X;
        next->BoxesY -= wrapped.Y;
        next->BoxesZ -= wrapped.Z;
        SetRecord(_cells.Find(CellOf(next), slot), slot, Particles[slot].Time);
    }

    protected override void PrefetchCells(int x0, int x1, int y0, int y1, int z0, int z1)
    {
        const int LineSize = 16;
        for (int x = x0; x <= x1; x++)
        {
            for (int y = y0; y <= y1; y++)
            {
                int* first = _cells.Blocks + (long)((x * CountY + y) * CountZ + z0) * CellRecords.BlockSize;
                int* end = first + (z1 - z0 + 1) * CellRecords.BlockSize;
                for (int* line = first; line < end; line += LineSize)
                {
                    Sse.Prefetch0(line);
                }
            }
        }
    }

    // Fills the buffer with the particles of a range of cells that the filter accepts. Every candidate has an image:
    // boxes to its cell + own boxes - its boxes.
    protected override void Collect(int slot, int x0, int x1, int y0, int y1, int z0, int z1)
    {
        NextEvent* own = Next + slot;
        Particle* p = Particles + slot;
        double since = Now - p->Time;
        float ownX = AxisX.FromCorner(p->X + p->VX * since, own->CellX, own->BoxesX);
        float ownY = AxisY.FromCorner(p->Y + p->VY * since, own->CellY, own->BoxesY);
        float ownZ = AxisZ.FromCorner(p->Z + p->VZ * since, own->CellZ, own->BoxesZ);
        CellFilter.Query query = new() { U = (float)p->VX, V = (float)p->VY, W = (float)p->VZ, Time = (float)Now };
        bool filters = _filters && !_filter.IsTooFast(SpeedSquared(p));
        int* blocks = _cells.Blocks;
        Collected = 0;
        for (int x = x0; x <= x1; x++)
        {
            int wrapX = BoxesTo(x, CountX);
            if (wrapX != 0 && !AxisX.IsPeriodic)
            {
                continue;
            }

            query.X = ownX - (x - own->CellX) * AxisX.Width;
            for (int y = y0; y <= y1; y++)
            {
                int wrapY = BoxesTo(y, CountY);
                if (wrapY != 0 && !AxisY.IsPeriodic)
                {
                    continue;
                }

                query.Y = ownY - (y - own->CellY) * AxisY.Width;
                int row = ((x - wrapX * CountX) * CountY + y - wrapY * CountY) * CountZ;
                for (int z = z0; z <= z1; z++)
                {
                    int wrapZ = BoxesTo(z, CountZ);
                    if (wrapZ != 0 && !AxisZ.IsPeriodic)
                    {
                        continue;
                    }

                    int* block = blocks + (long)(row + z - wrapZ * CountZ) * CellRecords.BlockSize;
                    if (block[0] == 0)
                    {
                        continue;
                    }

                    query.Z = ownZ - (z - own->CellZ) * AxisZ.Width;
                    while (true)
                    {
                        int header = block[0];
                        uint accepted = filters ? _filter.Accept((float*)block, &query) : uint.MaxValue;
                        accepted &= (2u << CellRecords.CountOf(header)) - 2;
                        if (accepted != 0)
                        {
                            Append(own, block, accepted, wrapX, wrapY, wrapZ);
                        }

                        if (CellRecords.LinkOf(header) == 0)
                        {
                            break;
                        }

                        block = blocks + (long)CellRecords.LinkOf(header) * CellRecords.BlockSize;
                    }
                }
            }
        }

        Counters.CandidateCount += Collected;
    }

    private void Append(NextEvent* own, int* block, uint lanes, int wrapX, int wrapY, int wrapZ)
    {
        Reserve(Collected, 2 * CellRecords.Row);
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int candidate = block[BitOperations.TrailingZeroCount(lanes)];
            NextEvent* other = Next + candidate;
            int x = wrapX + own->BoxesX - other->BoxesX;
            int y = wrapY + own->BoxesY - other->BoxesY;
            int z = wrapZ + own->BoxesZ - other->BoxesZ;
            Entries[Collected] = (x | y | z) != 0 ? candidate | Candidate.ShiftedFlag : candidate;
            Codes[Collected] = ImageCodes.Encode(x, y, z);
            Collected++;
        }
    }

    private double MaximumSpeed()
    {
        double fastest = 0;
        for (int slot = 0; slot < Count; slot++)
        {
            fastest = Math.Max(fastest, SpeedSquared(Particles + slot));
        }

        return Math.Sqrt(fastest);
    }

    private static double SpeedSquared(Particle* p) => p->VX * p->VX + p->VY * p->VY + p->VZ * p->VZ;

    // What the filter sees of a particle: where it is at a moment, from the corner of its cell, and its velocity.
    private void SetRecord(int* lane, int slot, double time)
    {
        Particle* p = Particles + slot;
        NextEvent* next = Next + slot;
        float* record = (float*)lane;
        double since = time - p->Time;
        record[CellRecords.Row] = AxisX.FromCorner(p->X + p->VX * since, next->CellX, next->BoxesX);
        record[2 * CellRecords.Row] = AxisY.FromCorner(p->Y + p->VY * since, next->CellY, next->BoxesY);
        record[3 * CellRecords.Row] = AxisZ.FromCorner(p->Z + p->VZ * since, next->CellZ, next->BoxesZ);
        record[4 * CellRecords.Row] = (float)time;
        record[5 * CellRecords.Row] = (float)p->VX;
        record[6 * CellRecords.Row] = (float)p->VY;
        record[7 * CellRecords.Row] = (float)p->VZ;
    }
}
