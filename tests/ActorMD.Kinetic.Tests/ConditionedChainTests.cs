using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests;

/// <summary>
/// The conditioned start passes over most particles by positions in single precision, or takes whole sweeps at once: that must change
/// no bit.
/// </summary>
public sealed class ConditionedChainTests
{
    private const ulong Seed = 7;
    private const int Sweeps = 3;

    public static TheoryData<string> Gases => [.. Cases.Keys];

    private static readonly Dictionary<string, (Gas Gas, ImmutableArray<int> Counts)> Cases = new()
    {
        ["spheres"] = (new Gas(Box.Cube(1), [new("A", 1, Diameter(0.18, 2000))], []), [2000]),
        ["disks between walls"] = (
            new Gas(new Box(2, new Vec3(1.5, 1, 0), Boundary.Reflecting, Boundary.Periodic, Boundary.Open), [new("A", 1, 0.012)], []), [2000]),
        ["two sizes"] = (new Gas(Box.Cube(2), [new("A", 1, 0.03), new("B", 1, 0.15)], []), [1500, 200]),
        ["sizes of one class"] = (new Gas(Box.Cube(2), [new("A", 1, 0.03), new("B", 1, 0.09)], []), [2500, 300]),
        ["many spheres"] = (new Gas(Box.Cube(1), [new("A", 1, Diameter(0.003, 11_000))], []), [11_000]),
        ["few triples"] = (new Gas(Box.Cube(1), [new("A", 1, 0.01)], [new Zone(3, 0.025)]), [2500]),
        ["triples"] = (new Gas(Box.Cube(1), [new("A", 1, 0.03)], [new Zone(3, 0.09)]), [1200]),
    };

    [Theory]
    [MemberData(nameof(Gases))]
    public void Every_step_is_that_of_a_naive_chain(string name)
    {
        (Gas gas, ImmutableArray<int> counts) = Cases[name];
        Vec3[] naive = NaiveChain(gas, counts);
        SystemState alone = Build(gas, counts, workerCount: 1), shared = Build(gas, counts, workerCount: 4);
        Assert.Equal(naive, alone.Particles.Select(particle => particle.Position));
        Assert.Equal(naive, shared.Particles.Select(particle => particle.Position));
        Assert.Equal(alone.Particles.Select(particle => particle.Velocity), shared.Particles.Select(particle => particle.Velocity));
    }

    private static double Diameter(double packing, int count) => Math.Cbrt(packing * 6 / Math.PI / count);

    private static SystemState Build(Gas gas, ImmutableArray<int> counts, int workerCount) => InitialState.Build(
        gas, counts,
        new InitialData(
            new PositionPlan(PositionMethod.Conditioned, Sweeps), new VelocityPlan([.. counts.Select(_ => new Maxwellian(1, Vec3.Zero))])),
        Seed, workerCount: workerCount);

    // Insertion one by one, then redraws one by one; each looks at all others.
    private static Vec3[] NaiveChain(Gas gas, ImmutableArray<int> counts)
    {
        int[] species = [.. counts.SelectMany((count, a) => Enumerable.Repeat(a, count))];
        List<Vec3> positions = [];
        for (int id = 0; id < species.Length; id++)
        {
            CounterRandom random = new(Seed, RandomStream.InitialPositions, (uint)id);
            Vec3 position;
            do
            {
                position = UniformPosition.Draw(ref random, gas.Box, gas.Species[species[id]].Diameter);
            }
            while (!HasRoom(gas, species, positions, id, position));
            positions.Add(position);
        }

        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            for (int id = 0; id < species.Length; id++)
            {
                CounterRandom random = new(Seed, RandomStream.Conditioning, (uint)id, 2UL * (ulong)sweep);
                Vec3 position = UniformPosition.Draw(ref random, gas.Box, gas.Species[species[id]].Diameter);
                if (HasRoom(gas, species, positions, id, position))
                {
                    positions[id] = position;
                }
            }
        }

        return [.. positions];
    }

    private static bool HasRoom(Gas gas, int[] species, List<Vec3> positions, int id, Vec3 position)
    {
        List<Vec3> near = [];
        for (int other = 0; other < positions.Count; other++)
        {
            Vec3 r = gas.Box.NearestImage(positions[other] - position);
            double contact = gas.ContactDistance(species[id], species[other]);
            if (other != id && r.LengthSquared < contact * contact)
            {
                return false;
            }

            if (other != id && !gas.Zones.IsEmpty && r.LengthSquared < gas.Zones[0].Distance * gas.Zones[0].Distance)
            {
                near.Add(r);
            }
        }

        // Triples only: the sum of the squared distances of the three pairs.
        for (int m = 0; m < near.Count; m++)
        {
            for (int n = m + 1; n < near.Count; n++)
            {
                double sum = near[m].LengthSquared + near[n].LengthSquared + (near[m] - near[n]).LengthSquared;
                if (sum < gas.Zones[0].Distance * gas.Zones[0].Distance)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
