using ActorMD.Kinetic;
using ActorMD.Physics;

namespace ActorMD.Protocol.Tests;

/// <summary>Starts for tests.</summary>
internal static class Gases
{
    /// <summary>A lattice of one species with Maxwellian velocities of temperature 1.</summary>
    public static SystemState Lattice(Gas gas, int count, ulong seed) => InitialState.Build(
        gas, [count], new InitialData(new PositionPlan(PositionMethod.Lattice), new VelocityPlan([new Maxwellian(1, Vec3.Zero)], Vec3.Zero)),
        seed, null, default);
}
