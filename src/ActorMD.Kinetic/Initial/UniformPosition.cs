using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>A uniform draw of the positions that a sphere can take when it is alone in the box.</summary>
internal static class UniformPosition
{
    public static Vec3 Draw(ref CounterRandom random, Box box, double diameter)
    {
        double u = random.NextUniform(), v = random.NextUniform();
        return At(box, diameter, u, v, box.Dimension == 3 ? random.NextUniform() : 0);
    }

    /// <summary>The position of three numbers in [0, 1); the third one does not matter in two dimensions.</summary>
    public static Vec3 At(Box box, double diameter, double u, double v, double w) => new(
        Coordinate(box, 0, diameter, u),
        Coordinate(box, 1, diameter, v),
        box.Dimension == 3 ? Coordinate(box, 2, diameter, w) : 0);

    private static double Coordinate(Box box, int axis, double diameter, double u)
    {
        double length = box.Lengths[axis];
        double radius = 0.5 * diameter;
        return box.IsReflecting(axis) ? Math.Min(radius + u * (length - diameter), length - radius) : u * length;
    }
}
