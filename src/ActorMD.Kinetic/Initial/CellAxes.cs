using System.Runtime.CompilerServices;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Initial;

/// <summary>Cells of a box in which particles near a point are looked for.</summary>
/// <remarks>They are at least one reach wide, and hold about one particle where that is wider.</remarks>
/// <param name="X">Those along the first axis.</param>
/// <param name="Y">Along the second.</param>
/// <param name="Z">Along the third.</param>
internal readonly record struct CellAxes(CellAxis X, CellAxis Y, CellAxis Z)
{
    /// <summary>Cells in all.</summary>
    public int Count => X.Count * Y.Count * Z.Count;

    /// <param name="box">The box.</param>
    /// <param name="count">Number of positions.</param>
    /// <param name="reach">Cells are at least this wide.</param>
    public static CellAxes For(Box box, int count, double reach)
    {
        double share = PortableMath.Pow(box.Volume / count, 1.0 / box.Dimension);
        double width = Math.Max(share, reach * (1 + 1e-6));
        CellAxes cells = new(CellAxis.Of(box, 0, width), CellAxis.Of(box, 1, width), CellAxis.Of(box, 2, width));
        while ((long)cells.X.Count * cells.Y.Count * cells.Z.Count > 4L * count + 64)
        {
            cells = new CellAxes(cells.X.Coarser(), cells.Y.Coarser(), cells.Z.Coarser());
        }

        return cells;
    }

    /// <summary>The cell of a position inside the box.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CellOf(Vec3 position) => (Z.IndexOf(position.Z) * Y.Count + Y.IndexOf(position.Y)) * X.Count + X.IndexOf(position.X);
}
