using ActorMD.Physics;

namespace ActorMD.Files.States;

/// <summary>What stands above the particles of a frame.</summary>
/// <param name="Dimension">d, where the file says it.</param>
/// <param name="Box">In three dimensions unless the file says two; null where the file has none.</param>
/// <param name="Time">Null where the file does not say.</param>
/// <param name="Step">Number of the time step; null where the file does not say.</param>
internal sealed record FrameHeader(int? Dimension = null, Box? Box = null, double? Time = null, long? Step = null)
{
    /// <summary>Lower corner of the box in the coordinates of the file.</summary>
    public Vec3 Origin { get; init; }

    /// <summary>Whether the coordinate of an axis is a fraction of the box.</summary>
    public (bool X, bool Y, bool Z) IsScaled { get; init; }

    /// <summary>Whether two dimensions are meant where all particles have z = 0.</summary>
    public bool MayBePlane { get; init; }

    /// <summary>The box, in two dimensions without height.</summary>
    public Box? BoxOf(int dimension) =>
        Box is null || dimension == Box.Dimension
            ? Box
            : new Box(2, Box.Lengths with { Z = 0 }, Box.BoundaryX, Box.BoundaryY, Boundary.Open);

    /// <summary>A coordinate as the file means it.</summary>
    public double Corner(int axis, double x) => Scaled(axis) ? Origin[axis] + x * Box!.Lengths[axis] : x;

    /// <summary>A position from the corner of the box.</summary>
    public Vec3 Relative(Vec3 position, int dimension)
    {
        Vec3 result = Vec3.Zero;
        for (int axis = 0; axis < dimension; axis++)
        {
            double x = position[axis];
            result = result.With(axis, Scaled(axis) ? x * Box!.Lengths[axis] : Origin[axis] == 0 ? x : x - Origin[axis]);
        }

        return result;
    }

    private bool Scaled(int axis) => axis == 0 ? IsScaled.X : axis == 1 ? IsScaled.Y : IsScaled.Z;
}
