using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Testing;

/// <summary>Small gases and their starts.</summary>
public static class Gases
{
    public static readonly Species Light = new("A", 1, 1);
    public static readonly Species Heavy = new("B", 4, 0.6);

    /// <summary>A start on a lattice with Maxwellian velocities of temperature 1 and no total momentum.</summary>
    public static SystemState Lattice(Gas gas, IReadOnlyCollection<int> counts, ulong seed = 1) =>
        Start(gas, counts, PositionMethod.Lattice, seed);

    /// <summary>As <see cref="Lattice"/>, with other positions.</summary>
    public static SystemState Start(Gas gas, IReadOnlyCollection<int> counts, PositionMethod method, ulong seed = 1) => InitialState.Build(
        gas,
        [.. counts],
        new InitialData(
            new PositionPlan(method),
            new VelocityPlan([.. gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))], counts.Sum() > 1 ? Vec3.Zero : null)),
        seed,
        null,
        default);

    /// <summary>A box of unequal sides.</summary>
    public static Box BoxOf(int dimension, double length, params Boundary[] boundaries) => dimension == 3
        ? new Box(3, new Vec3(length, 1.1 * length, 0.95 * length), boundaries[0], boundaries[1], boundaries[2])
        : new Box(2, new Vec3(length, 1.1 * length, 0), boundaries[0], boundaries[1], Boundary.Open);
}
