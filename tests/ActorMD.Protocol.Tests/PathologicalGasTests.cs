using ActorMD.Engine;
using ActorMD.Engine.Execution;
using ActorMD.Physics;
using ActorMD.Runs.Simulations;
using ActorMD.Simulation;

namespace ActorMD.Protocol.Tests;

/// <summary>
/// Gases at the edge of what is possible end alike however they are computed: by any search, any number of threads or domains. Those that
/// cannot be simulated are refused in all of them.
/// </summary>
public sealed class PathologicalGasTests : IDisposable
{
    private readonly ThreadTeam[] _teams = [new ThreadTeam(2), new ThreadTeam(3), new ThreadTeam(5)];

    private static readonly string[] _slow = ["500 species", "orders 3 to 12", "packing 1e-9"];

    public static TheoryData<string> Names => [.. PathologicalGases.All.Select(gas => gas.Name).Except(_slow)];

    public static TheoryData<string> SlowNames => [.. _slow];

    public void Dispose()
    {
        foreach (ThreadTeam team in _teams)
        {
            team.Dispose();
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void It_ends_in_the_same_digest_however_it_is_computed(string name) => Check(name);

    [Theory, Trait("Tier", "Validation"), MemberData(nameof(SlowNames))]
    public void It_ends_in_the_same_digest_though_it_takes_long(string name) => Check(name);

    private void Check(string name)
    {
        PathologicalGas pathology = PathologicalGases.All.Single(g => g.Name == name);
        (Gas gas, SystemState start) = pathology.Start();
        double until = pathology.Until;
        Assert.Empty(GasValidation.Check(gas, [.. gas.Species.Select((_, a) => start.Particles.Count(p => p.Kind == a))]));
        using Simulator one = new(gas, start, null, new SearchSettings(SearchMethod.Cells));
        one.Advance(until);
        string digest = StateDigest.Of(one.Capture());
        Assert.True(one.Tally.CollisionCount >= pathology.CollisionCountMin, $"{name}: {one.Tally.CollisionCount} collisions");

        foreach (SearchMethod method in (SearchMethod[])[
            SearchMethod.Automatic, SearchMethod.FilteredCells, SearchMethod.TimeSlices, SearchMethod.TimeSlicesWithLists])
        {
            foreach (ThreadTeam? team in (ThreadTeam?[])[null, .. _teams])
            {
                SearchSettings settings = team is null ? new(method) : new(method, StripDepth: 2) { Team = team };
                using Simulator simulator = new(gas, start, null, settings);
                simulator.Advance(until);
                Assert.True(digest == StateDigest.Of(simulator.Capture()), $"{name}: {method} with {team?.Count ?? 1} threads differs");
                Assert.Equal(one.Tally.OrderCounts, simulator.Tally.OrderCounts);
                Assert.Equal(one.Tally.MultipleCount, simulator.Tally.MultipleCount);
            }
        }

        foreach (int domainCount in (int[])[2, 4])
        {
            using SynchronousCluster cluster = new(gas, start, null, domainCount);
            cluster.Advance(until);
            Assert.True(digest == StateDigest.Of(cluster.Client.State), $"{name}: {domainCount} domains differ");
            Assert.Equal(one.Tally.OrderCounts, cluster.Client.Tally.OrderCounts);
        }
    }

    [Fact]
    public void All_orders_up_to_twelve_have_zones_and_the_highest_happens()
    {
        PathologicalGas pathology = PathologicalGases.All.Single(g => g.Name == "orders 3 to 12");
        (Gas gas, SystemState start) = pathology.Start();
        Assert.Equal(10, gas.Zones.Length);
        using Simulator simulator = new(gas, start);
        simulator.Advance(pathology.Until);
        Assert.True(simulator.Tally.OrderCounts[12] > 0, string.Join(", ", simulator.Tally.OrderCounts));
    }

    [Fact]
    public void Disks_wedged_between_walls_are_refused_with_the_particle_by_any_threads()
    {
        Box slit = new(2, new Vec3(600, 1 + 1e-13, 0), Boundary.Periodic, Boundary.Reflecting, Boundary.Open);
        Gas gas = new(slit, [new Species("A", 1, 1)], []);
        ParticleState[] particles = [.. Enumerable.Range(0, 120).Select(n => new ParticleState
        {
            Position = new Vec3(5 * n + 2, 0.5, 0),
            Velocity = new Vec3(0.1, 1, 0),
        })];
        foreach (ThreadTeam? team in (ThreadTeam?[])[null, .. _teams])
        {
            SearchSettings settings = team is null ? new() : new(StripDepth: 2) { Team = team };
            using Simulator simulator = new(gas, new SystemState([.. particles], 1 << 20), null, settings);
            PhysicsViolationException refused = Assert.Throws<PhysicsViolationException>(() => simulator.Advance(1));
            Assert.Contains("event storm", refused.Message, StringComparison.Ordinal);
            Assert.Contains($"particle is {Assert.Single(refused.Particles)} ", refused.Message, StringComparison.Ordinal);
        }
    }
}
