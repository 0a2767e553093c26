using ActorMD.Kinetic.Hierarchy;
using ActorMD.Physics;
using static ActorMD.Kinetic.Tests.Hierarchy.SeriesRun;

namespace ActorMD.Kinetic.Tests.Hierarchy;

/// <summary>The Duhamel series of the BBGKY hierarchy of two, three and four particles: it ends, and adds up to what the particles do.</summary>
public class BbgkySeriesTests
{
    [Fact]
    public void The_first_slope_of_one_particle_of_each_gas_is_that_of_the_equation_over_the_free_volume()
    {
        Gas gas = Box(3, 1, [new Species("A", 1, 0.3), new Species("B", 4, 0.3)]);
        InitialData data = Data(Warm(2), Warm(0.5));
        double v = 4 * Math.PI / 3 * 0.027, slope = 2 * EnergyExchange.OfFirst(3, 0.3, 1, [1, 4], [2, 0.125]), time = 0.005;
        SeriesModel model = Normalised(gas, [1, 1], data, [0], 400_000, "energy");
        Assert.Equal(1 - v, model.Normalisation, 4 * Math.Sqrt(v * (1 - v) / 400_000));
        SeriesTerm term = Terms(model, time, 1, 400_000)[1];
        IsNear(time * slope / (1 - v), term, 0.02 * Math.Abs(time * slope));
        Assert.True(Math.Abs(term.Estimate - time * slope) > 4 * term.Error, "the free volume is not felt");
    }

    [Fact]
    public void Three_spheres_meet_at_the_contact_value_that_the_third_one_makes()
    {
        const double Diameter = 0.3;
        double v = 4 * Math.PI / 3 * Math.Pow(Diameter, 3);
        double contact = (1 - 27 * v / 16) / (1 - 3 * v + 81 * v * v / 32);
        Gas gas = Box(3, 1, [new Species("A", 1, Diameter)]);
        SeriesModel model = Normalised(gas, [3], Data(Warm(1)), [0], 1_000_000, "density");
        double time = 0.005, exact = 2 * time * CollisionFrequency.Pair(3, 2, Diameter, 1, 1) * contact;
        SeriesTerm term = Terms(model, time, 1, 200_000)[1];
        Assert.True(term.UnsignedError < 0.004 * exact);
        // Collisions within the time, of one percent of the particles, change it by less than the error.
        Assert.Equal(exact, term.Unsigned, SigmaMax * term.UnsignedError + 0.002 * exact);
        Assert.True(contact > 1.15, "there is nothing to see");
    }

    /// <summary>d, N, diameter, zone (0: none), time, largest error of the sum.</summary>
    public static TheoryData<int, int, double, double, double> Gases => new()
    {
        { 3, 2, 0.25, 0, 0.3 },
        { 2, 2, 0.2, 0, 0.4 },
        { 3, 3, 0.25, 0, 0.25 },
        { 2, 3, 0.2, 0, 0.25 },
        { 2, 3, 0.05, 0.3, 0.2 },
        { 2, 4, 0.05, 0.3, 0.15 },
        { 3, 3, 0.05, 0.35, 0.2 },
    };

    [Theory, MemberData(nameof(Gases))]
    public void The_whole_series_is_what_the_particles_do(int d, int count, double diameter, double zone, double time)
    {
        (SeriesModel model, InitialData data) = Of(d, count, diameter, zone);
        (double Mean, double Error)[] exact = FewParticles.Simulate(model, data, time, 200_000, 3);
        for (int n = 0; n < exact.Length; n++)
        {
            SeriesTerm[] terms = [.. Terms(model, time, count - 1, 60_000).Where(t => t.Observable == model.Observables[n].Name)];
            double sum = terms.Sum(t => t.Estimate), error = Math.Sqrt(terms.Sum(t => t.Error * t.Error) + exact[n].Error * exact[n].Error);
            Assert.True(
                Math.Abs(sum - exact[n].Mean) < SigmaMax * error,
                $"{model.Observables[n].Name}: {sum:G6}({error:G2}), particles {exact[n].Mean:G6}({exact[n].Error:G2}); " + string.Join(", ", terms.Select(t => $"{t.Estimate:G4}({t.Error:G2})")));
        }
    }

    private static (SeriesModel Model, InitialData Data) Of(int d, int count, double diameter, double zone)
    {
        Gas gas = zone == 0 ? Box(d, 1, [new Species("A", 1, diameter)]) : Box(d, 1, [new Species("A", 1, diameter)], new Zone(3, zone));
        InitialData data = Data(FewFast(1, 0.35)).WithWave(0.8);
        return (Normalised(gas, [count], data, [0], 1_000_000, "fourth", "wave"), data);
    }

    private static SeriesModel Normalised(Gas gas, int[] counts, InitialData data, int[] tracked, int draws, params string[] observables)
    {
        SeriesModel Make(double z) => Model(gas, counts, data, SeriesFlow.True, tracked, z, observables);
        long free = Enumerable.Range(0, draws / 10_000).AsParallel().Sum(block => ConditionedLaw.CountFree(Make(1), 5, block, 10_000));
        return Make((double)free / draws);
    }
}
