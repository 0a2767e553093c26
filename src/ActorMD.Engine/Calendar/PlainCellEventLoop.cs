using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Calendar;

/// <summary>Cells that hold slots only: for gases of moderate density and open space.</summary>
internal sealed unsafe class PlainCellEventLoop<TSizes> : CellEventLoop<TSizes>
    where TSizes : struct, IContactDistances<TSizes>
{
    private const int BufferMargin = 27 * CellGrid.BlockSize + 16;

    private readonly CellGrid _grid;
    private readonly LargeNeighborhoods? _large; // only if some species are large

    public PlainCellEventLoop(
        Gas gas, SizeSplit split, ParticleStore store, double time, CellGeometry geometry, EventTally tally, EngineCounters counters)
        : base(gas, store, time, geometry, tally, counters)
    {
        _grid = new CellGrid(geometry);
        _large = TSizes.HasLarge ? new LargeNeighborhoods(gas, split, geometry, _grid) : null;
        PlaceAndStart();
    }

    public override bool HasLargeSpecies => TSizes.HasLarge;

    protected override long CandidateByteCount => _grid.ByteCount + (_large?.ByteCount ?? 0);

    public override void Dispose()
    {
        base.Dispose();
        _grid.Dispose();
        _large?.Dispose();
    }

    protected override void AddToCell(int slot)
    {
        if (TSizes.HasLarge && _large!.IsLarge(Particles + slot))
        {
            _large.Enter(slot, Particles[slot].Kind, Next + slot);
        }
        else
        {
            _grid.Add(CellOf(Next + slot), Flagged(slot));
        }
    }

    protected override void RemoveFromCell(int slot)
    {
        if (TSizes.HasLarge && _large!.IsLarge(Particles + slot))
        {
            _large.Leave(slot, Particles[slot].Kind, Next + slot);
        }
        else
        {
            _grid.Remove(CellOf(Next + slot), slot);
        }
    }

    protected override void RefreshInCell(int slot, Int3 wrapped)
    {
        if (wrapped == Int3.Zero)
        {
            return;
        }

        NextEvent* next = Next + slot;
        RemoveFromCell(slot);
        next->BoxesX -= wrapped.X;
        next->BoxesY -= wrapped.Y;
        next->BoxesZ -= wrapped.Z;
        AddToCell(slot);
    }

    protected override void PrefetchCells(int x0, int x1, int y0, int y1, int z0, int z1)
    {
        for (int x = x0; x <= x1; x++)
        {
            for (int y = y0; y <= y1; y++)
            {
                int* block = _grid.Blocks + (long)((x * CountY + y) * CountZ + z0) * CellGrid.BlockSize;
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

    protected override void Collect(int slot, int x0, int x1, int y0, int y1, int z0, int z1)
    {
        if (!TSizes.HasLarge)
        {
            CollectSmall(slot, x0, x1, y0, y1, z0, z1);
        }
        else if (_large!.IsLarge(Particles + slot))
        {
            _large.CollectAround(slot, Particles, Next);
            Collected = 0;
            TakeLarge();
        }
        else
        {
            CollectSmall(slot, x0, x1, y0, y1, z0, z1);
            _large.CollectListed(CellOf(Next + slot), Next + slot, Particles, Next);
            TakeLarge();
        }
    }

    // What was collected with the help of large particles' cells.
    private void TakeLarge()
    {
        int count = _large!.Count;
        Reserve(Collected, count + BufferMargin);
        new ReadOnlySpan<int>(_large.Slots, count).CopyTo(new Span<int>(Entries + Collected, count));
        new ReadOnlySpan<long>(_large.Codes, count).CopyTo(new Span<long>(Codes + Collected, count));
        Collected += count;
        Counters.CandidateCount += count;
    }

    // Fills the buffer with the contents of a range of cells. Locals instead of fields keep the chain of copies in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CollectSmall(int slot, int x0, int x1, int y0, int y1, int z0, int z1)
    {
        NextEvent* next = Next + slot;
        bool shifted = (next->BoxesX | next->BoxesY | next->BoxesZ) != 0;
        if (x0 < 0 || y0 < 0 || z0 < 0 || x1 >= CountX || y1 >= CountY || z1 >= CountZ || shifted)
        {
            CollectAtEdge(slot, x0, x1, y0, y1, z0, z1);
            Counters.CandidateCount += Collected;
            return;
        }

        int* entries = Entries;
        int collected = 0;
        for (int x = x0; x <= x1; x++)
        {
            for (int y = y0; y <= y1; y++)
            {
                int* block = _grid.Blocks + (long)((x * CountY + y) * CountZ + z0) * CellGrid.BlockSize;
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
                        entries = Entries;
                    }
                }
            }
        }

        Collected = collected;
        Counters.CandidateCount += collected;
    }

    // The same where cells are seen across a face of the box, or where the particle itself left its box since its last event:
    // every entry then has an image, boxes to the cell + own boxes - the candidate's boxes.
    private void CollectAtEdge(int slot, int x0, int x1, int y0, int y1, int z0, int z1)
    {
        NextEvent* own = Next + slot;
        int* entries = Entries;
        long* codes = Codes;
        int collected = 0;
        for (int x = x0; x <= x1; x++)
        {
            int wrapX = BoxesTo(x, CountX);
            if (wrapX != 0 && !AxisX.IsPeriodic)
            {
                continue;
            }

            int boxesX = wrapX + own->BoxesX;
            for (int y = y0; y <= y1; y++)
            {
                int wrapY = BoxesTo(y, CountY);
                if (wrapY != 0 && !AxisY.IsPeriodic)
                {
                    continue;
                }

                int boxesY = wrapY + own->BoxesY;
                int row = ((x - wrapX * CountX) * CountY + y - wrapY * CountY) * CountZ;
                for (int z = z0; z <= z1; z++)
                {
                    int wrapZ = BoxesTo(z, CountZ);
                    if (wrapZ != 0 && !AxisZ.IsPeriodic)
                    {
                        continue;
                    }

                    int boxesZ = wrapZ + own->BoxesZ;
                    int* block = _grid.Blocks + (long)(row + z - wrapZ * CountZ) * CellGrid.BlockSize;
                    int header = block[0];
                    if (CellGrid.IsPlain(header))
                    {
                        int flag = (boxesX | boxesY | boxesZ) != 0 ? Candidate.ShiftedFlag : 0;
                        (Vector256.Load(block + 1) | Vector256.Create(flag)).Store(entries + collected);
                        Vector256<long> code = Vector256.Create(ImageCodes.Encode(boxesX, boxesY, boxesZ));
                        code.Store(codes + collected);
                        code.Store(codes + collected + Vector256<long>.Count);
                        collected += header;
                    }
                    else
                    {
                        collected = CopyEntries(block, collected, boxesX, boxesY, boxesZ);
                        entries = Entries;
                        codes = Codes;
                    }
                }
            }
        }

        Collected = collected;
    }

    // Entry by entry, for cells with particles in other images or with overflow blocks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int CopyEntries(int* block, int collected, int boxesX, int boxesY, int boxesZ)
    {
        while (true)
        {
            Reserve(collected, BufferMargin);
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

                Entries[collected] = (x | y | z) != 0 ? candidate | Candidate.ShiftedFlag : candidate;
                Codes[collected] = ImageCodes.Encode(x, y, z);
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

    private int Flagged(int slot)
    {
        NextEvent* next = Next + slot;
        return (next->BoxesX | next->BoxesY | next->BoxesZ) != 0 ? slot | Candidate.ShiftedFlag : slot;
    }
}
