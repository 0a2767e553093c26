using ActorMD.Physics;

namespace ActorMD.Kinetic.Initial;

/// <summary>
/// Finds particles near a point in a gas whose sizes may differ much: a grid for each class of sizes, so that small particles do
/// not look at all that is as far away as a large one would reach.
/// </summary>
internal sealed class ClassGrids
{
    private readonly int[] _kinds;
    private readonly SizeClasses _classes;
    private readonly CellGrid[] _grids;

    /// <param name="gas">Sizes.</param>
    /// <param name="kinds">Of the particles, by id.</param>
    /// <param name="scale">Factor of all distances.</param>
    /// <param name="skin">Is added to all distances.</param>
    public ClassGrids(Gas gas, int[] kinds, double scale = 1, double skin = 0)
    {
        _kinds = kinds;
        _classes = SizeClasses.Of(gas);
        int[] counts = new int[_classes.Count];
        foreach (int kind in kinds)
        {
            counts[_classes.ClassOf[kind]]++;
        }

        _grids = [.. counts.Select((count, c) => new CellGrid(
            gas.Box, Math.Max(count, 1), kinds.Length, scale * _classes.Reach(c, c) + skin))];
    }

    public int ClassOf(int id) => _classes.ClassOf[_kinds[id]];

    /// <summary>The cell of a position in the grid of a particle's class.</summary>
    public int CellOf(int id, Vec3 position) => GridOf(id).CellOf(position);

    public void Insert(int id, int cell) => GridOf(id).Insert(id, cell);

    public void Clear()
    {
        foreach (CellGrid grid in _grids)
        {
            grid.Clear();
        }
    }

    /// <summary>Collects all that may be within the reach of a kind from a point.</summary>
    /// <param name="kind">Kind of the particle that looks.</param>
    /// <param name="center">From where.</param>
    /// <param name="scale">Factor of all distances.</param>
    /// <param name="skin">Is added to all distances.</param>
    /// <param name="buffer">Gets the ids; grows as needed.</param>
    /// <returns>How many ids are in the buffer.</returns>
    public int Collect(int kind, Vec3 center, double scale, double skin, ref int[] buffer)
    {
        int own = _classes.ClassOf[kind], found = 0;
        for (int c = 0; c < _grids.Length; c++)
        {
            found = _grids[c].Collect(center, scale * _classes.Reach(own, c) + skin, ref buffer, found);
        }

        return found;
    }

    private CellGrid GridOf(int id) => _grids.Length == 1 ? _grids[0] : _grids[ClassOf(id)];
}
