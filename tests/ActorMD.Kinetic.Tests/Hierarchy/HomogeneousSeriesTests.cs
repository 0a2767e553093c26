using ActorMD.Kinetic.Deterministic;
using ActorMD.Kinetic.Hierarchy;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using static ActorMD.Kinetic.Tests.Hierarchy.SeriesRun;

namespace ActorMD.Kinetic.Tests.Hierarchy;

/// <summary>The Duhamel series where nothing depends on the place, against closed forms and the solution without random numbers.</summary>
public class HomogeneousSeriesTests
{
    private static readonly Species Sphere = new("A", 1, 0.2), Point = new("A", 1, 1e-9);

    /// <summary>Dimension, order, distance.</summary>
    public static TheoryData<int, int, double> OneOrder =>
        new() { { 2, 2, 0.2 }, { 3, 2, 0.2 }, { 2, 3, 0.4 }, { 3, 3, 0.5 }, { 2, 4, 0.5 }, { 3, 4, 0.6 } };

    [Theory, MemberData(nameof(OneOrder))]
    public void Gain_and_loss_of_a_Maxwellian_cancel_tree_by_tree_and_the_unsigned_term_is_two_nu_t(
        int dimension, int order, double distance)
    {
        Gas gas = GasOf(dimension, order, distance);
        SeriesModel model = Model(gas, [1], Data(Warm(1)), SeriesFlow.Boltzmann, [0], ["energy", "density"]);
        double nu = CollisionFrequency.Tuple(order, dimension, 1, distance, 1), time = 0.1 / nu;
        SeriesTerm[] terms = [.. Terms(model, time, 2, 20_000)];
        foreach (SeriesTerm term in terms.Where(t => t.K > 0))
        {
            Assert.Equal(0, term.Estimate, 1e-12);
            Assert.Equal(0, term.Error, 1e-12);
        }

        SeriesTerm one = terms.Single(t => t is { K: 1, Observable: "density" });
        Assert.Equal(2 * nu * time, one.Unsigned, SigmaMax * one.UnsignedError);
        Assert.True(one.UnsignedError < 0.01 * one.Unsigned);
        double[] bound = new BranchingBound(gas, [1], [1]).Terms([0], time, 2);
        Assert.Equal(2 * nu * time, bound[1], 1e-6);
    }

    [Theory, MemberData(nameof(OneOrder))]
    public void The_mass_at_constant_rates_has_the_closed_form(int dimension, int order, double distance)
    {
        BranchingBound bound = new(GasOf(dimension, order, distance), [1], [1]);
        int l = order - 1;
        double nu = CollisionFrequency.Tuple(order, dimension, 1, distance, 1), time = 0.3 / (l * nu);
        Assert.Equal(Math.Pow(1 - 0.6, -2.0 / l), bound.Total([0, 0], time), 1e-5);
        Assert.Equal(1 / (2 * l * nu), bound.Limit(), 2e-4 / nu);
        double[] terms = bound.Terms([0, 0], time, 60);
        Assert.Equal(Math.Pow(1 - 0.6, -2.0 / l), terms.Sum(), 1e-5);
    }

    /// <summary>
    /// Dimension; distances of orders 2 and 3 (0: none); largest standard errors of k = 1, 2, 3 relative to the fourth moment.
    /// </summary>
    public static TheoryData<int, double, double> Relaxations => new() { { 3, 0.2, 0 }, { 2, 0, 0.4 }, { 3, 0.1, 0.35 }, { 2, 0.05, 0.3 } };

