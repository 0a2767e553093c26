using System.Collections.Immutable;
using ActorMD.Engine;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Laws;
using ActorMD.Runs.Observables;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>A cloud that expands into empty space.</summary>
[Trait("Tier", "Validation")]
public class OpenSpaceTests(ITestOutputHelper output)
{
    private static readonly ImmutableArray<Species> Unlike = [new("A", 1, 1), new("B", 4, 0.5)];

    public static TheoryData<string, Gas, ImmutableArray<int>> Clouds => new()
    {
        { "spheres", KnownGases.OfPacking(3, 0.2, Unlike, [500, 500], Boundary.Open), [500, 500] },
        { "disks", KnownGases.OfPacking(2, 0.2, Unlike, [500, 500], Boundary.Open), [500, 500] },
        { "zones", new Gas(Box.Cube(12, Boundary.Open), Unlike, [new Zone(3, 2.4), new Zone(4, 4)]), [150, 150] },
    };

    [Theory, MemberData(nameof(Clouds))]
    public void An_expanding_cloud_keeps_its_momenta_and_ends_without_events_while_time_goes_on(
        string name, Gas gas, ImmutableArray<int> counts)
    {
        SystemState start = KnownGases.Start(gas, counts, PositionMethod.Lattice, seed: 22);
        using Simulator simulator = new(gas, start);
        VelocityMoments before = VelocityMoments.Of(gas, start);

        // 200 times the time in which a particle of thermal speed crosses the box: particles that have not met by then fly apart.
        double late = 200 * gas.Box.Lengths.X;
        simulator.Advance(late);
        long[] events = [.. simulator.Tally.OrderCounts];
        SystemState expanded = simulator.Capture();
        simulator.Advance(4 * late);
        SystemState end = simulator.Capture();
        Assert.Equal(events, simulator.Tally.OrderCounts);
        Assert.Equal(4 * late, simulator.Time);

        // No two particles approach each other any more, and all fly straight on.
        Assert.Equal(0, ApproachingPairCount(gas, end));
        double side = Math.Sqrt(end.Particles.Max(p => p.PositionAt(end.Time).LengthSquared));
        for (int id = 0; id < counts.Sum(); id++)
        {
            ParticleState then = expanded.Particles[id], now = end.Particles[id];
            Assert.Equal(then.Velocity, now.Velocity);
            Vec3 straight = then.PositionAt(expanded.Time) + (end.AbsoluteTime - expanded.AbsoluteTime) * then.Velocity;
            Assert.InRange((now.PositionAt(end.Time) - straight).LengthSquared, 0, 1e-24 * side * side);
        }

        VelocityMoments after = VelocityMoments.Of(gas, end);
        double eventCount = events.Sum();
        double energy = after.Energy / before.Energy - 1;
        double momentum = Math.Sqrt((after.Momentum - before.Momentum).LengthSquared);
        double angular = Math.Sqrt((after.AngularMomentum!.Value - before.AngularMomentum!.Value).LengthSquared);

        // Walks of roundings: each event rounds at most 12 components of momenta of size sqrt(M) = 2 a few times. For angular
        // momentum, besides, every re-basing rounds the positions of all particles, at the arm of the cloud at the end.
        double rounding = Math.ScaleB(1, -53);
        double walk = 8 * Math.Sqrt(12 * eventCount) * rounding;
        double angularWalk = walk * gas.Box.Lengths.X + 8 * Math.Sqrt((end.Epoch + 2.0) * counts.Sum()) * side * rounding;
        output.WriteLine(FormattableString.Invariant($"{name}: events by order {string.Join(", ", events)}; drifts: energy {energy:E1}, ")
            + FormattableString.Invariant($"momentum {momentum:E1} of {walk:E1}, angular momentum {angular:E1} of {angularWalk:E1}"));
        Assert.True(eventCount > counts.Sum() / 2);
        Assert.All(gas.Zones, zone => Assert.True(events[zone.Order] > 0));
        Assert.InRange(Math.Abs(energy), 0, 1e-13);
        Assert.InRange(momentum, 0, walk);
        Assert.InRange(angular, 0, angularWalk);
    }

    private static int ApproachingPairCount(Gas gas, SystemState state)
    {
        int count = 0;
        for (int i = 0; i < state.Particles.Length; i++)
        {
            for (int j = i + 1; j < state.Particles.Length; j++)
            {
                double contact = gas.ContactDistance(state.Particles[i].Kind, state.Particles[j].Kind);
                double time = PairEvent.Time(state.Particles[i], state.Particles[j], Vec3.Zero, contact * contact);
                count += time < double.PositiveInfinity ? 1 : 0;
            }
        }

        return count;
    }
}
