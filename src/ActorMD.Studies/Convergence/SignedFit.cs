using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Studies.Convergence;

/// <summary>
/// Fits the signed differences of all observables and bins, D_i(eps) = a_i eps^r, and D_i(eps) = a_i eps^r1 + b_i eps^r2, by least squares.
/// </summary>
/// <remarks>
/// r is common to all i, the amplitudes are not. For given powers they follow from a linear problem, and what is left of the squares has,
/// with noise, a mean that is larger by a number
/// that does not depend on the powers: so the powers are not biased by the noise, and no rung, sign or sample has to be dropped. Weights
/// are the variances of the means at
/// every rung; the kinetic solution that all rungs are compared with has one error that is common to them: the covariance of D_i over the
/// rungs is
/// diag(particles) + (variance of the solution) 1 1^T. Intervals: bootstrap over the replicas and the kinetic runs, every sample used.
/// Powers are sought on a grid.
/// </remarks>
internal sealed class SignedFit
{
    private const int BootstrapCount = 200;
    private const double Step = 0.05, FirstMax = 2, GapMin = 0.25;

    private static readonly double[] Powers = [.. Enumerable.Range(0, (int)Math.Round(RateFit.PowerMax / Step) + 1).Select(n => n * Step)];
    private static readonly int Gap = (int)Math.Round(GapMin / Step), FirstCount = (int)Math.Round(FirstMax / Step) + 1;

    // All pairs of powers, the second in wider steps.
    private static readonly (int First, int Second)[] Pairs =
        [.. Enumerable.Range(0, FirstCount)
            .SelectMany(p => Enumerable.Range(0, Powers.Length).Where(q => q >= p + Gap && (q - p - Gap) % 2 == 0).Select(q => (p, q)))];

    private readonly int _rungCount;

    private readonly List<Row> _values = [];

    /// <param name="epsilons">Of the rungs.</param>
    /// <param name="variances">Of the means: particles, and a kinetic solution of this rung; rung by rung.</param>
    /// <param name="shared">Variances of the kinetic solution that all rungs share; null: each has its own.</param>
    public SignedFit(double[] epsilons, double[][] variances, double[]? shared)
    {
        _rungCount = epsilons.Length;
        double largest = epsilons.Max();
        double[][] x = [.. Powers.Select(r => epsilons.Select(eps => Math.Pow(eps / largest, r)).ToArray())];
        for (int i = 0; i < variances[0].Length; i++)
        {
            // What is conserved has no scatter and no difference.
            if (variances.All(v => v[i] > 0))
            {
                double[] inverse = Inverse([.. variances.Select(v => v[i])], shared?[i] ?? 0);
                double[][] weighted = [.. x.Select(column => Times(inverse, column))];
                double[] squares = [.. weighted.Select((w, p) => Dot(w, x[p]))];
                _values.Add(new Row(i, inverse, weighted, squares, _rungCount < 3 ? [] : [.. Pairs.Select(pair => Inverted(
                    squares[pair.First], squares[pair.Second], Dot(weighted[pair.First], x[pair.Second])))]));
            }
        }
    }

    /// <summary>The fit of one time.</summary>
    /// <param name="rungs">eps, replicas and kinetic runs.</param>
    /// <param name="isShared">Whether the kinetic runs are the same for all rungs.</param>
    /// <param name="rows">Observables.</param>
    /// <param name="time">Index of the time.</param>
    /// <param name="seed">Of the bootstrap.</param>
    public static SignedRates Of(
        IReadOnlyList<(double Epsilon, Ensemble Particles, Ensemble Kinetic)> rungs, bool isShared, IReadOnlyList<ObservableRow> rows,
            int time, ulong seed)
    {
        int[] places = [.. rows.SelectMany(r => Enumerable.Range(r.Start, r.Length))];
        (double[] Means, double[] Variances)[] particles = [.. rungs.Select(r => r.Particles.Average(time))], kinetic =
            [.. rungs.Select(r => r.Kinetic.Average(time))];
        double[][] variances =
            [.. particles.Select((p, r) => places.Select(i => p.Variances[i] + (isShared ? 0 : kinetic[r].Variances[i])).ToArray())];
        SignedFit fit = new([.. rungs.Select(r => r.Epsilon)], variances, isShared ? [.. places.Select(i => kinetic[0].Variances[i])]
            : null);
        double[][] differences = [.. particles.Select((p, r) => places.Select(i => p.Means[i] - kinetic[r].Means[i]).ToArray())];
        CounterRandom random = new(seed, RandomStream.Replicas, uint.MaxValue - 2, (ulong)time << 32);
        double[][][] samples = new double[BootstrapCount][][];
        for (int sample = 0; sample < BootstrapCount; sample++)
        {
            double[][] drawn = new double[rungs.Count][];
            double[]? common = null;
            for (int r = 0; r < rungs.Count; r++)
            {
                double[] mine = rungs[r].Particles.Average(time, Ensemble.Resampled(rungs[r].Particles.Count, ref random)).Means;
                double[] theirs = isShared && common is not null ? common : rungs[r].Kinetic
                    .Average(time, Ensemble.Resampled(rungs[r].Kinetic.Count, ref random)).Means;
                common = theirs;
                drawn[r] = [.. places.Select(i => mine[i] - theirs[i])];
            }

            samples[sample] = drawn;
        }

        return fit.Solve(differences, samples);
    }

