using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Studies;

namespace ActorMD.Studies.Convergence;

/// <summary>
/// Propagation of chaos: I_(phi x psi) f^(2)(B, B') - I_phi f^(1)(B) I_psi f^(1)(B') for all observables phi, psi of a study and all pairs
/// of bins with at least one bin between them, for s = 2, or s = (2,0), (1,1), (0,2) for mixtures [Mix 5.1-5.3, High 5.3-5.4].
/// </summary>
/// <remarks>
/// In units of the observables' own sizes (those of the differences). Means of products over the same replicas are subtracted without bias;
/// two particles of one species are N(N-1) ordered pairs. The square of the correlation is a mean over everything less what noise
/// contributes. Errors: replicas in up to 20 groups, one left out after the other.
/// </remarks>
internal sealed class Correlations
{
    private const int GroupCountMax = 20;

    private readonly Study _study;
    private readonly BinObservables _observables;
    private readonly (int I, int J)[] _bins;

    public Correlations(Study study, BinObservables observables)
    {
        _study = study;
        _observables = observables;
        _bins = [.. Separated(study)];
    }

    /// <summary>All pairs of species, in the order of the species.</summary>
    /// <param name="particles">Replicas of the particle system.</param>
    /// <param name="time">Index of the time.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="rows">Sizes of the observables, bin by bin.</param>
    public ImmutableArray<ChaosDifference> Of(Ensemble particles, int time, ImmutableArray<int> counts, ImmutableArray<ObservableRow> rows)
    {
        if (_bins.Length == 0)
        {
            return [];
        }

        double[][] values = [.. Enumerable.Range(0, particles.Count).Select(r => Scaled(particles.Replica(r, time), rows))];
        List<ChaosDifference> results = [];
        for (int a = 0; a < counts.Length; a++)
        {
            for (int b = a; b < counts.Length; b++)
            {
                if (counts[a] > 1 && counts[b] > 1)
                {
                    results.Add(OfSpecies(values, a, b, counts[a]));
                }
            }
        }

        return [.. results];
    }

    private static IEnumerable<(int I, int J)> Separated(Study study)
    {
        bool isPeriodic = study.Case.Gas.Box.IsPeriodic(study.Axis);
        int bins = study.BinCount;
        for (int i = 0; i < bins; i++)
        {
            for (int j = 0; j < bins; j++)
            {
                int apart = Math.Abs(i - j);
                if ((isPeriodic ? Math.Min(apart, bins - apart) : apart) >= 2)
                {
                    yield return (i, j);
                }
            }
        }
    }

    private static double[] Scaled(double[] values, ImmutableArray<ObservableRow> rows)
    {
        double[] scaled = new double[values.Length];
        foreach (ObservableRow row in rows)
        {
            double unit = Math.Sqrt(row.Scale * row.Length);
            for (int i = row.Start; i < row.Start + row.Length; i++)
            {
                scaled[i] = values[i] * unit;
            }
        }

        return scaled;
    }

    private ChaosDifference OfSpecies(double[][] values, int a, int b, int countOfA)
    {
        int functions = _observables.FunctionCount;
        (int Phi, int Psi)[] pairs = [.. Enumerable.Range(0, functions).SelectMany(phi =>
            Enumerable.Range(a == b ? phi : 0, a == b ? functions - phi : functions).Select(psi => (phi, psi)))];
        double samePair = a == b ? 1.0 / (countOfA - 1) : 0;
        int groupCount = Math.Min(values.Length, GroupCountMax);
        (double[] Means, double Squared) all = Estimate(-1);
        double[] meanSpread = new double[pairs.Length];
        double squaredSpread = 0;
        for (int group = 0; group < groupCount; group++)
        {
            (double[] means, double squared) = Estimate(group);
            squaredSpread += (squared - all.Squared) * (squared - all.Squared);
            for (int p = 0; p < pairs.Length; p++)
            {
                meanSpread[p] += (means[p] - all.Means[p]) * (means[p] - all.Means[p]);
            }
        }

        double factor = (groupCount - 1.0) / groupCount;
        Distance distance = new(all.Squared, Math.Sqrt(squaredSpread * factor));
        ImmutableArray<string> names = _observables.FunctionNames;
        string key = SummaryKeys.Pair(_study.Case.Gas, a, b);
        int[] index = new int[_study.Case.Gas.Species.Length];
        index[a]++;
        index[b]++;
        return new ChaosDifference(
            key, $"({string.Join(',', index)})", distance.ToMeasured(),
            [.. pairs.Select((p, n) => new ChaosMean(names[p.Phi], names[p.Psi], all.Means[n], Math.Sqrt(meanSpread[n] * factor)))]);

        // Means over the pairs of bins of every (phi, psi), and the mean square over everything, without one group.
        (double[] Means, double Squared) Estimate(int without)
        {
            double[][] used = [.. values.Where((_, r) => without < 0 || r % groupCount != without)];
            double count = used.Length;
            double[] centre = new double[used[0].Length];
            foreach (double[] replica in used)
            {
                for (int i = 0; i < centre.Length; i++)
                {
                    centre[i] += replica[i] / count;
                }
            }

            double[] means = new double[pairs.Length], products = new double[_bins.Length], squares = new double[_bins.Length];
            double sum = 0;
            for (int p = 0; p < pairs.Length; p++)
            {
                int first = (a * functions + pairs[p].Phi) * _study.BinCount, second = (b * functions + pairs[p].Psi) * _study.BinCount;
                Array.Clear(products);
                Array.Clear(squares);
                foreach (double[] replica in used)
                {
                    for (int n = 0; n < _bins.Length; n++)
                    {
                        int i = first + _bins[n].I, j = second + _bins[n].J;
                        double product = (replica[i] - centre[i]) * (replica[j] - centre[j]);
                        products[n] += product;
                        squares[n] += product * product;
                    }
                }

                for (int n = 0; n < _bins.Length; n++)
                {
                    int i = first + _bins[n].I, j = second + _bins[n].J;
                    double covariance = products[n] / (count - 1);
                    double noise = (squares[n] / count - products[n] / count * (products[n] / count)) / count;
                    // The mean of products of a replica with itself, for N(N-1) in place of N^2 pairs.
                    double correlation = covariance + samePair * (products[n] / count + centre[i] * centre[j]);
                    means[p] += correlation / _bins.Length;
                    sum += correlation * correlation - noise;
                }
            }

            return (means, sum / (pairs.Length * _bins.Length));
        }
    }
}
