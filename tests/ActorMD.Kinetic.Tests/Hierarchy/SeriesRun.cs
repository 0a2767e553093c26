using System.Collections.Immutable;
using ActorMD.Kinetic.Hierarchy;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Tests.Hierarchy;

/// <summary>Computes terms of Duhamel series of small gases in the unit box.</summary>
internal static class SeriesRun
{
    public const double SigmaMax = 4;

    /// <summary>Initial data of Maxwellians at rest, or of other laws.</summary>
    public static InitialData Data(params VelocityLaw[] laws) =>
        new(new PositionPlan(PositionMethod.Conditioned), new VelocityPlan([.. laws]));

    public static Maxwellian Warm(double temperature) => new(temperature, Vec3.Zero);

    /// <summary>The law of Bobylev, Krook and Wu of temperature T, with too few fast particles.</summary>
    public static VelocitySum FewFast(double temperature, double spread) => new(
        [new VelocityPart(1, new PolynomialShape(spread), new ConstantProfile(temperature), [.. Enumerable.Repeat<Profile>(new ConstantProfile(0), 3)])]);

    public static InitialData WithWave(this InitialData data, double amplitude) => data with
    {
        Positions = data.Positions with { Densities = [new CosineProfile(0, 1, amplitude, 1, 0)] },
    };

    public static Gas Box(int dimension, double length, ImmutableArray<Species> species, params Zone[] zones) => new(
        Physics.Box.Of(dimension, new Vec3(length, length, length), Boundary.Periodic), species, [.. zones]);

    public static SeriesModel Model(
        Gas gas, int[] counts, InitialData data, SeriesFlow flow, int[] tracked, params string[] observables) =>
        Model(gas, counts, data, flow, tracked, 1, observables);

    public static SeriesModel Model(
        Gas gas, int[] counts, InitialData data, SeriesFlow flow, int[] tracked, double normalisation, params string[] observables) => new(
        gas, [.. counts], data, [.. tracked],
        [.. observables.Select(name => PhaseFunction.TryParse(name, gas, out PhaseFunction? function) is null
            ? function!
            : throw new ArgumentException(name))],
        [.. gas.Species.Select(_ => 1.0)], flow)
        {
            IsConditioned = flow != SeriesFlow.Boltzmann,
            Normalisation = normalisation,
        };

    public static ImmutableArray<SeriesTerm> Terms(SeriesModel model, double time, int depthMax, long samples, ulong seed = 1)
    {
        SeriesSampler sampler = new(model, [time], depthMax, samples, seed);
        TreeSums[] sums = new TreeSums[sampler.Blocks.Length];
        for (int n = 0; n < sums.Length; n++)
        {
            sums[n] = sampler.Draw(n);
        }

        return sampler.Terms(sums);
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
