using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using ActorMD.Testing;

namespace ActorMD.Protocol.Tests;

/// <summary>Gases that nobody would simulate, made to find what is not exact or not bounded.</summary>
internal static class PathologicalGases
{
    private const Boundary P = Boundary.Periodic;
    private const Boundary W = Boundary.Reflecting;

    private static ImmutableArray<Species> Unit => [new Species("A", 1, 1)];

    /// <summary>All of them.</summary>
    public static ImmutableArray<PathologicalGas> All { get; } =
    [
        new("shells of 24 aimed at one sphere", () => Shells([]), 6, 24 * 8),
        new("shells of 24 aimed at one sphere, in zones", () => Shells([new Zone(3, 5.5), new Zone(5, 10.5)]), 6, 24 * 8),
        new("cradles", Cradles, 20, 400),
        new("cold beside hot", ColdBesideHot, 2e-4, 1000),
        new("mass ratio 1e8", () => Drawn(Long(48, 16, new("A", 1, 1), new("B", 1e8, 1)), [700, 50], 1), 6, 500),
        new("size ratio 100", () => Conditioned(Long(90, 30, new("A", 1, 0.1), new("B", 100, 10)), [2000, 3], 2), 6, 50),
        new("500 species", ManySpecies, 60, 500),
        new("orders 3 to 12", Icosahedra, 5, 1),
        new("a box 1000 : 1", () => Drawn(Long(1000, 1, new Species("A", 1, 0.3)), [3000], 3), 1, 2000),
        new("a channel 1000 : 1", () => Drawn(Channel, [3000], 4), 1, 2000),
        new("packing 1e-9", () => Drawn(new Gas(Box.Cube(8060), Unit, []), [1000], 5), 2e6, 3),
        new("a lattice with equal speeds", () => Lattice(3), 6, 1000),
        new("a lattice of disks with equal speeds", () => Lattice(2), 6, 1000),
    ];

    private static Gas Channel => new(new Box(2, new Vec3(1000, 1, 0), P, W, Boundary.Open), [new Species("A", 1, 0.2)], []);

    private static Gas Long(double length, double width, params ImmutableArray<Species> species) =>
        new(Box.Of(3, new Vec3(length, width, width), P), species, []);

    // The 24 points (+-1, +-2, 0) with all exchanges have exactly the same distance from the centre: 24 collisions at one instant.
    private static (Gas, SystemState) Shells(ImmutableArray<Zone> zones)
    {
        Gas gas = Long(128, 32, new("centre", 1, 3), new("shell", 1, 0.5)) with { Zones = zones };
        List<ParticleState> particles = [];
        for (int k = 0; k < 8; k++)
        {
            Vec3 centre = new(16 * k + 8, 8 + 16 * (k % 2), 16);
            particles.Add(At(centre, Vec3.Zero));
            particles.AddRange(ShellPoints().Select(point => At(centre + 2.5 * point, -0.5 * point) with { Kind = 1 }));
        }

        return (gas, new SystemState([.. particles], 8));
    }

    private static IEnumerable<Vec3> ShellPoints() =>
        from a in (int[])[-1, 1]
        from b in (int[])[-2, 2]
        from point in (Vec3[])[new(a, b, 0), new(b, a, 0), new(a, 0, b), new(b, 0, a), new(0, a, b), new(0, b, a)]
        select point;

    // Rows of twelve spheres that touch exactly, and one that flies into them: a collision passes through the row at one instant, for ever.
    private static (Gas, SystemState) Cradles()
    {
        Gas gas = new(new Box(3, new Vec3(128, 16, 16), P, W, W), Unit, []);
        List<ParticleState> particles = [];
        for (int k = 0; k < 32; k++)
        {
            Vec3 first = new(32 * (k % 4) + 2, 2 * (k / 4) + 1, 4 + k % 3);
            particles.Add(At(first, new Vec3(1 + k % 5, 0, 0)));
            particles.AddRange(Enumerable.Range(0, 12).Select(n => At(first + new Vec3(4 + n, 0, 0), Vec3.Zero)));
        }

        return (gas, new SystemState([.. particles], 16));
    }

