using System.Collections.Immutable;
using ActorMD.Files;

namespace ActorMD.Runtime;

/// <summary>Propagation of chaos: correlations of the densities of two well-separated bins.</summary>
internal static class Correlations
{
    /// <summary>
    /// The mean of I f^(2)(B, B') - I f^(1)(B) I f^(1)(B') for phi = 1 over all pairs of bins with at least one bin between them, in units of
    /// the square of the mean density, by pair of species (of two particles of one species, N (N-1) counts). Errors by jackknife.
    /// </summary>
    public static ImmutableSortedDictionary<string, MeasuredValue> Of(
        Study study, BinObservables observables, Ensemble particles, int time, ImmutableArray<int> counts)
    {
        var results = ImmutableSortedDictionary.CreateBuilder<string, MeasuredValue>(StringComparer.Ordinal);
        for (int a = 0; a < counts.Length; a++)
        {
            for (int b = a; b < counts.Length; b++)
            {
                if (counts[a] > 1 && counts[b] > 1)
                {
                    results[SummaryKeys.Pair(study.Case.Gas, a, b)] = OfPair(study, observables, particles, time, a, b, counts[a]);
                }
            }
        }

        return results.ToImmutable();
    }

    private static MeasuredValue OfPair(
        Study study, BinObservables observables, Ensemble particles, int time, int a, int b, int countOfA)
    {
        int bins = study.BinCount, replicas = particles.Count;
        int rowA = a * observables.FunctionCount * bins, rowB = b * observables.FunctionCount * bins;
        double volume = study.Case.Gas.Box.Volume;
        double factor = a == b ? countOfA / (countOfA - 1.0) : 1;
        double[] sumA = new double[bins], sumB = new double[bins];
        double[] products = new double[replicas];
        for (int r = 0; r < replicas; r++)
        {
            double[] values = particles.Replica(r, time);
            for (int i = 0; i < bins; i++)
            {
                sumA[i] += values[rowA + i] * volume;
                sumB[i] += values[rowB + i] * volume;
            }

            products[r] = OverSeparated((i, j) => values[rowA + i] * values[rowB + j] * volume * volume);
        }

        double total = products.Sum();
        double all = Estimate(total, sumA, sumB, replicas);
        double spread = 0;
        for (int r = 0; r < replicas; r++)
        {
            double[] values = particles.Replica(r, time);
            double[] withoutA = [.. sumA.Select((s, i) => s - values[rowA + i] * volume)];
            double[] withoutB = [.. sumB.Select((s, i) => s - values[rowB + i] * volume)];
            double without = Estimate(total - products[r], withoutA, withoutB, replicas - 1);
            spread += (without - all) * (without - all);
        }

        return new MeasuredValue(all, Math.Sqrt(spread * (replicas - 1) / replicas));

        // Means of products of the same replicas are subtracted without bias: the cross terms of equal replicas are left out.
        double Estimate(double products, double[] a, double[] b, int n)
        {
            double mean = products / n;
            double independent = (OverSeparated((i, j) => a[i] * b[j]) - products) / (n * (n - 1.0));
            return factor * mean - independent;
        }

        double OverSeparated(Func<int, int, double> value)
        {
            bool isPeriodic = study.Case.Gas.Box.IsPeriodic(study.Axis);
            double sum = 0;
            int pairs = 0;
            for (int i = 0; i < bins; i++)
            {
                for (int j = 0; j < bins; j++)
                {
                    int apart = Math.Abs(i - j);
                    if ((isPeriodic ? Math.Min(apart, bins - apart) : apart) >= 2)
                    {
                        sum += value(i, j);
                        pairs++;
                    }
                }
            }

            return pairs > 0 ? sum / pairs : 0;
        }
    }
}
