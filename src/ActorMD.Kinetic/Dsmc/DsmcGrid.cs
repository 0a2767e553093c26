using ActorMD.Physics;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>The equal cells of a DSMC solver: particles of one cell collide as if they were at one point.</summary>
/// <param name="Box">
/// Along an open axis the cells grow with time, so that they hold a gas that expands. Walls are where the box ends: particles are points
/// here.
/// </param>
/// <param name="CountX">Cells along x.</param>
/// <param name="CountY">Cells along y.</param>
/// <param name="CountZ">Cells along z; 1 in two dimensions.</param>
public sealed record DsmcGrid(Box Box, int CountX, int CountY, int CountZ)
{
    /// <summary>One cell: the spatially homogeneous equation, where the box is periodic.</summary>
    public static DsmcGrid Homogeneous(Box box) => new(box, 1, 1, 1);

    /// <summary>
    /// How fast both ends of the cells move outwards along open axes. What flies faster is counted in the outermost cells, where hardly any
    /// particle is met.
    /// </summary>
    public double FrontSpeed { get; init; }

    /// <summary>All cells.</summary>
    public int CellCount => CountX * CountY * CountZ;

    /// <summary>Where the cells begin along an axis, at a time.</summary>
    public double OriginAt(int axis, double time) => Box.IsOpen(axis) ? -FrontSpeed * time : 0;

    /// <summary>Length of all cells along an axis, at a time.</summary>
    public double LengthAt(int axis, double time) => Box.Lengths[axis] - 2 * OriginAt(axis, time);

    /// <summary>Of every cell, at a time.</summary>
    public double CellVolumeAt(double time)
    {
        double volume = LengthAt(0, time) * LengthAt(1, time);
        return (Box.Dimension == 3 ? volume * LengthAt(2, time) : volume) / CellCount;
    }

    /// <summary>Cells along axis 0, 1 or 2.</summary>
    public int Count(int axis) => axis switch { 0 => CountX, 1 => CountY, _ => CountZ };

    /// <summary>
    /// Whether particles have a position along an axis. Along a periodic axis with one cell they have none: everything is
    /// homogeneous there.
    /// </summary>
    public bool IsResolved(int axis) => axis < Box.Dimension && (Count(axis) > 1 || Box.IsReflecting(axis));

    /// <summary>The cell of a position inside the box.</summary>
    public int CellOf(Vec3 position) =>
        (Index(position.Z, 2) * CountY + Index(position.Y, 1)) * CountX + Index(position.X, 0);

    private int Index(double x, int axis)
    {
        int count = Count(axis);
        return count == 1 ? 0 : Math.Clamp((int)(x * (count / Box.Lengths[axis])), 0, count - 1);
    }
}
