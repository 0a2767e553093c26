using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>A uniform draw of the positions that a sphere can take when it is alone in the box.</summary>
internal static class UniformPosition
{
    public static Vec3 Draw(ref CounterRandom random, Box box, double diameter)
    {
        double x = Coordinate(box, 0, diameter, random.NextUniform());
        double y = Coordinate(box, 1, diameter, random.NextUniform());
        return new Vec3(x, y, box.Dimension == 3 ? Coordinate(box, 2, diameter, random.NextUniform()) : 0);
    }

    private static double Coordinate(Box box, int axis, double diameter, double u)
    {
        double length = box.Lengths[axis];
        double radius = 0.5 * diameter;
        return box.IsReflecting(axis) ? Math.Min(radius + u * (length - diameter), length - radius) : u * length;
    }
}
