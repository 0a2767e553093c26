using ActorMD.Physics;

namespace ActorMD.Engine.Grids;

/// <summary>Where the particles of a region are, axis by axis.</summary>
/// <param name="Low">Lower faces: -infinity on an axis along which the region is the whole box.</param>
/// <param name="High">Upper faces: +infinity there. On periodic axes they may lie beyond the box.</param>
public readonly record struct RegionSpace(Vec3 Low, Vec3 High)
{
    /// <summary>The whole box.</summary>
    public static RegionSpace Whole { get; } = new(
        new Vec3(double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity),
        new Vec3(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity));

    /// <summary>The part of an axis that it takes, inside the box on axes that are not periodic.</summary>
    internal (double Low, double High) Along(int axis, Box box)
    {
        double length = box.Lengths[axis];
        if (!box.IsPeriodic(axis))
        {
            return (Math.Max(Low[axis], 0), Math.Min(High[axis], length));
        }

        return High[axis] - Low[axis] < length ? (Low[axis], High[axis]) : (0, length);
    }
}
