using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Benchmarks;

/// <summary>What the pieces are measured with.</summary>
internal static class BenchmarkGases
{
    public const ulong Seed = 1;

    /// <summary>Unit spheres of packing 0.3 on a lattice, Maxwellian velocities of temperature 1.</summary>
    public static (Gas Gas, SystemState State) Fluid(int count)
    {
        const double Packing = 0.3;
        double length = PortableMath.Pow(count * Math.PI / 6 / Packing, 1.0 / 3);
        Gas gas = new(Box.Cube(length), [new Species("A", 1, 1)], []);
        InitialData data = new(new PositionPlan(PositionMethod.Lattice), new VelocityPlan([new Maxwellian(1, Vec3.Zero)], Vec3.Zero));
        return (gas, InitialState.Build(gas, [count], data, Seed));
    }

    /// <summary>A uniform draw from a cube about the origin.</summary>
    public static Vec3 Place(ref CounterRandom random, double halfSide) => new(
        halfSide * (2 * random.NextUniform() - 1), halfSide * (2 * random.NextUniform() - 1), halfSide * (2 * random.NextUniform() - 1));
}
