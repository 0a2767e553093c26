namespace ActorMD.Physics;

/// <summary>What happens to a particle at the two faces of one axis.</summary>
public enum Boundary
{
    /// <summary>The particle reappears at the opposite face.</summary>
    Periodic,

    /// <summary>A hard wall: the sphere's surface touches it and the normal velocity is reversed.</summary>
    Reflecting,

    /// <summary>No face: free space continues beyond the box.</summary>
    Open,
}

/// <summary>The simulation box: the region [0, Lx] x [0, Ly] (x [0, Lz]).</summary>
/// <param name="Dimension">d: 2 or 3. In two dimensions Lengths.Z is 0 and the third boundary Open.</param>
/// <param name="Lengths">Side lengths.</param>
/// <param name="BoundaryX">Faces at x = 0 and x = Lx.</param>
/// <param name="BoundaryY">Faces at y = 0 and y = Ly.</param>
/// <param name="BoundaryZ">Faces at z = 0 and z = Lz.</param>
public sealed record Box(int Dimension, Vec3 Lengths, Boundary BoundaryX, Boundary BoundaryY, Boundary BoundaryZ)
{
    /// <summary>A box with the same boundary on all axes.</summary>
    public static Box Of(int dimension, Vec3 lengths, Boundary boundary) => dimension == 3
        ? new Box(3, lengths, boundary, boundary, boundary)
        : new Box(2, lengths with { Z = 0 }, boundary, boundary, Boundary.Open);

    public static Box Cube(double length, Boundary boundary = Boundary.Periodic) =>
        Of(3, new Vec3(length, length, length), boundary);

    public static Box Square(double length, Boundary boundary = Boundary.Periodic) =>
        Of(2, new Vec3(length, length, 0), boundary);

    /// <summary>Boundary of axis 0, 1 or 2.</summary>
    public Boundary BoundaryOf(int axis) => axis switch { 0 => BoundaryX, 1 => BoundaryY, _ => BoundaryZ };

    public bool IsPeriodic(int axis) => axis < Dimension && BoundaryOf(axis) == Boundary.Periodic;

    public bool IsReflecting(int axis) => axis < Dimension && BoundaryOf(axis) == Boundary.Reflecting;

    public bool IsOpen(int axis) => axis < Dimension && BoundaryOf(axis) == Boundary.Open;

    /// <summary>Whether any axis has the given boundary.</summary>
    public bool Has(Boundary boundary)
    {
        for (int axis = 0; axis < Dimension; axis++)
        {
            if (BoundaryOf(axis) == boundary)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Area of the box in two dimensions, volume in three.</summary>
    public double Volume => Dimension == 2 ? Lengths.X * Lengths.Y : Lengths.X * Lengths.Y * Lengths.Z;

    /// <summary>
    /// The displacement shifted by whole box lengths to the nearest image on periodic axes.
    /// Unambiguous, and a pure function, for distances below half a box.
    /// </summary>
    public Vec3 NearestImage(Vec3 displacement) => new(
        NearestImage(displacement.X, 0), NearestImage(displacement.Y, 1), NearestImage(displacement.Z, 2));

    private double NearestImage(double x, int axis)
    {
        double length = Lengths[axis];
        return IsPeriodic(axis) && Math.Abs(x) > 0.5 * length ? x - length * Math.Round(x / length) : x;
    }

    /// <summary>
    /// Wraps one coordinate of a periodic axis into [0, L). The count of whole boxes that were taken away goes to
    /// <paramref name="image"/>; x + image L is where the particle really is.
    /// </summary>
    /// <exception cref="PhysicsViolationException">The number of boxes is no 32-bit integer, or x is no number.</exception>
    public static double Wrap(double x, double length, out int image)
    {
        if (x >= 0 && x < length)
        {
            image = 0;
            return x;
        }

        double boxes = Math.Floor(x / length);
        double wrapped = x - length * boxes;
        if (wrapped >= length)
        {
            wrapped = 0; // a tiny negative x rounds to L itself
            boxes += 1;
        }
        else if (wrapped < 0)
        {
            wrapped = 0;
        }

        if (!(Math.Abs(boxes) <= int.MaxValue))
        {
            throw new PhysicsViolationException(
                FormattableString.Invariant($"a particle at {x} is too far outside the box of length {length} to count the boxes"));
        }

        image = (int)boxes;
        return wrapped;
    }
}
