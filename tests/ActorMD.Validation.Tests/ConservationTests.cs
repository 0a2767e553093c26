using System.Collections.Immutable;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Runs.Observables;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>Energy and momentum over very many events.</summary>
[Trait("Tier", "Validation")]
public class ConservationTests(ITestOutputHelper output)
{
    private const int Count = 4000;

    /// <summary>Per 10^8 events; proportionally less for fewer.</summary>
    private const double EnergyDriftMax = 1e-12;

    public static TheoryData<string, Gas, ImmutableArray<int>, long> Cases
    {
        get
        {
            // Masses whose sum and ratios are no binary fractions: then rounding must not favour one sign.
            ImmutableArray<Species> binary = [KnownGases.Unit, new("B", 4, 0.5)], decimals = [KnownGases.Unit, new("B", 0.3, 1)];
            ImmutableArray<int> half = [Count / 2, Count / 2];
            return new()
            {
                { "masses 1 : 4", KnownGases.OfPacking(3, 0.3, binary, half), half, 10_000_000 },
                { "masses 1 : 0.3", KnownGases.OfPacking(2, 0.3, decimals, half), half, 10_000_000 },
                { "zone of order 3, masses 1 : 4", KnownGases.OfDensity(2, 0.1, binary, Count, new Zone(3, 2.4)), half, 1_000_000 },
            };
        }
    }

    [Fact]
    public void A_hundred_million_collisions_keep_energy_and_momentum() =>
        Check("equal spheres", KnownGases.OfPacking(3, 0.45, [KnownGases.Unit], [Count]), [Count], 100_000_000);

    [Theory, MemberData(nameof(Cases))]
    public void Events_of_unlike_masses_keep_energy_and_momentum(string name, Gas gas, ImmutableArray<int> counts, long eventCount) =>
        Check(name, gas, counts, eventCount);

    private void Check(string name, Gas gas, ImmutableArray<int> counts, long eventCount)
    {
        using EquilibriumRun run = new(gas, counts, PositionMethod.Lattice, seed: 18);
        VelocityMoments start = VelocityMoments.Of(gas, run.Simulator.Capture());
        while (run.Simulator.Tally.EventCount < eventCount)
        {
            run.Simulator.Advance(double.PositiveInfinity, 100_000);
        }

        long events = run.Simulator.Tally.EventCount;
        VelocityMoments end = VelocityMoments.Of(gas, run.Simulator.Capture());
        double energy = (end.Energy - start.Energy) / start.Energy;
        double energyMax = EnergyDriftMax * events / 1e8;
        double momentum = Math.Sqrt((end.Momentum - start.Momentum).LengthSquared);

        // Every event rounds at most 9 components of momenta of size sqrt(M T) by up to 2^-53 each, at random: a walk. The factor
        // 4 allows for the few roundings of one new velocity.
        double walk = 4 * Math.Sqrt(9.0 * events * gas.Species.Max(s => s.Mass)) * Math.ScaleB(1, -53);
        string line = FormattableString.Invariant($"{name}: {events} events, energy drift {energy:E2} of at most {energyMax:E1}, ")
            + FormattableString.Invariant($"momentum drift {momentum:E2} of at most {walk:E1}");
        output.WriteLine(line);
        Assert.True(Math.Abs(energy) < energyMax, line);
        Assert.True(momentum < walk, line);
    }
}
