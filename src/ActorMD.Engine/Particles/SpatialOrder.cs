using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Engine.Particles;

/// <summary>Sorts particles along a space-filling (Morton) curve, so that neighbours in space are neighbours in memory.</summary>
internal static class SpatialOrder
{
    /// <summary>Particle ids in the order of slots; in one smallest cube the lower id comes first.</summary>
    /// <param name="gas">Box and boundaries.</param>
    /// <param name="state">Positions at the state's time.</param>
    /// <param name="width">Side of the smallest cube that is resolved.</param>
    public static int[] Of(Gas gas, SystemState state, double width) =>
        Of(gas, state.Particles.Length, id => state.Particles[id].PositionAt(state.Time), width);

    /// <summary>Numbers of points in the order of slots; in one smallest cube the lower number comes first.</summary>
    /// <param name="gas">Box and boundaries.</param>
    /// <param name="count">Number of points.</param>
    /// <param name="positionOf">Where each is.</param>
    /// <param name="width">Side of the smallest cube that is resolved.</param>
    public static int[] Of(Gas gas, int count, Func<int, Vec3> positionOf, double width)
    {
        ulong[] keys = LargeArray.Of<ulong>(count);
        int[] ids = LargeArray.Of<int>(count);
        for (int id = 0; id < count; id++)
        {
            Vec3 position = positionOf(id);
            keys[id] = Spread(Coordinate(gas, position, 0, width)) << 2
                | Spread(Coordinate(gas, position, 1, width)) << 1
                | Spread(Coordinate(gas, position, 2, width));
            ids[id] = id;
        }

        return RadixSort.Sort(keys, ids);
    }

    private static ulong Coordinate(Gas gas, Vec3 position, int axis, double width)
    {
        double x = position[axis], length = gas.Box.Lengths[axis];
        if (gas.Box.IsPeriodic(axis))
        {
            x -= length * Math.Floor(x / length);
        }

        const double Half = 1 << 20; // open sides: positions left of the box stay in order
        return (ulong)Math.Clamp(x / width + (gas.Box.IsPeriodic(axis) ? 0 : Half), 0, (1 << 21) - 1);
    }

    // Two zero bits between each of 21 bits.
    private static ulong Spread(ulong x)
    {
        x = (x | x << 32) & 0x1F00000000FFFF;
        x = (x | x << 16) & 0x1F0000FF0000FF;
        x = (x | x << 8) & 0x100F00F00F00F00F;
        x = (x | x << 4) & 0x10C30C30C30C30C3;
        return (x | x << 2) & 0x1249249249249249;
    }
}