    [Theory, MemberData(nameof(Relaxations))]
    public void Every_term_is_a_Taylor_coefficient_of_the_relaxation(int dimension, double pairs, double triples)
    {
        const double Spread = 0.35;
        const int Depth = 3;
        Gas gas = triples == 0
            ? Box(dimension, 1, [Sphere with { Diameter = pairs }])
            : Box(dimension, 1, [Sphere with { Diameter = pairs > 0 ? pairs : 1e-9 }], new Zone(3, triples));
        (int Order, double Distance)[] kinds = [.. ((int Order, double Distance)[])[(2, pairs), (3, triples)]];
        kinds = [.. kinds.Where(k => k.Distance > 0)];
        double[] smooth = [.. Enumerable.Range(0, triples > 0 ? 5 : 8).Select(n => (1 - n) * Math.Pow(Spread, n))];
        double nu = kinds.Sum(k => CollisionFrequency.Tuple(k.Order, dimension, 1, k.Distance, 1)), time = 0.15 / nu;
        double[][] taylor = new IsotropicRelaxation(dimension, 1, 1, kinds, smooth).Taylor(Depth);
        double normal = dimension * (dimension + 2);
        SeriesModel model = Model(gas, [1], Data(FewFast(1, Spread)), SeriesFlow.Boltzmann, [0], ["fourth"]);
        double power = 1;
        foreach (SeriesTerm term in Terms(model, time, Depth, 60_000))
        {
            IsNear(normal * power * IsotropicRelaxation.MomentRatio(taylor[term.K], 2), term, 0.01 * normal);
            power *= time;
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_first_term_of_unlike_gases_is_the_exchange_of_energy(int dimension)
    {
        Gas gas = Box(dimension, 1, [new Species("A", 1, 0.05), new Species("B", 4, 0.1)]);
        double[] temperatures = [2, 0.5];
        SeriesModel model = Model(
            gas, [30, 20], Data(Warm(temperatures[0]), Warm(temperatures[1])), SeriesFlow.Boltzmann, [0], ["energy"]);
        double contact = gas.ContactDistance(0, 1);
        double gain = EnergyExchange.OfFirst(dimension, contact, 30.0 * 20, [1, 4], [2, 0.125]) / 30;
        double time = 0.1 / new BranchingBound(gas, [30, 20], temperatures).Rate(0);
        SeriesTerm term = Terms(model, time, 1, 150_000)[1];
        IsNear(2 * time * gain, term, 0.05 * Math.Abs(2 * time * gain));
    }

    [Fact]
    public void Two_particles_of_a_product_are_the_products_of_one()
    {
        Gas gas = Box(2, 1, [new Species("A", 1, 0.05), new Species("B", 4, 0.1)]);
        InitialData data = Data(Warm(2), Warm(0.5));
        SeriesTerm[] Of(int[] tracked) =>
            [.. Terms(Model(gas, [15, 10], data, SeriesFlow.Boltzmann, tracked, ["energy"]), 0.05, 2, 120_000)];
        SeriesTerm[] a = Of([0]), b = Of([1]), both = Of([0, 1]);
        for (int k = 0; k <= 2; k++)
        {
            double exact = Enumerable.Range(0, k + 1).Sum(j => a[j].Estimate * b[k - j].Estimate);
            double variance = Enumerable.Range(0, k + 1).Sum(j =>
                Math.Pow(a[j].Error * b[k - j].Estimate, 2) + Math.Pow(a[j].Estimate * b[k - j].Error, 2));
            Assert.Equal(exact, both[k].Estimate, SigmaMax * Math.Sqrt(variance + both[k].Error * both[k].Error));
        }
    }

    /// <summary>Order, and the factor of a wrong coefficient.</summary>
    public static TheoryData<int, double> Mistakes => new()
    {
        { 3, 2 }, // 1/l! forgotten
        { 3, Math.Pow(3, 1.5) }, // the sphere's area instead of the ellipsoid's
        { 2, 1.3 },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void A_wrong_coefficient_is_noticed(int order, double factor)
    {
        Gas gas = GasOf(3, order, 0.3);
        double nu = CollisionFrequency.Tuple(order, 3, 1, 0.3, 1), time = 0.1 / nu;
        double[] smooth = [.. Enumerable.Range(0, 5).Select(n => (1 - n) * Math.Pow(0.35, n))];
        double[][] taylor = new IsotropicRelaxation(3, 1, 1, [(order, 0.3)], smooth).Taylor(1);
        double exact = 15 * time * IsotropicRelaxation.MomentRatio(taylor[1], 2);
        SeriesModel wrong = Model(gas, [1], Data(FewFast(1, 0.35)), SeriesFlow.Boltzmann, [0], ["fourth"], mistake: Times(factor, order));
        SeriesTerm term = Terms(wrong, time, 1, 300_000)[1];
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => IsNear(exact, term, 1));
    }

    private static Gas GasOf(int dimension, int order, double distance) => order == 2
        ? Box(dimension, 1, [Sphere with { Diameter = distance }])
        : Box(dimension, 1, [Point], new Zone(order, distance));
}