    /// <summary>The powers, and their intervals from samples of the differences.</summary>
    /// <param name="differences">Rung by rung.</param>
    /// <param name="samples">The same, drawn anew.</param>
    public SignedRates Solve(double[][] differences, double[][][] samples)
    {
        if (_values.Count == 0 || _rungCount < 2)
        {
            return new SignedRates(null, null, null, double.NaN, double.NaN, 0);
        }

        (double One, double? First, double? Second, double ChiOne, double ChiTwo) found = Best(differences);
        var drawn = samples.Select(Best).ToArray();
        return new SignedRates(
            Interval(found.One, drawn.Select(d => d.One)),
            found.First is { } first ? Interval(first, drawn.Select(d => d.First!.Value)) : null,
            found.Second is { } second ? Interval(second, drawn.Select(d => d.Second!.Value)) : null,
            found.ChiOne / (_values.Count * (_rungCount - 1)),
            _rungCount > 2 ? found.ChiTwo / (_values.Count * (_rungCount - 2)) : double.NaN,
            _values.Count);
    }

    private static PowerInterval Interval(double value, IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return sorted.Length == 0
            ? new PowerInterval(value, value, value)
            : new PowerInterval(value, sorted[(int)(0.025 * sorted.Length)], sorted[(int)(0.975 * (sorted.Length - 1))]);
    }

    private (double One, double? First, double? Second, double ChiOne, double ChiTwo) Best(double[][] differences)
    {
        int count = Powers.Length;
        double[] one = new double[count], two = new double[Pairs.Length];
        double total = 0;
        double[] y = new double[_rungCount], projected = new double[count];
        bool hasTwo = _rungCount > 2;
        foreach (Row row in _values)
        {
            for (int r = 0; r < _rungCount; r++)
            {
                y[r] = differences[r][row.Value];
            }

            total += Dot(y, Times(row.Inverse, y));
            for (int p = 0; p < count; p++)
            {
                projected[p] = Dot(row.Weighted[p], y);
                one[p] += projected[p] * projected[p] / row.Squares[p];
            }

            for (int n = 0; n < row.Pairs.Length; n++)
            {
                double a = projected[Pairs[n].First], b = projected[Pairs[n].Second];
                two[n] += a * a * row.Pairs[n].Own + a * b * row.Pairs[n].Mixed + b * b * row.Pairs[n].Other;
            }
        }

        int best = Array.IndexOf(one, one.Max());
        if (!hasTwo)
        {
            return (Peak(one, best), null, null, total - one[best], double.NaN);
        }

        double[] profile = new double[FirstCount];
        for (int n = 0; n < two.Length; n++)
        {
            profile[Pairs[n].First] = Math.Max(profile[Pairs[n].First], two[n]);
        }

        int first = Array.IndexOf(profile, profile.Max()), pair = Array.IndexOf(two, profile[first]);
        return (Peak(one, best), Peak(profile, first), Powers[Pairs[pair].Second], total - one[best], total - profile[first]);
    }

    // Of the matrix of inner products of two columns: a' M^-1 a = Own a^2 + Mixed a b + Other b^2.
    private static (double Own, double Mixed, double Other) Inverted(double first, double second, double mixed)
    {
        double determinant = first * second - mixed * mixed;
        return (second / determinant, -2 * mixed / determinant, first / determinant);
    }

    // Where the parabola through the largest value and its neighbours has its top.
    private static double Peak(double[] values, int at)
    {
        if (at == 0 || at == values.Length - 1)
        {
            return Powers[at];
        }

        double left = values[at - 1], right = values[at + 1], curvature = left - 2 * values[at] + right;
        return Powers[at] + (curvature < 0 ? 0.5 * Step * (left - right) / curvature : 0);
    }

    // Of diag(v) + s 1 1^T, row after row (Sherman and Morrison).
    private static double[] Inverse(double[] variances, double shared)
    {
        int n = variances.Length;
        double factor = shared / (1 + shared * variances.Sum(v => 1 / v));
        double[] inverse = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                inverse[i * n + j] = (i == j ? 1 / variances[i] : 0) - factor / (variances[i] * variances[j]);
            }
        }

        return inverse;
    }

    private static double[] Times(double[] matrix, double[] vector)
    {
        double[] product = new double[vector.Length];
        for (int i = 0; i < product.Length; i++)
        {
            for (int j = 0; j < product.Length; j++)
            {
                product[i] += matrix[i * product.Length + j] * vector[j];
            }
        }

        return product;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>One observable in one bin.</summary>
    /// <param name="Value">Its number.</param>
    /// <param name="Inverse">V^-1 over the rungs.</param>
    /// <param name="Weighted">V^-1 x_r for every power.</param>
    /// <param name="Squares">x_r V^-1 x_r.</param>
    /// <param name="Pairs">Of every pair of powers.</param>
    private sealed record Row(int Value, double[] Inverse, double[][] Weighted, double[] Squares,
        (double Own, double Mixed, double Other)[] Pairs);
}

/// <summary>A power with its 95 percent interval.</summary>
public sealed record PowerInterval(double Value, double Lower, double Upper)
{
    /// <summary>Where a rate lies: below, inside or above the interval.</summary>
    public string Place(double rate) => rate < Lower ? "below" : rate > Upper ? "above" : "inside";
}

/// <summary>Powers of eps of the signed differences.</summary>
/// <param name="One">r of a single power.</param>
/// <param name="First">r1, the leading one of two; null with fewer than three rungs.</param>
/// <param name="Second">r2.</param>
/// <param name="SpreadOfOne">Squares that are left over their degrees of freedom: about 1 if one power and the noise explain
/// everything.</param>
/// <param name="SpreadOfTwo">The same of two powers.</param>
/// <param name="Values">How many observables and bins were fitted, at all rungs.</param>
internal sealed record SignedRates(PowerInterval? One, PowerInterval? First, PowerInterval? Second, double SpreadOfOne, double SpreadOfTwo,
    int Values);
