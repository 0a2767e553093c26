using ActorMD.Files.Checkpoints;
using ActorMD.Physics;
using ActorMD.Runs.Observables;

namespace ActorMD.Runs.Tests;

public class DriftTests
{
    private static readonly ParticleState[] Pair =
    [
        new() { Velocity = new Vec3(1, 0, 0) },
        new() { Velocity = new Vec3(-1, 2, 0), Position = new Vec3(0.5, 0.5, 0.5) },
    ];

    [Fact]
    public void Drifts_are_relative_to_energy_and_to_the_largest_possible_momentum()
    {
        Drift drift = Since(Box.Cube(1), energy: 2, momentum: new Vec3(0, 2, 1));

        Assert.Equal((3.0 - 2) / 2, drift.Energy);
        Assert.Equal(1 / Math.Sqrt(2 * 2 * 2), drift.Momentum!.Value, 1e-15);
        Assert.Null(drift.AngularMomentum);
    }

    [Fact]
    public void Walls_take_momentum_along_their_normal_only()
    {
        Box channel = new(3, new Vec3(1, 1, 1), Boundary.Reflecting, Boundary.Periodic, Boundary.Periodic);

        Assert.Equal(0, Since(channel, energy: 3, momentum: new Vec3(7, 2, 0)).Momentum);
        Assert.Null(Since(Box.Cube(1, Boundary.Reflecting), energy: 3, momentum: new Vec3(7, 2, 0)).Momentum);
    }

    [Fact]
    public void Drifts_are_undefined_where_nothing_moves() =>
        Assert.Equal(new Drift(null, null, null), Since(Box.Cube(1), energy: 0, momentum: Vec3.Zero));

    [Fact]
    public void A_drift_beyond_rounding_is_named()
    {
        Assert.Null(new Drift(1e-13, 1e-13, null).Violation(Drift.Tolerance(eventsPerParticle: 100)));
        Assert.Contains("momentum", new Drift(0, 1e-9, null).Violation(Drift.Tolerance(eventsPerParticle: 100)), StringComparison.Ordinal);
        Assert.Contains(
            "energy", new Drift(double.NaN, 0, null).Violation(Drift.Tolerance(eventsPerParticle: 100)), StringComparison.Ordinal);
    }

    private static Drift Since(Box box, double energy, Vec3 momentum)
    {
        Gas gas = new(box, [new Species("A", 1, 0.1)], []);
        VelocityMoments moments = VelocityMoments.Of(gas, new SystemState(Pair, 1));
        return Drift.Since(new RunProgress { InitialEnergy = energy, InitialMomentum = momentum }, box, moments);
    }
}
