using ActorMD.Engine.Execution;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Engine.Tests;

/// <summary>
/// Lattices whose particles all fly along axes with exactly the same speed: at one instant many clusters of three and more touch, and the
/// order (time, order, ids) alone says in which order their pairs collide.
/// </summary>
public class EqualSpeedTests
{
    [Theory]
    [InlineData(3, 9)]
    [InlineData(3, 10)]
    [InlineData(2, 9)]
    [InlineData(2, 11)]
    public void All_searches_decide_clusters_of_simultaneous_contacts_alike(int dimension, ulong seed)
    {
        SystemState start = Lattice(dimension, seed, out Gas gas);
        string? digest = null;
        foreach (SearchMethod method in Enum.GetValues<SearchMethod>())
        {
            using Simulator simulator = new(gas, start, null, new SearchSettings(method));
            simulator.Advance(6);
            Assert.True(simulator.Tally.CollisionCount > 1000, $"{simulator.Tally.CollisionCount} collisions");
            digest ??= StateDigest.Of(simulator.Capture());
            Assert.True(digest == StateDigest.Of(simulator.Capture()), $"{method} ends otherwise than {default(SearchMethod)}");
        }
    }

    private static SystemState Lattice(int dimension, ulong seed, out Gas gas)
    {
        int side = dimension == 3 ? 8 : 32, layers = dimension == 3 ? side : 1;
        gas = new Gas(Box.Of(dimension, new Vec3(4 * side, 2 * side, 2 * side), Boundary.Periodic), [new Species("A", 1, 1)], []);
        CounterRandom random = new(seed, RandomStream.Testing);
        List<ParticleState> particles = [];
        for (int n = 0; n < 2 * side * side * layers; n++)
        {
            (int x, int y, int z) = (n % (2 * side), n / (2 * side) % side, n / (2 * side * side));
            int axis = random.NextInteger(dimension), sign = 2 * random.NextInteger(2) - 1;
            particles.Add(new ParticleState
            {
                Position = new Vec3(2 * x + 1, 2 * y + 1, dimension == 3 ? 2 * z + 1 : 0),
                Velocity = new Vec3(axis == 0 ? sign : 0, axis == 1 ? sign : 0, axis == 2 ? sign : 0),
            });
        }

        return new SystemState([.. particles], 4);
    }
}
