using ActorMD.Kinetic.Hierarchy;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using static ActorMD.Kinetic.Tests.Hierarchy.SeriesRun;

namespace ActorMD.Kinetic.Tests.Hierarchy;

/// <summary>
/// The Duhamel series of the BBGKY hierarchy of two, three and four particles: it ends, and adds up to what the particles do.
/// </summary>
public class BbgkySeriesTests
{
    private static readonly string[] Wave = ["fourth", "wave"];

    [Fact]
    public void The_first_slope_of_one_particle_of_each_gas_is_that_of_the_equation_over_the_free_volume()
    {
        Gas gas = Box(3, 1, [new Species("A", 1, 0.3), new Species("B", 4, 0.3)]);
        SeriesModel model = Model(gas, [1, 1], Data(Warm(2), Warm(0.5)), SeriesFlow.True, [0], ["energy"]);
        double v = 4 * Math.PI / 3 * 0.027, slope = 2 * EnergyExchange.OfFirst(3, 0.3, 1, [1, 4], [2, 0.125]), time = 0.005;
        (double z, double error) = Normalisation(model, 200_000);
        Assert.Equal(1 - v, z, 4 * error);
        SeriesTerm term = Terms(model, time, 1, 400_000, 200_000)[1];
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
        SeriesModel model = Model(gas, [3], Data(Warm(1)), SeriesFlow.True, [0], ["density"]);
        double time = 0.005, exact = 2 * time * CollisionFrequency.Pair(3, 2, Diameter, 1, 1) * contact;
        SeriesTerm term = Terms(model, time, 1, 200_000, 500_000)[1];
        Assert.True(term.UnsignedError < 0.005 * exact);
        // Collisions within the time, of one percent of the particles, change it by less than the error.
        Assert.Equal(exact, term.Unsigned, SigmaMax * term.UnsignedError + 0.002 * exact);
        Assert.True(contact > 1.1, "there is nothing to see");
    }

    /// <summary>d, N, tracked, diameter, zone (0: none), time, trees of each k.</summary>
    public static TheoryData<int, int, int, double, double, double, int> Gases => new()
    {
        { 3, 2, 1, 0.25, 0, 0.3, 40_000 },
        { 2, 3, 1, 0.05, 0.3, 0.2, 40_000 },
    };

    /// <summary>The same, larger.</summary>
    public static TheoryData<int, int, int, double, double, double, int> MoreGases => new()
    {
        { 2, 2, 1, 0.2, 0, 0.4, 400_000 },
        { 3, 3, 1, 0.25, 0, 0.25, 400_000 },
        { 2, 3, 1, 0.2, 0, 0.25, 400_000 },
        { 2, 4, 1, 0.05, 0.3, 0.15, 400_000 },
        { 3, 3, 1, 0.05, 0.35, 0.2, 400_000 },
        { 2, 3, 2, 0.05, 0.3, 0.2, 400_000 },
        { 3, 4, 2, 0.1, 0.3, 0.15, 400_000 },
        { 2, 4, 2, 0.05, 0.25, 0.1, 400_000 },
    };

    [Theory, MemberData(nameof(Gases))]
    public void The_whole_series_is_what_the_particles_do(
        int d, int count, int tracked, double diameter, double zone, double time, int trees)
    {
        (SeriesModel model, InitialData data) = Of(d, count, tracked, diameter, zone);
        Compare(model, data, time, count - tracked, trees);
    }

    [Theory, MemberData(nameof(MoreGases)), Trait("Tier", "Validation")]
    public void The_whole_series_is_what_the_particles_do_in_more_gases(
        int d, int count, int tracked, double diameter, double zone, double time, int trees) =>
        The_whole_series_is_what_the_particles_do(d, count, tracked, diameter, zone, time, trees);

    [Fact]
    public void Two_tracked_particles_that_meet_a_third_need_the_terms_that_the_printed_hierarchy_leaves_out()
    {
        (SeriesModel model, InitialData data) = Of(2, 3, 2, 0.05, 0.4);
        Compare(model, data, 0.15, 1, 100_000);
        SeriesModel printed = Model(model.Gas, [3], data, SeriesFlow.True, [0, 0], Wave, mistake: WithoutSeveral);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Compare(printed, data, 0.15, 1, 100_000));

        static TreeStratum WithoutSeveral(TreeStratum stratum) => stratum with
        {
            Steps = [.. stratum.Steps.Select(s => s.Addition.HasSeveralTracked ? s with { Factor = 0 } : s)],
        };
    }

    [Fact]
    public void Particles_that_are_added_on_the_wrong_side_are_noticed()
    {
        (SeriesModel right, InitialData data) = Of(3, 2, 1, 0.25, 0);
        SeriesModel wrong = Model(right.Gas, [2], data, SeriesFlow.True, [0], Wave, offset: -1);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Compare(wrong, data, 0.3, 1, 40_000));
    }

    [Fact]
    public void A_mixture_of_one_and_two_needs_labels_of_the_colliding_species()
    {
        Gas gas = Box(3, 1, [new Species("A", 1, 0.3), new Species("B", 4, 0.2)]);
        InitialData data = Data(Warm(2), Warm(0.5));
        Compare(Model(gas, [1, 2], data, SeriesFlow.True, [1], ["energy"]), data, 0.2, 2, 40_000);
        // The label of [Mix 8.11] ranges over the particles of the other species.
        SeriesModel wrong = Model(gas, [1, 2], data, SeriesFlow.True, [1], ["energy"], mistake: stratum =>
        {
            List<int> present = [1];
            return stratum with
            {
                Steps = [.. stratum.Steps.Select(step =>
                {
                    double own = present.Count(a => a == step.Addition.Tracked[0]), other = present.Count(a => a == step.Addition.Added[0]);
                    present.Add(step.Addition.Added[0]);
                    return step with { Factor = step.Factor / own * other };
                })],
            };
        });
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Compare(wrong, data, 0.2, 2, 40_000));
    }

    private static (SeriesModel Model, InitialData Data) Of(int d, int count, int tracked, double diameter, double zone)
    {
        Gas gas = zone == 0 ? Box(d, 1, [new Species("A", 1, diameter)]) : Box(d, 1, [new Species("A", 1, diameter)], new Zone(3, zone));
        InitialData data = Data(FewFast(1, 0.35)).WithWave(0.8);
        return (Model(gas, [count], data, SeriesFlow.True, [.. new int[tracked]], Wave), data);
    }

    private static void Compare(SeriesModel model, InitialData data, double time, int depth, int trees)
    {
        (double Mean, double Error)[] exact = FewParticles.Simulate(model, data, time, 3 * trees, 3);
        SeriesTerm[] all = [.. Terms(model, time, depth, trees, 500_000)];
        for (int n = 0; n < exact.Length; n++)
        {
            SeriesTerm[] terms = [.. all.Where(t => t.Observable == model.Observables[n].Name)];
            double sum = terms.Sum(t => t.Estimate), error = Math.Sqrt(terms.Sum(t => t.Error * t.Error) + exact[n].Error * exact[n].Error);
            Assert.True(
                Math.Abs(sum - exact[n].Mean) < SigmaMax * error,
                $"{model.Observables[n].Name}: {sum:G6}({error:G2}), particles {exact[n].Mean:G6}({exact[n].Error:G2}); "
                + string.Join(", ", terms.Select(t => $"{t.Estimate:G4}({t.Error:G2})")));
        }
    }
}
