using ActorMD.Kinetic.Estimates;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Scalings;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Tests;

public sealed class CostEstimateTests
{
    // Counted by brute force in an ideal gas: sets of particles around a given one, all within the reach of each other.
    [Theory]
    [InlineData(3, 3, 0.5)]
    [InlineData(3, 4, 0.5)]
    [InlineData(2, 4, 0.4)]
    [InlineData(3, 5, 0.6)]
    public void Tuples_are_estimated_within_their_order_of_magnitude(int dimension, int order, double reach)
    {
        const int Count = 100;
        Zone zone = new(order, reach / Math.Sqrt(2.0 / order));
        CounterRandom random = new(7, RandomStream.InitialPositions);
        long sets = 0;
        const int GasCount = 20;
        for (int gas = 0; gas < GasCount; gas++)
        {
            Vec3[] places = [
                .. Enumerable.Range(0, Count).Select(_ => Draw(ref random)).Where(place => place.LengthSquared <= reach * reach)];
            sets += Sets(places, [], 0);
        }

        double volume = dimension == 3 ? 8 : 4, found = (double)sets / GasCount,
            estimated = TupleCount.In(dimension, Count / volume, zone).Count;
        Assert.InRange(estimated / found, 1, 10); // the search looks at flights, not at places: more, but not by an order of magnitude

        Vec3 Draw(ref CounterRandom numbers) => new(
            2 * numbers.NextUniform() - 1, 2 * numbers.NextUniform() - 1, dimension == 3 ? 2 * numbers.NextUniform() - 1 : 0);

        long Sets(Vec3[] places, Vec3[] chosen, int from)
        {
            long sum = 0;
            for (int n = from; n < places.Length; n++)
            {
                if (chosen.All(member => (member - places[n]).LengthSquared <= reach * reach))
                {
                    sum += 1 + (chosen.Length + 2 < order ? Sets(places, [.. chosen, places[n]], n + 1) : 0);
                }
            }

            return sum;
        }
    }

    [Fact]
    public void What_is_beyond_the_machine_is_an_obstacle()
    {
        Gas gas = new(Box.Cube(1), [new Species("A", 1, 0.001)], []);
        CostEstimate cost = CostEstimate.Of(gas, [1_000_000], 1, 100, scales: null);
        Assert.Null(cost.Obstacle(1e12));
        Assert.Equal("species", cost.Obstacle(1e8)!.Value.Key);
    }

    [Fact]
    public void A_flow_that_crosses_the_box_all_the_time_costs_what_its_flights_do()
    {
        // 100 particles at a speed of 1e12 in a cube of 10: 59 s of processor time up to the time 9.9e-6, measured.
        Gas gas = new(Box.Cube(10), [new Species("A", 1, 1)], []);
        GasScales scales = GasScales.Of(gas, [100], [1], 100);
        Assert.InRange(CostEstimate.Of(gas, [100], 9.9e-6, 0, scales, speed: 1e12).Seconds!.Value, 20, 180);
        Assert.InRange(CostEstimate.Of(gas, [100], 1, 0, scales, speed: 1.6).Seconds!.Value, 1e-5, 1e-2);
        Assert.Equal("run.until", CostEstimate.Of(gas, [100], 1e3, 0, scales, speed: 1e12).Obstacle(1e12)!.Value.Key);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rescaled_velocities_have_the_temperatures_of_their_laws(bool isFree)
    {
        Gas gas = new(Box.Cube(100), [new("A", 1, 0.1), new("B", 7, 0.1)], []);
        VelocityPlan plan = new([new Maxwellian(2, Vec3.Zero), new Maxwellian(0.5, Vec3.Zero)], isFree ? null : Vec3.Zero, Rescale: true);
        SystemState state = InitialState.Build(gas, [50, 20], new(new(PositionMethod.Lattice), plan), 3);
        Vec3 momentum = Vec3.Zero;
        double mass = 0;
        foreach (ParticleState particle in state.Particles)
        {
            momentum += gas.Species[particle.Kind].Mass * particle.Velocity;
            mass += gas.Species[particle.Kind].Mass;
        }

        Vec3 mean = momentum * (1 / mass);
        foreach ((int species, double temperature) in new[] { (0, 2.0), (1, 0.5) })
        {
            ParticleState[] own = [.. state.Particles.Where(p => p.Kind == species)];
            Assert.Equal(temperature, own.Average(p => gas.Species[species].Mass * (p.Velocity - mean).LengthSquared / 3), 1e-12);
        }
    }
}
