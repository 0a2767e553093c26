using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Studies.Convergence;

/// <summary>Decides whether the particle system tends to a kinetic equation.</summary>
/// <remarks>
/// A difference that shrinks may still end above zero, and one that is small may do so because the observables hardly change. So every
/// observable of every bin is extrapolated to eps = 0 by a line in x = eps^min(1, 2/M), through the differences that are left after the
/// corrections of each N: these are of first order in n eps_k^d = O(eps^(1/M)), so that what is left is of second order (M+1 the highest
/// order),
/// or of first order in eps (momentum is carried over a diameter). The size of what is left in the limit tells: for a right equation
/// a part of the smallest difference that was measured, for a wrong one as much as all of it.
/// </remarks>
internal static class LimitCheck
{
    private const double SigmaMin = 4;
    private const double ShareMax = 0.5;

    private const int BootstrapCount = 200;

    /// <summary>The verdict at one time.</summary>
    /// <param name="rungs">x of every rung, and the two ensembles that are compared.</param>
    /// <param name="rows">Observables.</param>
    /// <param name="time">Index of the time.</param>
    /// <param name="finest">The plain difference at the last rung.</param>
    /// <param name="shrinks">Exponent of the plain difference.</param>
    /// <param name="refinement">What half the step and the cells' width change the kinetic solution by; null: it has no such error.</param>
    /// <param name="seed">Of the bootstrap.</param>
    public static StudyVerdict Of(
        IReadOnlyList<(double X, Ensemble Particles, Ensemble Kinetic)> rungs,
        IReadOnlyList<ObservableRow> rows, int time, MeasuredDifference finest, RateFit shrinks,
        MeasuredDifference? refinement, ulong seed)
    {
        Distance limit = Extrapolate(rungs, rows, time, seed);
        MeasuredDifference left = limit.ToMeasured();
        double size = Math.Sqrt(Math.Max(finest.Squared, 0));
        if (limit.Squared > SigmaMin * limit.Error && Math.Sqrt(limit.Squared) > ShareMax * size)
        {
            string found = FormattableString.Invariant(
                $"in the limit a difference of {Math.Sqrt(limit.Squared):G2} is left, {Math.Sqrt(limit.Squared) / size:P0} of the one at the largest N");
            return refinement is { Value: { } change } && change > ShareMax * Math.Sqrt(limit.Squared)
                ? new StudyVerdict(
                    StudyVerdict.Undecided,
                    FormattableString.Invariant(
                        $"{found}; but half the step and the cells' width change the kinetic solution by {change:G2}: give more reference.cells"),
                    left)
                : new StudyVerdict(StudyVerdict.Disagrees, found, left);
        }

        if (shrinks is { Lower: > 0 })
        {
            return new StudyVerdict(StudyVerdict.Agrees, "the difference shrinks along the ladder, and next to nothing is left in the limit", left);
        }

        return new StudyVerdict(
            StudyVerdict.Undecided,
            shrinks.Exponent is null ? "the difference is above its error on too few rungs" : "the errors allow a difference that does not shrink",
            left);
    }

    private static Distance Extrapolate(
        IReadOnlyList<(double X, Ensemble Particles, Ensemble Kinetic)> rungs, IReadOnlyList<ObservableRow> rows, int time, ulong seed)
    {
        (double[] Means, double[] Variances)[] particles = [.. rungs.Select(r => r.Particles.Average(time))];
        (double[] Means, double[] Variances)[] kinetic = [.. rungs.Select(r => r.Kinetic.Average(time))];
        double[] noise = [.. rungs.Select((_, r) => rows.Sum(row => Enumerable.Range(row.Start, row.Length)
            .Sum(i => (particles[r].Variances[i] + kinetic[r].Variances[i]) * row.Scale)))];
        double[] weights = InterceptWeights([.. rungs.Select(r => r.X)], noise);
        double noiseOfLimit = weights.Zip(noise, (w, n) => w * w * n).Sum();
        double value = Square([.. particles.Select(p => p.Means)], [.. kinetic.Select(k => k.Means)]) - noiseOfLimit;
        CounterRandom random = new(seed, RandomStream.Replicas, uint.MaxValue - 1);
        double[] drawn = new double[BootstrapCount];
        for (int sample = 0; sample < BootstrapCount; sample++)
        {
            double[][] p = new double[rungs.Count][], k = new double[rungs.Count][];
            for (int r = 0; r < rungs.Count; r++)
            {
                p[r] = rungs[r].Particles.Average(time, Ensemble.Resampled(rungs[r].Particles.Count, ref random)).Means;
                k[r] = rungs[r].Kinetic.Average(time, Ensemble.Resampled(rungs[r].Kinetic.Count, ref random)).Means;
            }

            drawn[sample] = Square(p, k);
        }

        double mean = drawn.Average();
        return new Distance(value, Math.Sqrt(drawn.Sum(d => (d - mean) * (d - mean)) / (BootstrapCount - 1)));

        double Square(double[][] a, double[][] b)
        {
            double sum = 0;
            foreach (ObservableRow row in rows)
            {
                for (int i = row.Start; i < row.Start + row.Length; i++)
                {
                    double intercept = 0;
                    for (int r = 0; r < weights.Length; r++)
                    {
                        intercept += weights[r] * (a[r][i] - b[r][i]);
                    }

                    sum += intercept * intercept * row.Scale;
                }
            }

            return sum;
        }
    }

    /// <summary>w with: the weighted straight line through (x, y) has the intercept sum w y.</summary>
    internal static double[] InterceptWeights(double[] x, double[] variances)
    {
        double[] w = [.. variances.Select(v => 1 / v)];
        double sum = w.Sum(), first = w.Zip(x, (a, b) => a * b).Sum(), second = w.Zip(x, (a, b) => a * b * b).Sum();
        double determinant = sum * second - first * first;
        return [.. w.Zip(x, (a, b) => a * (second - first * b) / determinant)];
    }
}
