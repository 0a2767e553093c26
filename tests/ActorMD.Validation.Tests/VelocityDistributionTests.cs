using System.Collections.Immutable;
using ActorMD.Engine;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Runs.Observables;
using ActorMD.Validation.Tests.Statistics;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests;

/// <summary>Every gas ends in Maxwellians of one temperature.</summary>
[Trait("Tier", "Validation")]
public class VelocityDistributionTests(ITestOutputHelper output)
{
    private const double PValueMin = 1e-4;
    private const double TemperatureErrorMax = 0.005;
    private const int SnapshotCount = 64;

    /// <summary>Events per particle; masses 1 : 4 exchange most of their energy difference in four.</summary>
    private const int RelaxationEvents = 80;
    private const int EventsBetweenSnapshots = 8;

    private static readonly ImmutableArray<Species> Unlike = [new("A", 1, 1), new("B", 4, 0.6)];
    private static readonly ImmutableArray<Species> Points = [new("A", 1, 0.02), new("B", 4, 0.02)];

    public static TheoryData<string, Gas> Cases => new()
    {
        { "spheres", KnownGases.OfDensity(3, 0.4, Unlike, 2000) },
        { "disks", KnownGases.OfDensity(2, 0.4, Unlike, 2000) },
        { "spheres with a zone of order 3", KnownGases.OfDensity(3, 0.05, Unlike, 2000, new Zone(3, 2.4)) },
        { "a zone of order 3 alone", KnownGases.OfDensity(3, 0.05, Points, 2000, new Zone(3, 2.4)) },
        { "disks with zones of order 3 and 4", KnownGases.OfDensity(2, 0.1, Unlike, 2000, new Zone(3, 2.4), new Zone(4, 4)) },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Unlike_temperatures_relax_to_Maxwellians_of_one_temperature(string name, Gas gas)
    {
        ImmutableArray<int> counts = [1000, 1000];
        using Simulator simulator = new(gas, TwoTemperatures(gas, counts));
        double meanFreeTime = Relax(simulator, counts.Sum());
        VelocityMoments total = VelocityMoments.Of(gas, simulator.Capture());
        double temperature = total.Temperature * total.Count / (total.Count - 1);
        List<double>[] temperatures = [[], []];
        List<double>[] components = [.. Enumerable.Range(0, 2 * gas.Dimension).Select(_ => new List<double>())];
        for (int n = 0; n < SnapshotCount; n++)
        {
            simulator.Advance(simulator.Time + EventsBetweenSnapshots * meanFreeTime);
            SystemState state = simulator.Capture();
            VelocityMoments moments = VelocityMoments.Of(gas, state);
            for (int a = 0; a < 2; a++)
            {
                temperatures[a].Add(moments.TemperatureBySpecies[a]!.Value);
            }

            foreach (ParticleState particle in state.Particles)
            {
                double unit = Math.Sqrt(temperature / gas.Species[particle.Kind].Mass);
                for (int axis = 0; axis < gas.Dimension; axis++)
                {
                    components[particle.Kind * gas.Dimension + axis].Add(particle.Velocity[axis] / unit);
                }
            }
        }

        output.WriteLine($"{name}: events by order {string.Join(", ", simulator.Tally.OrderCounts)}");
        for (int a = 0; a < 2; a++)
        {
            new Measurement($"{name}: T_{gas.Species[a].Name}", BlockAverage.Of(temperatures[a]), temperature)
                .Check(output, TemperatureErrorMax);
            for (int axis = 0; axis < gas.Dimension; axis++)
            {
                double p = KolmogorovSmirnov.PValue([.. components[a * gas.Dimension + axis]], KolmogorovSmirnov.StandardNormal);
                Scores.Note(output, $"{name}: v_{"xyz"[axis]}", Scores.NormalOf(p));
                output.WriteLine(FormattableString.Invariant($"{name}: v_{"xyz"[axis]} of {gas.Species[a].Name}: p = {p:F4}"));
                Assert.True(p > PValueMin, FormattableString.Invariant($"{name}: v_{"xyz"[axis]} of {gas.Species[a].Name}: p = {p:E2}"));
            }
        }
    }

    // Species A at temperature 2, species B at 0.5, no total momentum.
    private static SystemState TwoTemperatures(Gas gas, ImmutableArray<int> counts) => InitialState.Build(
        gas,
        counts,
        new InitialData(
            new PositionPlan(PositionMethod.Lattice),
            new VelocityPlan([new Maxwellian(2, Vec3.Zero), new Maxwellian(0.5, Vec3.Zero)], Vec3.Zero)),
        FreshSeeds.Of(15));

    // Returns the time in which every particle has one event on average, measured in the second half.
    private static double Relax(Simulator simulator, int count)
    {
        RunForEvents(simulator, (long)count * RelaxationEvents / 2);
        double start = simulator.Time;
        long before = Participations(simulator);
        RunForEvents(simulator, (long)count * RelaxationEvents / 2);
        return (simulator.Time - start) * count / (Participations(simulator) - before);
    }

    private static void RunForEvents(Simulator simulator, long participations)
    {
        for (long end = Participations(simulator) + participations; Participations(simulator) < end;)
        {
            simulator.Advance(double.PositiveInfinity, 1000);
        }
    }

    private static long Participations(Simulator simulator) => simulator.Tally.OrderCounts.Select((count, order) => count * order).Sum();
}
