using System.Collections.Immutable;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Studies.Convergence;

/// <summary>How far the particle system is from the kinetic equation.</summary>
/// <param name="Squared">
/// The mean over observables and bins of the squared difference of the means, in units of the densities and thermal speeds, less what
/// the statistical errors of both contribute: without bias, and negative when the difference drowns in noise.
/// </param>
/// <param name="Error">Standard error of <paramref name="Squared"/>, by bootstrap over the replicas of both.</param>
internal readonly record struct Distance(double Squared, double Error)
{
    private const int BootstrapCount = 200;

    /// <summary>The relative difference; null when it is below its error.</summary>
    public double? Value => Squared > Error ? Math.Sqrt(Squared) : null;

    /// <summary>Standard error of the value.</summary>
    public double? ValueError => Value is { } value ? Error / (2 * value) : null;

    /// <summary>As it is reported.</summary>
    public MeasuredDifference ToMeasured() => new(Value, ValueError, Squared, Error);

    /// <summary>Of all observables together.</summary>
    public static Distance All(Compared particles, Compared kinetic, ImmutableArray<ObservableRow> rows, int time, ulong seed) =>
        Of(particles.Differences, kinetic.Differences, time, Share(rows), seed);

    /// <summary>Every observable with its share of the mean over all.</summary>
    public static ObservableRow[] Share(ImmutableArray<ObservableRow> rows) =>
        [.. rows.Select(r => r with { Scale = r.Scale / rows.Length })];

    /// <summary>Of some observables at one time.</summary>
    /// <param name="particles">Replicas of the particle system.</param>
    /// <param name="kinetic">Runs of the kinetic solver.</param>
    /// <param name="time">Index of the time.</param>
    /// <param name="rows">Ranges of values: start and length; each is scaled by the mean square of its scale row.</param>
    /// <param name="seed">Of the bootstrap.</param>
    public static Distance Of(Ensemble particles, Ensemble kinetic, int time, IReadOnlyList<ObservableRow> rows, ulong seed)
    {
        double[] drawn = new double[BootstrapCount];
        double value = Squared(particles, All(particles.Count), kinetic, All(kinetic.Count));
        CounterRandom random = new(seed, RandomStream.Replicas, uint.MaxValue);
        for (int sample = 0; sample < BootstrapCount; sample++)
        {
            // A resampled mean has the noise of the sample on top of that of the data: the same correction once more.
            double resampled = Squared(particles, Ensemble.Resampled(particles.Count, ref random), kinetic,
                Ensemble.Resampled(kinetic.Count, ref random));
            drawn[sample] = resampled - Noise(particles, kinetic);
        }

        double mean = drawn.Average();
        double error = Math.Sqrt(drawn.Sum(d => (d - mean) * (d - mean)) / (BootstrapCount - 1));
        return new Distance(value, error);

        double Squared(Ensemble a, int[] chosenA, Ensemble b, int[] chosenB)
        {
            (double[] meansA, double[] variancesA) = a.Average(time, chosenA);
            (double[] meansB, double[] variancesB) = b.Average(time, chosenB);
            double sum = 0;
            foreach (ObservableRow row in rows)
            {
                for (int i = row.Start; i < row.Start + row.Length; i++)
                {
                    double difference = meansA[i] - meansB[i];
                    sum += (difference * difference - variancesA[i] - variancesB[i]) * row.Scale;
                }
            }

            return sum;
        }

        double Noise(Ensemble a, Ensemble b)
        {
            double[] variancesA = a.Average(time, All(a.Count)).Variances, variancesB = b.Average(time, All(b.Count)).Variances;
            double sum = 0;
            foreach (ObservableRow row in rows)
            {
                for (int i = row.Start; i < row.Start + row.Length; i++)
                {
                    sum += (variancesA[i] + variancesB[i]) * row.Scale;
                }
            }

            return sum;
        }
    }

    private static int[] All(int count) => [.. Enumerable.Range(0, count)];
}

/// <summary>One observable among the values of an ensemble.</summary>
/// <param name="Start">Index of its first bin.</param>
/// <param name="Length">Number of bins.</param>
/// <param name="Scale">Factor that makes squares of it comparable.</param>
internal readonly record struct ObservableRow(int Start, int Length, double Scale);
