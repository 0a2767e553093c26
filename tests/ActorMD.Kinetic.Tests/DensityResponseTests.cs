using System.Collections.Immutable;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Tests.Dsmc;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests;

/// <summary>The first density correction of collision rates.</summary>
public class DensityResponseTests
{
    [Fact]
    public void Without_zones_it_is_the_volume_that_two_exclusion_spheres_share()
    {
        Gas spheres = DsmcGases.Unit(3, [new Species("A", 1, 0.3)]), disks = DsmcGases.Unit(2, [new Species("A", 1, 0.3)]);
        // Enskog: chi = 1 + (5 pi/12) n eps^3, and 1 + (2 pi/3 - sqrt(3)/2) n eps^2.
        Assert.Equal(5 * Math.PI / 12 * 0.027, Response(spheres)[0], 0.03 * 0.027);
        Assert.Equal((2 * Math.PI / 3 - Math.Sqrt(3) / 2) * 0.09, Response(disks)[0], 0.02 * 0.09);
    }

    [Fact]
    public void For_unlike_spheres_it_is_the_first_term_of_the_mixtures_contact_value()
    {
        Gas gas = DsmcGases.Unit(3, [new Species("A", 1, 0.02), new Species("B", 1, 0.03)]);
        CollisionChannel pair = CollisionChannel.All(gas).Single(c => c.Members is [0, 1]);
        ImmutableArray<double> response = DensityResponse.Of(gas, pair, 100_000);
        for (int s = 0; s < 2; s++)
        {
            int[] counts = [s == 0 ? 10 : 0, s == 1 ? 10 : 0];
            double first = (EquationOfState.MixtureContactValue(gas, counts, 0, 1) - 1) / 10;
            Assert.Equal(first, response[s], 0.04 * first);
        }
    }

    [Fact]
    public void A_zone_keeps_others_away_from_its_tuples_and_from_pairs()
    {
        // Points with a zone only. A third particle is forbidden where 2 r^2 + s^2/2 + s^2 < eps^2, s the pair's distance, 0 here.
        Gas gas = DsmcGases.Unit(2, [new Species("A", 1, 1e-6)], new Zone(3, 0.3));
        ImmutableArray<CollisionChannel> channels = CollisionChannel.All(gas);
        Assert.Equal(-0.5 * Math.PI * 0.09, DensityResponse.Of(gas, channels[0])[0], 0.02 * 0.09);
        // Measured with the particle system (physics, section 6): -1.1 to -1.5 eps^d.
        Assert.InRange(DensityResponse.Of(gas, channels[1])[0] / 0.09, -1.6, -1.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void The_solver_collides_as_often_as_the_response_says(int cells)
    {
        Gas gas = DsmcGases.Unit(3, [new Species("A", 1, 0.2)]);
        const double Response = -0.5;
        const int Count = 40_000;
        CounterRandom random = new(4, RandomStream.Testing);
        ParticleState[] start = new ParticleState[Count];
        for (int id = 0; id < start.Length; id++)
        {
            start[id].Position = new Vec3(random.NextUniform(), random.NextUniform(), random.NextUniform());
            start[id].Velocity = random.NextNormalVector(3);
        }

        DsmcSolver solver = new(
            gas, new DsmcGrid(gas.Box, cells, cells, cells), 1.0 / Count, start, 1,
            channels: [CollisionChannel.All(gas)[0].With([Response])]);
        double step = cells == 1 ? 4 : 0.02;
        long steps = cells == 1 ? 1 : 200;
        solver.Advance(step, steps);
        double expected = CollisionFrequency.Pair(3, 1, 0.2, 1, 1) * Math.Exp(Response) * Count / 2 * step * steps;
        // The number of collisions scatters like a Poisson number; exp of a density with few particles has a bias of half its variance.
        double bias = cells == 1 ? 0 : 0.5 * Response * Response * cells * cells * cells / Count;
        double collisions = solver.Tally.Collisions[0];
        Assert.Equal(expected * (1 + bias), collisions, 4 * Math.Sqrt(expected));
    }

    private static ImmutableArray<double> Response(Gas gas) => DensityResponse.Of(gas, CollisionChannel.All(gas)[0], 100_000);
}
