using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.LargeSpecies;

/// <summary>
/// For every cell of the grid of time slices the large particles that a small one in it may meet: linked lists, mostly empty.
/// </summary>
internal sealed unsafe class LargeCells : IDisposable
{
    /// <summary>End of a list.</summary>
    public const int None = -1;

    private readonly NativeArray<int> _heads;
    private readonly NativeArray<Node> _nodes = new(256);
    private int _count;

    public LargeCells(int cellCount)
    {
        _heads = new NativeArray<int>(cellCount);
        new Span<int>(_heads.Pointer, cellCount).Fill(None);
    }

    public long ByteCount => _heads.ByteCount + _nodes.ByteCount;

    /// <summary>Empties all lists.</summary>
    public void Clear()
    {
        for (int node = 0; node < _count; node++)
        {
            _heads.Pointer[_nodes.Pointer[node].Cell] = None;
        }

        _count = 0;
    }

    /// <summary>Adds a large particle, by its number, to some cells side by side.</summary>
    public void Add(int number, int firstCell, int cellCount)
    {
        _nodes.Grow(_count + cellCount > _nodes.Length ? 2L * (_count + cellCount) : 0);
        for (int cell = firstCell; cell < firstCell + cellCount; cell++)
        {
            _nodes.Pointer[_count] = new Node { Number = number, Cell = cell, Next = _heads.Pointer[cell] };
            _heads.Pointer[cell] = _count++;
        }
    }

    /// <summary>The first entry of a cell's list, or <see cref="None"/>.</summary>
    public int First(int cell) => _heads.Pointer[cell];

    /// <summary>The entry behind one, or <see cref="None"/>.</summary>
    public int Next(int entry) => _nodes.Pointer[entry].Next;

    /// <summary>The large particle of an entry.</summary>
    public int NumberOf(int entry) => _nodes.Pointer[entry].Number;

    public void Dispose()
    {
        _heads.Dispose();
        _nodes.Dispose();
    }

    private struct Node
    {
        public int Number;
        public int Cell;
        public int Next;
    }
}
