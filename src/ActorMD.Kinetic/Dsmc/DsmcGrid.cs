using ActorMD.Physics;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>The equal cells of a DSMC solver: particles of one cell collide as if they were at one place.</summary>
/// <param name="Box">Periodic or reflecting on every axis. Walls are where the box ends: particles are points here.</param>
/// <param name="CountX">Cells along x.</param>
/// <param name="CountY">Cells along y.</param>
/// <param name="CountZ">Cells along z; 1 in two dimensions.</param>
public sealed record DsmcGrid(Box Box, int CountX, int CountY, int CountZ)
{
    /// <summary>One cell: the spatially homogeneous equation, where the box is periodic.</summary>
    public static DsmcGrid Homogeneous(Box box) => new(box, 1, 1, 1);

    public int CellCount => CountX * CountY * CountZ;

    public double CellVolume => Box.Volume / CellCount;

    /// <summary>Cells along axis 0, 1 or 2.</summary>
    public int Count(int axis) => axis switch { 0 => CountX, 1 => CountY, _ => CountZ };

    /// <summary>
    /// Whether particles have a place along an axis. Along a periodic axis with one cell they have none: everything is
    /// homogeneous there.
    /// </summary>
    public bool IsResolved(int axis) => axis < Box.Dimension && (Count(axis) > 1 || Box.IsReflecting(axis));

    /// <summary>The cell of a place inside the box.</summary>
    public int CellOf(Vec3 position) =>
        (Index(position.Z, 2) * CountY + Index(position.Y, 1)) * CountX + Index(position.X, 0);

    private int Index(double x, int axis)
    {
        int count = Count(axis);
        return count == 1 ? 0 : Math.Clamp((int)(x * (count / Box.Lengths[axis])), 0, count - 1);
    }
}
