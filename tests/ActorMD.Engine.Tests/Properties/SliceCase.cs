using ActorMD.Physics;
using ActorMD.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace ActorMD.Engine.Tests.Properties;

/// <summary>
/// A gas at the beginning of a time slice, among whose particles some are aimed at each other so that they just meet in it.
/// </summary>
/// <param name="Dimension">2 or 3.</param>
/// <param name="Walls">Whether the box has walls along its axes.</param>
/// <param name="HasSizes">Whether there are two species of different size.</param>
/// <param name="Side">Side of the box, in diameters.</param>
/// <param name="Fastest">Speed of the fastest, relative to that for which slices are planned.</param>
/// <param name="Graze">How far pairs are aimed past each other: 1 is a grazing contact.</param>
/// <param name="Seed">Of all else.</param>
public sealed record SliceCase(int Dimension, bool Walls, bool HasSizes, double Side, double Fastest, double Graze, int Seed)
{
    private const int Count = 40;

    /// <summary>Random cases.</summary>
    public static Gen<SliceCase> Any { get; } =
        from dimension in Gen.Choose(2, 3)
        from walls in Gen.Elements(false, true)
        from sizes in Gen.Elements(false, true)
        from side in Properties.Between(5, 16)
        from fastest in Gen.Elements(0, 1, 1, 3, 20)
        from graze in Gen.OneOf(Properties.Between(0, 0.999), Gen.Elements(0.999999, 1 - 1e-9, 0))
        from seed in Gen.Choose(0, int.MaxValue)
        select new SliceCase(dimension, walls, sizes, side, fastest, graze, seed);

    public Gas ToGas()
    {
        Boundary boundary = Walls ? Boundary.Reflecting : Boundary.Periodic;
        Species[] species = HasSizes ? [new("A", 1, 1), new("B", 2, 0.55)] : [new("A", 1, 1)];
        return new Gas(Gases.BoxOf(Dimension, Side, boundary, boundary, boundary), [.. species], []);
    }

    /// <summary>The particles; their last events lie up to half a slice before it.</summary>
    public ParticleState[] Particles(Gas gas, double half)
    {
        Random random = new(Seed);
        ParticleState[] particles = new ParticleState[Count];
        for (int k = 0; k < Count; k++)
        {
            particles[k] = new ParticleState
            {
                Position = PositionIn(gas, random),
                Velocity = Velocity(random, k % 7 == 0 ? Fastest : 1),
                Kind = random.Next(gas.Species.Length),
            };
        }

        for (int k = 1; k < Count; k += 2)
        {
            Aim(gas, ref particles[k], particles[k - 1], (0.02 + 1.96 * random.NextDouble()) * half, random);
        }

        for (int k = 0; k < Count; k++)
        {
            double since = half * random.NextDouble();
            if (Inside(gas, particles[k].Position - since * particles[k].Velocity) is { } before)
            {
                (particles[k].Position, particles[k].Time) = (before, -since);
            }
        }

        return particles;
    }

    // The second particle is where it will touch the first after a time.
    private void Aim(Gas gas, ref ParticleState second, in ParticleState first, double time, Random random)
    {
        Vec3 relative = second.Velocity - first.Velocity;
        double speed = Math.Sqrt(relative.LengthSquared);
        if (!(speed > 0))
        {
            return;
        }

        Vec3 along = (1 / speed) * relative, other = Velocity(random, 1);
        Vec3 across = other - Vec3.Dot(other, along) * along;
        double length = Math.Sqrt(across.LengthSquared), contact = gas.ContactDistance(first.Kind, second.Kind);
        if (length > 1e-3)
        {
            Vec3 touch = (contact * Graze / length) * across - contact * Math.Sqrt(1 - Graze * Graze) * along;
            second.Position = Inside(gas, first.Position + touch - time * relative) ?? second.Position;
        }
    }

    // The image of a position in the box, if there is one.
    private static Vec3? Inside(Gas gas, Vec3 position)
    {
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            double x = position[axis], length = gas.Box.Lengths[axis];
            if (gas.Box.IsPeriodic(axis))
            {
                position = position.With(axis, Box.Wrap(x, length, out _));
            }
            else if (!(x >= 0 && x < length))
            {
                return null;
            }
        }

        return position;
    }

    private static Vec3 PositionIn(Gas gas, Random random)
    {
        double[] x = new double[3];
        for (int axis = 0; axis < gas.Dimension; axis++)
        {
            double share = random.Next(5) == 0 ? random.Next(13) / 12.0 : random.NextDouble(); // often on faces of cells
            x[axis] = Math.Min(share * gas.Box.Lengths[axis], Math.BitDecrement(gas.Box.Lengths[axis]));
        }

        return new Vec3(x[0], x[1], x[2]);
    }

    private Vec3 Velocity(Random random, double speed) => new(
        speed * (2 * random.NextDouble() - 1),
        speed * (2 * random.NextDouble() - 1),
        Dimension == 3 ? speed * (2 * random.NextDouble() - 1) : 0);
}
