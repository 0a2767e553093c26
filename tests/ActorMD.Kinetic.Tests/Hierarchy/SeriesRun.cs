using System.Collections.Immutable;
using ActorMD.Kinetic.Hierarchy;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Tests.Hierarchy;

/// <summary>Computes terms of Duhamel series of small gases.</summary>
internal static class SeriesRun
{
    public const double SigmaMax = 4;

    private const int NormalisationBlock = 10_000;

    /// <summary>Uniform initial data with these laws of velocities.</summary>
    public static InitialData Data(params VelocityLaw[] laws) =>
        new(new PositionPlan(PositionMethod.Conditioned), new VelocityPlan([.. laws]));

    public static Maxwellian Warm(double temperature) => new(temperature, Vec3.Zero);

    /// <summary>The law of Bobylev, Krook and Wu of temperature T, with too few fast particles.</summary>
    public static VelocitySum FewFast(double temperature, double spread) => new(
        [new VelocityPart(
            1, new PolynomialShape(spread), new ConstantProfile(temperature), [.. Enumerable.Repeat<Profile>(new ConstantProfile(0), 3)])]);

    public static InitialData WithWave(this InitialData data, double amplitude) => data with
    {
        Positions = data.Positions with { Densities = [new CosineProfile(0, 1, amplitude, 1, 0)] },
    };

    public static Gas Box(int dimension, double length, ImmutableArray<Species> species, params Zone[] zones) => new(
        Physics.Box.Of(dimension, new Vec3(length, length, length), Boundary.Periodic), species, [.. zones]);

    public static SeriesModel Model(
        Gas gas,
        int[] counts,
        InitialData data,
        SeriesFlow flow,
        int[] tracked,
        string[] observables,
        double offset = 1,
        Func<TreeStratum, TreeStratum>? mistake = null) => new(
            gas, [.. counts], data, [.. tracked],
            [.. observables.Select(name => PhaseFunction.TryParse(name, gas, out PhaseFunction? function) is null
                ? function!
                : throw new ArgumentException(name))],
            [.. gas.Species.Select(_ => 1.0)], flow)
        {
            IsConditioned = flow != SeriesFlow.Boltzmann,
            Offset = offset,
            Mistake = mistake,
        };

    /// <summary>The model with factors multiplied in every step of an order.</summary>
    public static Func<TreeStratum, TreeStratum> Times(double factor, int order) => stratum => stratum with
    {
        Steps = [.. stratum.Steps.Select(s => s.Addition.Order == order ? s with { Factor = factor * s.Factor } : s)],
    };

    /// <summary>All terms up to k, observable by observable.</summary>
    /// <param name="model">What is computed.</param>
    /// <param name="time">t.</param>
    /// <param name="depthMax">Largest k.</param>
    /// <param name="samples">Trees of each k.</param>
    /// <param name="normalisationDraws">Of all particles, to estimate Z_N; 0: it is 1.</param>
    public static ImmutableArray<SeriesTerm> Terms(SeriesModel model, double time, int depthMax, long samples, int normalisationDraws = 0)
    {
        SeriesSampler sampler = new(model, [time], depthMax, samples, 1);
        TreeSums[] sums = [.. Enumerable.Range(0, sampler.Blocks.Length).AsParallel().AsOrdered().Select(sampler.Draw)];
        (double z, double error) = normalisationDraws > 0 ? Normalisation(model, normalisationDraws) : (1, 0);
        return sampler.Terms(sums, z, error);
    }

    /// <summary>Z_N and its standard error.</summary>
    public static (double Value, double Error) Normalisation(SeriesModel model, int draws)
    {
        long free = Enumerable.Range(0, draws / NormalisationBlock).AsParallel()
            .Sum(block => ConditionedLaw.CountFree(model, 5, block, NormalisationBlock));
        double share = (double)free / (draws / NormalisationBlock * NormalisationBlock);
        return (share, Math.Sqrt(share * (1 - share) / draws));
    }

    /// <summary>Within four standard errors, which are not larger than allowed.</summary>
    public static void IsNear(double exact, SeriesTerm term, double errorMax)
    {
        Assert.True(term.Error <= errorMax, $"{term.Observable}, k = {term.K}: the error {term.Error:G3} is above {errorMax:G3}");
        Assert.True(
            Math.Abs(term.Estimate - exact) <= SigmaMax * term.Error + 1e-12,
            $"{term.Observable}, k = {term.K}: {term.Estimate:G6}({term.Error:G2}), exactly {exact:G6}");
    }
}
