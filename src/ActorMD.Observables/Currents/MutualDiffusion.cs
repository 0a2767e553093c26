using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Statistics;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Observables.Currents;

/// <summary>Mutual diffusion of two species, from the displacement of one against the other.</summary>
/// <remarks>
/// G = x_B sum over A of r - x_A sum over B of r, with the mole fractions x; D = lim &lt;|dG|^2&gt;/(2 d N x_A x_B t). It is the
/// coefficient of Maxwell and Stefan; Fick's is it times the thermodynamic factor, which is 1 in a dilute gas. J.-P. Hansen, I. R.
/// McDonald, Theory of Simple Liquids, section 8.6.
/// </remarks>
/// <param name="plan">Delays and intervals.</param>
/// <param name="gas">Of two species.</param>
/// <param name="speciesOf">By particle.</param>
internal sealed class MutualDiffusion(ObservablePlan plan, Gas gas, int[] speciesOf) : MomentSeries(plan, gas, 3, 1)
{
    private readonly double _count = speciesOf.Length;

    // x_B of a particle of the first species, -x_A of one of the second.
    private readonly double[] _weights =
        [speciesOf.Count(s => s == 1) / (double)speciesOf.Length, -speciesOf.Count(s => s == 0) / (double)speciesOf.Length];

    public override IEnumerable<ObservableTable> Tables()
    {
        List<object[]> rows = [];
        double scale = 2 * Gas.Dimension * _count * -_weights[0] * _weights[1];
        for (int lag = 1; lag < LagCount && MeansOf(lag).Count > 0; lag++)
        {
            BlockMeans means = MeansOf(lag);
            double step = Lag(lag) - Lag(lag - 1);
            double Moment(double[] m) => m[0] / scale;
            double Slope(double[] m) => (m[0] - m[1]) / (scale * step);
            double[] all = means.Means();
            rows.Add([Lag(lag), means.Count, Moment(all), means.Error(Moment), Slope(all), means.Error(Slope)]);
        }

        yield return new ObservableTable(
            "",
            [
                $"Mutual diffusion of {Gas.Species[0].Name} and {Gas.Species[1].Name} (Maxwell-Stefan): <|dG|^2>/(2 d N x_A",
                "x_B), G = x_B sum_A r - x_A sum_B r.",
                "time: delay. origins: from how many. moment: length^2, with its standard error.",
                "diffusion: slope of the moment since the delay before, length^2/time. Where it no longer changes it is the",
                "transport coefficient.",
            ],
            ["time", "origins", "moment", "moment_error", "diffusion", "diffusion_error"],
            rows);
    }

    protected override void BeginRates(SystemState state)
    {
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            AddTo(Rates, _weights[particle.Kind] * particle.Velocity);
        }
    }

    protected override void Add(in EventView happened, double left)
    {
        for (int k = 0; k < happened.Ids.Length; k++)
        {
            Vec3 change = _weights[happened.Species[k]] * (happened.After[k] - happened.Before[k]);
            AddTo(Rates, change);
            AddTo(Moments, left * change);
        }
    }

    protected override void AddPair(in PairRecord happened, int first, int second, double left)
    {
        Vec3 change = _weights[first] * (happened.FirstAfter - happened.FirstBefore)
            + _weights[second] * (happened.SecondAfter - happened.SecondBefore);
        AddTo(Rates, change);
        AddTo(Moments, left * change);
    }

    protected override void Evaluate(ReadOnlySpan<double> change, Span<double> values) =>
        values[0] = change[0] * change[0] + change[1] * change[1] + change[2] * change[2];

    private static void AddTo(double[] sums, Vec3 v)
    {
        sums[0] += v.X;
        sums[1] += v.Y;
        sums[2] += v.Z;
    }
}
