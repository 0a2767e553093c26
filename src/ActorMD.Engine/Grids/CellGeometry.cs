using ActorMD.Physics;

namespace ActorMD.Engine.Grids;

/// <summary>How a region is divided into cells. On axes that are not periodic the outermost cells reach to infinity.</summary>
internal sealed class CellGeometry
{
    /// <param name="box">Dimension and boundaries.</param>
    /// <param name="origin">Lower corner of the first cell: zero on periodic axes.</param>
    /// <param name="extent">Sides of the region: the box on periodic axes.</param>
    /// <param name="widthMin">Cells are at least this wide, or as wide as the region.</param>
    public CellGeometry(Box box, Vec3 origin, Vec3 extent, double widthMin)
        : this(box, origin, extent, new Vec3(widthMin, widthMin, widthMin))
    {
    }

    /// <param name="box">Dimension and boundaries.</param>
    /// <param name="origin">Lower corner of the first cell: zero on periodic axes.</param>
    /// <param name="extent">Sides of the region.</param>
    /// <param name="widthMin">Cells are at least this wide along each axis, or as wide as the region.</param>
    public CellGeometry(Box box, Vec3 origin, Vec3 extent, Vec3 widthMin)
    {
        Count = new int[3];
        Width = new double[3];
        Periodic = new bool[3];
        Origin = [origin.X, origin.Y, origin.Z];
        CellCount = 1;
        for (int axis = 0; axis < 3; axis++)
        {
            double length = extent[axis];
            double count = axis < box.Dimension ? Math.Floor(length / widthMin[axis] * (1 - 1e-12)) : 1;
            Count[axis] = (int)Math.Clamp(count, 1, 1 << 20);
            Width[axis] = axis < box.Dimension ? length / Count[axis] : 1;
            Periodic[axis] = box.IsPeriodic(axis);
            CellCount *= Count[axis];
        }
    }

    /// <summary>Cells along each axis.</summary>
    public int[] Count { get; }

    /// <summary>Width along each axis.</summary>
    public double[] Width { get; }

    /// <summary>Whether the first and the last cell of an axis are neighbours.</summary>
    public bool[] Periodic { get; }

    /// <summary>Lower corner of the first cell: zero on periodic axes.</summary>
    public double[] Origin { get; }

    public long CellCount { get; }

    /// <summary>Cells along z lie side by side in memory.</summary>
    public int Index(int x, int y, int z) => (x * Count[1] + y) * Count[2] + z;

    /// <summary>Index along an axis of the cell that holds a coordinate, which lies inside the box on periodic axes.</summary>
    public int IndexAlong(int axis, double coordinate)
    {
        double cell = Math.Floor((coordinate - Origin[axis]) / Width[axis]);
        return (int)Math.Clamp(cell, 0, Count[axis] - 1);
    }
}
