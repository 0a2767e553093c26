using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

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

    /// <summary>A square lattice of disks, each flying along one axis with the same speed: whole rows of simultaneous events.</summary>
    public static (Gas Gas, SystemState State) Ties(int columns, int rows)
    {
        Gas gas = new(Box.Of(2, new Vec3(2 * columns, 2 * rows, 0), Boundary.Periodic), [new Species("A", 1, 1)], []);
        ParticleState[] particles = new ParticleState[columns * rows];
        CounterRandom random = new(11, RandomStream.Testing);
        for (int i = 0; i < particles.Length; i++)
        {
            int direction = random.NextInteger(4);
            particles[i].Position = new Vec3(2 * (i % columns) + 1, 2 * (i / columns) + 1, 0);
            particles[i].Velocity = new Vec3(direction == 0 ? 1 : direction == 1 ? -1 : 0, direction == 2 ? 1 : direction == 3 ? -1 : 0, 0);
        }

        return (gas, new SystemState(particles, 16));
    }

    /// <summary>A box of unequal sides.</summary>
    public static Box BoxOf(int dimension, double length, params Boundary[] boundaries) => dimension == 3
        ? new Box(3, new Vec3(length, 1.1 * length, 0.95 * length), boundaries[0], boundaries[1], boundaries[2])
        : new Box(2, new Vec3(length, 1.1 * length, 0), boundaries[0], boundaries[1], Boundary.Open);
}
