namespace ActorMD.Engine.Grids;

/// <summary>
/// The first cells of the rows of three around a cell: up to nine, for prefetching. At the ends of the grid they may be others.
/// </summary>
internal ref struct RowsAround
{
    private readonly int _stepX, _stepY, _cellCount, _lastX;
    private readonly int _corner; // one cell before the middle along every axis
    private int _x, _y;

    public RowsAround(in GridAxes axes, int cell)
    {
        _stepY = axes.Third.Count;
        _stepX = _stepY * axes.Second.Count;
        _cellCount = axes.CellCount;
        int across = axes.IsPlanar ? 0 : 1;
        _lastX = 2 * across;
        _corner = cell - across * _stepX - _stepY - 1;
        _y = -1;
    }

    public readonly int Current
    {
        get
        {
            int row = _corner + _x * _stepX + _y * _stepY;
            return row < 0 ? row + _cellCount : row >= _cellCount ? row - _cellCount : row;
        }
    }

    public readonly RowsAround GetEnumerator() => this;

    public bool MoveNext()
    {
        if (++_y > 2)
        {
            _y = 0;
            _x++;
        }

        return _x <= _lastX;
    }
}
