using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Protocol.Tests;

/// <summary>Starts for tests.</summary>
internal static class Gases
{
    /// <summary>A lattice of one species with Maxwellian velocities of temperature 1.</summary>
    public static SystemState Lattice(Gas gas, int count, ulong seed) => Lattice(gas, [count], seed);

    /// <summary>A lattice of several species with Maxwellian velocities of temperature 1.</summary>
    public static SystemState Lattice(Gas gas, ImmutableArray<int> counts, ulong seed)
    {
        VelocityPlan velocities = new([.. gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))], Vec3.Zero);
        return InitialState.Build(gas, counts, new InitialData(new PositionPlan(PositionMethod.Lattice), velocities), seed, null, default);
    }
}
