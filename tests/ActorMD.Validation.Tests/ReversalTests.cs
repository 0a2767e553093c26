using System.Collections.Immutable;
using ActorMD.Engine;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>The flow is reversible [Mix Thm 3.1, High Thm 2.12].</summary>
[Trait("Tier", "Validation")]
public class ReversalTests(ITestOutputHelper output)
{
    /// <summary>Displacement of the shadow trajectory that measures how fast errors grow.</summary>
    private const double ShadowShift = 1e-10;

    private static readonly ImmutableArray<Species> Unlike = [KnownGases.Unit, new("B", 4, 0.5)];

    public static TheoryData<string, Gas, ImmutableArray<int>, double> Cases => new()
    {
        { "spheres", KnownGases.OfPacking(3, 0.2, [KnownGases.Unit], [500]), [500], 2 },
        { "dense spheres", KnownGases.OfPacking(3, 0.45, [KnownGases.Unit], [500]), [500], 0.5 },
        { "mixture", KnownGases.OfPacking(3, 0.2, Unlike, [250, 250]), [250, 250], 2 },
        { "disks", KnownGases.OfPacking(2, 0.4, [KnownGases.Unit], [400]), [400], 2 },
        { "walls", KnownGases.OfPacking(3, 0.2, [KnownGases.Unit], [200], Boundary.Reflecting), [200], 2 },
        { "open space", KnownGases.OfPacking(3, 0.2, [KnownGases.Unit], [200], Boundary.Open), [200], 4 },
        { "zones of order 3 and 4", KnownGases.OfDensity(3, 0.04, [KnownGases.Unit], 300, new Zone(3, 2.4), new Zone(4, 4)), [300], 6 },
        { "zone of order 3, unlike masses", KnownGases.OfDensity(2, 0.1, Unlike, 300, new Zone(3, 2.4)), [150, 150], 6 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Reversed_velocities_lead_back_to_the_start(string name, Gas gas, ImmutableArray<int> counts, double time)
    {
        // Spheres of the lattice may touch walls or each other at time 0: such an event would be found on one of the two ways only.
        SystemState start = Reversed(gas, Run(gas, KnownGases.Start(gas, counts, PositionMethod.Lattice, seed: 19), 0.1, out _));
        SystemState turned = Reversed(gas, Run(gas, start, time, out long events));
        SystemState back = Run(gas, turned, time, out long eventsBack);
        SystemState shadow = Run(gas, Shifted(turned), time, out _);

        // Lyapunov growth: the way back multiplies the shadow's shift as it does the rounding errors of the way there. Each of
        // the events of a particle adds a few roundings of its position, of the size of half a box at most.
        double growth = Distance(gas, back, shadow) / ShadowShift;
        double rounding = 16 * Math.ScaleB(gas.Box.Lengths.X, -53) * (1 + 2.0 * events / counts.Sum());
        double error = Distance(gas, start, back);
        string line = FormattableString.Invariant(
            $"{name}: {events} events, error {error:E1} of at most {rounding * growth:E1}, errors grow {growth:E1} times");
        output.WriteLine(line);
        Assert.True(events > counts.Sum() / 3, $"too few events to show anything: {line}");
        Assert.Equal(events, eventsBack);
        Assert.True(growth > 1 && growth < 1e7, $"the time is too long: {line}");
        Assert.True(error <= rounding * growth, line);
    }

    private static SystemState Run(Gas gas, SystemState start, double time, out long events)
    {
        using Simulator simulator = new(gas, start);
        simulator.Advance(time);
        events = simulator.Tally.EventCount;
        return simulator.Capture();
    }

    // All particles at the moment of the cut, with reversed velocities and clocks at zero.
    private static SystemState Reversed(Gas gas, SystemState state)
    {
        ParticleState[] particles = [.. state.Particles];
        foreach (ref ParticleState particle in particles.AsSpan())
        {
            Epoch.Rebase(gas.Box, ref particle, state.Time);
            particle.Velocity = -particle.Velocity;
        }

        return new SystemState(particles, state.EpochLength);
    }

    private static SystemState Shifted(SystemState state)
    {
        ParticleState[] particles = [.. state.Particles];
        CounterRandom random = new(20, RandomStream.Testing);
        foreach (ref ParticleState particle in particles.AsSpan())
        {
            // Velocities, so that no contact of the turning point is violated.
            int dimension = particle.Velocity.Z == 0 ? 2 : 3;
            particle.Velocity += ShadowShift * random.NextNormalVector(dimension);
        }

        return new SystemState(particles, state.EpochLength);
    }

    private static double Distance(Gas gas, SystemState a, SystemState b) => Math.Sqrt(a.Particles.Zip(b.Particles)
        .Max(pair => gas.Box.NearestImage(pair.First.PositionAt(a.Time) - pair.Second.PositionAt(b.Time)).LengthSquared));
}
