using ActorMD.Engine.Calendar;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lists;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using BenchmarkDotNet.Attributes;

namespace ActorMD.Benchmarks;

/// <summary>What does it cost to move a particle from one cell to the next, in each of the engine's search structures?</summary>
/// <remarks>
/// One particle a cell with slots alone and in slices, three with filter records; 4 096 cells stay in the second-level cache, a
/// million do not.
/// </remarks>
public unsafe class CellMoveBenchmarks
{
    private const int Moves = 4096;

    private CellGrid? _grid;
    private CellRecords? _records;
    private SphereRecords? _spheres;
    private int[] _cellOfGrid = [];
    private int[] _cellOfRecords = [];
    private int[] _movers = [];
    private int _cellCount;

    [Params(16, 100)]
    public int CellsPerAxis { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        Box box = Box.Cube(CellsPerAxis + 0.5);
        CellGeometry geometry = new(box, Vec3.Zero, box.Lengths, 1);
        _cellCount = (int)geometry.CellCount;
        _grid = new CellGrid(geometry);
        _records = new CellRecords(geometry);
        CounterRandom random = new(BenchmarkGases.Seed, RandomStream.Testing);
        _cellOfGrid = new int[_cellCount];
        _cellOfRecords = new int[3 * _cellCount];
        for (int slot = 0; slot < 3 * _cellCount; slot++)
        {
            int cell = _cellOfRecords[slot] = random.NextInteger(_cellCount);
            _records.Add(cell, slot);
            if (slot < _cellCount)
            {
                _cellOfGrid[slot] = cell;
                _grid.Add(cell, slot);
            }
        }

        _spheres = new SphereRecords(_cellCount, _cellCount);
        _spheres.Begin(_cellCount);
        for (int slot = 0; slot < _cellCount; slot++)
        {
            SweptSphere sphere = new() { X = slot, Cell = slot };
            _spheres.Set(slot, &sphere, slot, false, SphereRecords.None);
        }

        _movers = new int[Moves];
        foreach (ref int mover in _movers.AsSpan())
        {
            mover = random.NextInteger(_cellCount);
        }
    }

    [GlobalCleanup]
    public void Free()
    {
        _grid!.Dispose();
        _records!.Dispose();
        _spheres!.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Moves)]
    public void Slots()
    {
        foreach (int slot in _movers)
        {
            ref int cell = ref _cellOfGrid[slot];
            _grid!.Remove(cell, slot);
            cell = cell + 1 == _cellCount ? 0 : cell + 1;
            _grid.Add(cell, slot);
        }
    }

    [Benchmark(OperationsPerInvoke = Moves)]
    public void FilterRecords()
    {
        foreach (int slot in _movers)
        {
            ref int cell = ref _cellOfRecords[slot];
            _records!.Remove(cell, slot);
            cell = cell + 1 == _cellCount ? 0 : cell + 1;
            int* lane = _records.Add(cell, slot);
            for (int row = CellRecords.Row; row < CellRecords.BlockSize; row += CellRecords.Row)
            {
                lane[row] = slot;
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Moves)]
    public void SphereLists()
    {
        _spheres!.Begin(_cellCount);
        foreach (int slot in _movers)
        {
            _spheres.Remove(slot);
            SweptSphere sphere = new() { X = slot, Cell = slot + 1 == _cellCount ? 0 : slot + 1 };
            _spheres.Add(&sphere, slot, false, SphereRecords.None);
        }
    }
}
