using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Calendar;

/// <summary>
/// The large particles (<see cref="SizeSplit"/>) among linked cells that are made for the small ones: each knows the cells around it in
/// which a small particle can touch it, and each of these cells lists it.
/// </summary>
/// <remarks>
/// The cells around a large particle depend on its own cell only, so that they change when it crosses into another one, as with small
/// particles. Whatever the two do, before they touch either the small one has entered a cell that lists the large one, or the large
/// one has moved so that it does: at that moment the pair is looked at. Outermost cells of open sides reach to infinity; differences of
/// cells there are only smaller than those of positions, and the cells around are all within a convex shape.
/// </remarks>
internal sealed unsafe class LargeNeighborhoods : IDisposable
{
    private const double ReachMargin = 1 + 1e-6;

    private readonly SizeSplit _split;
    private readonly CellGeometry _cells;
    private readonly CellGrid _small;
    private readonly CellGrid _lists; // of large particles, by cell
    private readonly int[][] _halfRows; // by kind: how far the cells around go along z, by x and y
    private readonly int[] _rangesX, _rangesY, _rangesZ; // by kind
    private readonly double[] _radii; // by kind
    private readonly List<int> _slots = [];
    private readonly NativeArray<CellAround> _around = new(256);
    private readonly NativeArray<int> _slotArray = new(256);
    private readonly NativeArray<long> _codeArray = new(256);
    private int _aroundCount;

    /// <param name="gas">Sizes.</param>
    /// <param name="split">Which are large.</param>
    /// <param name="cells">The cells.</param>
    /// <param name="small">The small particles in them.</param>
    public LargeNeighborhoods(Gas gas, SizeSplit split, CellGeometry cells, CellGrid small)
    {
        (_split, _cells, _small, _lists) = (split, cells, small, new CellGrid(cells));
        int count = gas.Kinds.Length;
        _radii = [.. gas.Kinds.Select(kind => 0.5 * kind.Diameter)];
        (_halfRows, _rangesX, _rangesY, _rangesZ) = (new int[count][], new int[count], new int[count], new int[count]);
        for (int a = 0; a < count; a++)
        {
            if (split.IsLarge[a])
            {
                SetShape(a, 0.5 * (gas.Kinds[a].Diameter + split.SmallDiameterMax) * ReachMargin, gas.Dimension == 3);
            }
        }
    }

    /// <summary>What was collected last: slots, and their images as in <see cref="ImageCodes"/>.</summary>
    public int* Slots => _slotArray.Pointer;

    /// <inheritdoc cref="Slots"/>
    public long* Codes => _codeArray.Pointer;

    /// <summary>How many were collected.</summary>
    public int Count { get; private set; }

    public long ByteCount => _lists.ByteCount + _around.ByteCount + _slotArray.ByteCount + _codeArray.ByteCount;

    public bool IsLarge(Particle* particle) => _split.IsLarge[particle->Kind];

    /// <summary>A large particle is in the cell of its record from now on.</summary>
    public void Enter(int slot, int kind, NextEvent* own)
    {
        _slots.Add(slot);
        FindCells(kind, own);
        for (int k = 0; k < _aroundCount; k++)
        {
            _lists.Add(_around.Pointer[k].Cell, slot);
        }
    }

    /// <summary>It leaves the cell of its record.</summary>
    public void Leave(int slot, int kind, NextEvent* own)
    {
        _slots.Remove(slot);
        FindCells(kind, own);
        for (int k = 0; k < _aroundCount; k++)
        {
            _lists.Remove(_around.Pointer[k].Cell, slot);
        }
    }

    /// <summary>Collects all that a large particle may touch before one of them crosses into another cell.</summary>
    public void CollectAround(int slot, Particle* particles, NextEvent* next)
    {
        Count = 0;
        int kind = particles[slot].Kind;
        FindCells(kind, next + slot);
        for (int k = 0; k < _aroundCount; k++)
        {
            AddCell(_around.Pointer[k], next + slot, next);
        }

        foreach (int other in _slots)
        {
            if (other != slot)
            {
                double contact = (_radii[kind] + _radii[particles[other].Kind]) * ReachMargin;
                AddImages(other, next + slot, next + other, RangeOf(0, contact), RangeOf(1, contact), RangeOf(2, contact), []);
            }
        }
    }

    /// <summary>Collects the large particles that a small one may touch before one of them crosses into another cell.</summary>
    public void CollectListed(int cell, NextEvent* own, Particle* particles, NextEvent* next)
    {
        Count = 0;
        for (int* block = _lists.Blocks + (long)cell * CellGrid.BlockSize; ;)
        {
            int used = CellGrid.CountOf(block[0]), link = CellGrid.LinkOf(block[0]);
            for (int k = 1; k <= used; k++)
            {
                if (!new ReadOnlySpan<int>(Slots, Count).Contains(block[k]))
                {
                    int kind = particles[block[k]].Kind;
                    AddImages(block[k], own, next + block[k], _rangesX[kind], _rangesY[kind], _rangesZ[kind], _halfRows[kind]);
                }
            }

            if (link == 0)
            {
                return;
            }

            block = _lists.Blocks + (long)link * CellGrid.BlockSize;
        }
    }

    public void Dispose()
    {
        _lists.Dispose();
        _around.Dispose();
        _slotArray.Dispose();
        _codeArray.Dispose();
    }

    private static int FloorDivide(int a, int b) => a >= 0 ? a / b : -((b - 1 - a) / b);

    // Two cells with no more than this number of steps between them along an axis can hold positions as near to each other as this.
    private int RangeOf(int axis, double distance) =>
        _cells.Count[axis] == 1 && !_cells.Periodic[axis] ? 0 : 1 + (int)(distance / _cells.Width[axis]);