    // Speeds 1e-6 and 1e6: temperatures 1e-12 and 1e12.
    private static (Gas, SystemState) ColdBesideHot()
    {
        Gas gas = new(Box.Of(3, new Vec3(48, 16, 16), P), [new("cold", 1, 1), new("hot", 1, 1)], []);
        (_, SystemState state) = Drawn(gas, [800, 12], 6);
        ParticleState[] particles = [.. state.Particles];
        for (int id = 0; id < particles.Length; id++)
        {
            particles[id].Velocity *= particles[id].Kind == 0 ? 1e-6 : 1e6;
        }

        return (gas, new SystemState(particles, Math.ScaleB(1, -14)));
    }

    private static (Gas, SystemState) ManySpecies()
    {
        ImmutableArray<Species> species = [.. Enumerable.Range(0, 500).Select(k => new Species($"S{k}", 1 + k, 0.5 + k / 500.0))];
        return Drawn(Long(32, 10, species), [.. species.Select(_ => 1)], 7);
    }

    // The twelve corners of icosahedra that shrink: with these zones the first event is one of all twelve.
    private static (Gas, SystemState) Icosahedra()
    {
        ImmutableArray<Zone> zones =
            [.. Enumerable.Range(3, 10).Select(k => new Zone(k, (k == 12 ? 1.6 : 0.95 + 0.01 * k) * Math.Sqrt(k * (k - 1) / 2.0)))];
        Gas gas = new(Box.Of(3, new Vec3(128, 32, 32), P), [new Species("A", 1, 0.9)], zones);
        double golden = (1 + Math.Sqrt(5)) / 2, unit = 1 / Math.Sqrt(1 + golden * golden);
        List<ParticleState> particles = [];
        for (int k = 0; k < 8; k++)
        {
            Vec3 centre = new(16 * k + 8, 8 + 16 * (k % 2), 16);
            foreach ((double a, double b) in ((double, double)[])[(1, golden), (1, -golden), (-1, golden), (-1, -golden)])
            {
                foreach (Vec3 point in (Vec3[])[new(0, a, b), new(a, b, 0), new(b, 0, a)])
                {
                    particles.Add(At(centre + 2.5 * unit * point, -unit * point));
                }
            }
        }

        return (gas, new SystemState([.. particles], 8));
    }

    // All along the axes, with exactly the same speed: whole planes of collisions at one instant.
    private static (Gas, SystemState) Lattice(int dimension)
    {
        int side = dimension == 3 ? 8 : 32;
        Gas gas = new(Box.Of(dimension, new Vec3(4 * side, 2 * side, 2 * side), P), Unit, []);
        CounterRandom random = new(9, RandomStream.Testing);
        List<ParticleState> particles = [];
        for (int n = 0; n < 2 * side * side * (dimension == 3 ? side : 1); n++)
        {
            (int x, int y, int z) = (n % (2 * side), n / (2 * side) % side, n / (2 * side * side));
            int axis = random.NextInteger(dimension), sign = 2 * random.NextInteger(2) - 1;
            Vec3 velocity = new(axis == 0 ? sign : 0, axis == 1 ? sign : 0, axis == 2 ? sign : 0);
            particles.Add(At(new Vec3(2 * x + 1, 2 * y + 1, dimension == 3 ? 2 * z + 1 : 0), velocity));
        }

        return (gas, new SystemState([.. particles], 4));
    }

    private static (Gas, SystemState) Drawn(Gas gas, ImmutableArray<int> counts, ulong seed) => (gas, Gases.Lattice(gas, counts, seed));

    private static (Gas, SystemState) Conditioned(Gas gas, ImmutableArray<int> counts, ulong seed)
    {
        VelocityPlan velocities = new([.. gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))], Vec3.Zero);
        InitialData data = new(new PositionPlan(PositionMethod.Conditioned), velocities);
        return (gas, InitialState.Build(gas, counts, data, seed, null, default));
    }

    private static ParticleState At(Vec3 position, Vec3 velocity) => new() { Position = position, Velocity = velocity };
}

/// <summary>A gas that is hard on a simulator.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Start">Makes it.</param>
/// <param name="Until">Up to when it is followed.</param>
/// <param name="CollisionCountMin">So many collisions it has at least.</param>
internal sealed record PathologicalGas(string Name, Func<(Gas Gas, SystemState State)> Start, double Until, long CollisionCountMin);