    private void SetShape(int kind, double contact, bool isSpatial)
    {
        int rangeX = _rangesX[kind] = RangeOf(0, contact), rangeY = _rangesY[kind] = RangeOf(1, contact);
        int[] halfRows = _halfRows[kind] = new int[(2 * rangeX + 1) * (2 * rangeY + 1)];
        for (int x = -rangeX; x <= rangeX; x++)
        {
            for (int y = -rangeY; y <= rangeY; y++)
            {
                double gapX = Math.Max(Math.Abs(x) - 1, 0) * _cells.Width[0], gapY = Math.Max(Math.Abs(y) - 1, 0) * _cells.Width[1];
                double left = contact * contact - gapX * gapX - gapY * gapY;
                halfRows[(x + rangeX) * (2 * rangeY + 1) + y + rangeY] = left < 0 ? -1 : isSpatial
                    ? 1 + (int)(Math.Sqrt(left) / _cells.Width[2])
                    : 0;
            }
        }

        _rangesZ[kind] = halfRows.Max();
    }

    // All cells around a large one that there are, and how many boxes away they are seen.
    private void FindCells(int kind, NextEvent* own)
    {
        _aroundCount = 0;
        int rangeX = _rangesX[kind], rangeY = _rangesY[kind];
        int[] halfRows = _halfRows[kind];
        for (int dx = -rangeX; dx <= rangeX; dx++)
        {
            if (!Wrap(0, own->CellX + dx, out int x, out int boxesX))
            {
                continue;
            }

            for (int dy = -rangeY; dy <= rangeY; dy++)
            {
                int half = halfRows[(dx + rangeX) * (2 * rangeY + 1) + dy + rangeY];
                if (!Wrap(1, own->CellY + dy, out int y, out int boxesY))
                {
                    continue;
                }

                for (int dz = -half; dz <= half; dz++)
                {
                    if (Wrap(2, own->CellZ + dz, out int z, out int boxesZ))
                    {
                        _around.Grow(_aroundCount == _around.Length ? 2 * _around.Length : 0);
                        _around.Pointer[_aroundCount++] =
                            new CellAround { Cell = _cells.Index(x, y, z), Boxes = new Int3(boxesX, boxesY, boxesZ) };
                    }
                }
            }
        }
    }

    private bool Wrap(int axis, int index, out int inside, out int boxes)
    {
        int count = _cells.Count[axis];
        boxes = _cells.Periodic[axis] ? FloorDivide(index, count) : 0;
        inside = index - boxes * count;
        return (uint)inside < (uint)count;
    }

    private void AddCell(in CellAround around, NextEvent* own, NextEvent* next)
    {
        for (int* block = _small.Blocks + (long)around.Cell * CellGrid.BlockSize; ;)
        {
            int used = CellGrid.CountOf(block[0]), link = CellGrid.LinkOf(block[0]);
            for (int k = 1; k <= used; k++)
            {
                int other = block[k] & Candidate.SlotMask;
                Add(other, around.Boxes, own, next + other);
            }

            if (link == 0)
            {
                return;
            }

            block = _small.Blocks + (long)link * CellGrid.BlockSize;
        }
    }

    // A particle in all images whose cells are near enough: within ranges along the axes, and in the shape of a large one if it is given.
    private void AddImages(int slot, NextEvent* own, NextEvent* other, int rangeX, int rangeY, int rangeZ, ReadOnlySpan<int> halfRows)
    {
        (int x0, int x1) = Images(0, own->CellX - other->CellX, rangeX);
        (int y0, int y1) = Images(1, own->CellY - other->CellY, rangeY);
        (int z0, int z1) = Images(2, own->CellZ - other->CellZ, rangeZ);
        for (int x = x0; x <= x1; x++)
        {
            for (int y = y0; y <= y1; y++)
            {
                for (int z = z0; z <= z1; z++)
                {
                    int dx = own->CellX - other->CellX - x * _cells.Count[0], dy = own->CellY - other->CellY - y * _cells.Count[1];
                    int dz = own->CellZ - other->CellZ - z * _cells.Count[2];
                    if (halfRows.IsEmpty || Math.Abs(dz) <= halfRows[(dx + rangeX) * (2 * rangeY + 1) + dy + rangeY])
                    {
                        Add(slot, new Int3(x, y, z), own, other);
                    }
                }
            }
        }
    }

    // By how many boxes something must be shifted so that it is no more cells away than a range.
    private (int First, int Last) Images(int axis, int difference, int range)
    {
        int count = _cells.Count[axis];
        return _cells.Periodic[axis]
            ? (-FloorDivide(range - difference, count), FloorDivide(difference + range, count))
            : Math.Abs(difference) <= range ? (0, 0) : (1, 0);
    }

    private void Add(int slot, Int3 boxes, NextEvent* own, NextEvent* other)
    {
        if (Count + 4 > _slotArray.Length)
        {
            _slotArray.Grow(2 * _slotArray.Length);
            _codeArray.Grow(2 * _codeArray.Length);
        }

        int x = boxes.X + own->BoxesX - other->BoxesX, y = boxes.Y + own->BoxesY - other->BoxesY, z = boxes.Z + own->BoxesZ - other->BoxesZ;
        Slots[Count] = (x | y | z) != 0 ? slot | Candidate.ShiftedFlag : slot;
        Codes[Count++] = ImageCodes.Encode(x, y, z);
    }

    private struct CellAround
    {
        public int Cell;
        public Int3 Boxes;
    }
}
