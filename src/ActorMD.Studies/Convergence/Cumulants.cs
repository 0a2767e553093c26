using System.Collections.Immutable;
using System.Numerics;
using ActorMD.Files.Studies;

namespace ActorMD.Studies.Convergence;

/// <summary>
/// Cumulants of the marginals: what of I_(phi x ... x phi) f^(s) over s separated bins is no product of lower ones, for s = 3, 4 and every
/// composition of species.
/// </summary>
/// <remarks>
/// The joint cumulants of the sums over particles in the bins are estimated without bias (k-statistics); those of the marginals follow with
/// the factors N^s/(N(N-1)...(N-s+1)) for
/// ordered tuples. Independent particles have 0; particles that have collided with each other along a tree of s - 1 collisions have a
/// cumulant of order N^(1-s). Bins have at least one bin between
/// any two. Values are in units of the observables' sizes. Errors: replicas in up to 20 groups, one left out after the other.
/// </remarks>
internal sealed class Cumulants
{
    private const int GroupCountMax = 20;
    private const int TupleCountMax = 120;
    private const int ReplicaCountMin = 8;

    private static readonly string[] Functions = ["density", "energy", "slow"];

    private readonly Study _study;
    private readonly BinObservables _observables;

    public Cumulants(Study study, BinObservables observables)
    {
        _study = study;
        _observables = observables;
    }

    /// <summary>All compositions of three and four particles.</summary>
    /// <param name="particles">Replicas of the particle system.</param>
    /// <param name="time">Index of the time.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="rows">Sizes of the observables, bin by bin.</param>
    public ImmutableArray<CumulantDifference> Of(Ensemble particles, int time, ImmutableArray<int> counts,
        ImmutableArray<ObservableRow> rows)
    {
        List<CumulantDifference> results = [];
        foreach (int size in (int[])[3, 4])
        {
            int[][] bins = Tuples(size);
            if (bins.Length == 0 || particles.Count < ReplicaCountMin)
            {
                continue;
            }

            foreach (int[] species in Compositions(size, counts.Length).Where(c => c.GroupBy(a => a).All(g => counts[g.Key] >= g.Count())))
            {
                results.Add(OfSpecies(particles, time, counts, rows, species, bins));
            }
        }

        return [.. results];
    }

    private CumulantDifference OfSpecies(
        Ensemble particles, int time, ImmutableArray<int> counts, ImmutableArray<ObservableRow> rows, int[] species, int[][] bins)
    {
        int size = species.Length, groups = Math.Min(particles.Count, GroupCountMax);
        double[] factors = Factors(species, counts);
        double squared = 0;
        double[] squaredWithout = new double[groups];
        List<CumulantMean> means = [];
        foreach (string function in Functions)
        {
            int[] first = [.. species
                .Select(a => (a * _observables.FunctionCount + _observables.FunctionNames.IndexOf(function)) * _study.BinCount)];
            ObservableRow[] own = [.. first.Select(start => rows[start / _study.BinCount])];
            double[] units = [.. own.Select(row => Math.Sqrt(row.Scale * row.Length))];
            double mean = 0;
            double[] without = new double[groups];
            foreach (int[] tuple in bins)
            {
                GroupedCumulant cumulant = new(
                    particles, time, [.. first.Select((start, n) => start + tuple[n])], units, factors, groups);
                mean += cumulant.Value / bins.Length;
                double noise = 0;
                for (int g = 0; g < groups; g++)
                {
                    double deviation = cumulant.Without[g] - cumulant.Value;
                    without[g] += cumulant.Without[g] / bins.Length;
                    noise += deviation * deviation * (groups - 1) / groups;
                }

                squared += (cumulant.Value * cumulant.Value - noise) / (bins.Length * Functions.Length);
                for (int g = 0; g < groups; g++)
                {
                    squaredWithout[g] += (cumulant.Without[g] * cumulant.Without[g] - noise) / (bins.Length * Functions.Length);
                }
            }

            means.Add(new CumulantMean(function, mean, Spread(without)));
        }

        string names = string.Concat(species.Select(a => _study.Case.Gas.Species[a].Name));
        int[] index = new int[counts.Length];
        foreach (int a in species)
        {
            index[a]++;
        }

        return new CumulantDifference(
            names, $"({string.Join(',', index)})", size, new Distance(squared, Spread(squaredWithout)).ToMeasured(), [.. means]);

        double Spread(double[] values)
        {
            double centre = values.Average();
            return Math.Sqrt(values.Sum(v => (v - centre) * (v - centre)) * (groups - 1) / groups);
        }
    }

    // For every subset of the tuple, as bits: N^s/(N (N-1) ...) of each species in it.
    private static double[] Factors(int[] species, ImmutableArray<int> counts)
    {
        double[] factors = new double[1 << species.Length];
        for (int subset = 0; subset < factors.Length; subset++)
        {
            factors[subset] = 1;
            int[] used = new int[counts.Length];
            for (int n = 0; n < species.Length; n++)
            {
                if ((subset >> n & 1) == 1)
                {
                    double number = counts[species[n]];
                    factors[subset] *= number / (number - used[species[n]]++);
                }
            }
        }

        return factors;
    }

    // Bins with a bin between any two; evenly chosen where there are many.
    private int[][] Tuples(int size)
    {
        bool isPeriodic = _study.Case.Gas.Box.IsPeriodic(_study.Axis);
        int bins = _study.BinCount;
        List<int[]> all = [];
        Extend([]);
        int stride = Math.Max((all.Count + TupleCountMax - 1) / TupleCountMax, 1);
        return [.. all.Where((_, n) => n % stride == 0)];

        void Extend(int[] tuple)
        {
            if (tuple.Length == size)
            {
                all.Add(tuple);
                return;
            }

            for (int next = tuple.Length == 0 ? 0 : tuple[^1] + 2; next < bins; next++)
            {
                if (tuple.Length == 0 || !isPeriodic || next - tuple[0] <= bins - 2)
                {
                    Extend([.. tuple, next]);
                }
            }
        }
    }

    private static IEnumerable<int[]> Compositions(int size, int speciesCount)
    {
        IEnumerable<int[]> all = [[]];
        for (int n = 0; n < size; n++)
        {
            all = all.SelectMany(c => Enumerable.Range(c.Length == 0 ? 0 : c[^1], speciesCount - (c.Length == 0 ? 0 : c[^1]))
                .Select(a => (int[])[.. c, a]));
        }

        return all;
    }

    /// <summary>The cumulant of one tuple of values, of all replicas and without each group.</summary>
    private sealed class GroupedCumulant
    {
        private readonly double[] _factors;
        private readonly int _all;

        public GroupedCumulant(Ensemble particles, int time, int[] places, double[] units, double[] factors, int groups)
        {
            _factors = factors;
            _all = factors.Length - 1;
            double[] centres = new double[places.Length];
            for (int r = 0; r < particles.Count; r++)
            {
                double[] values = particles.Replica(r, time);
                for (int n = 0; n < places.Length; n++)
                {
                    centres[n] += values[places[n]] * units[n] / particles.Count;
                }
            }

            // Sums over replicas of the products of deviations, by group and subset.
            double[][] sums = [.. Enumerable.Range(0, groups).Select(_ => new double[factors.Length])];
            double[] products = new double[factors.Length];
            products[0] = 1;
            for (int r = 0; r < particles.Count; r++)
            {
                double[] values = particles.Replica(r, time), mine = sums[r % groups];
                mine[0]++;
                for (int subset = 1; subset < products.Length; subset++)
                {
                    int last = BitOperations.Log2((uint)subset);
                    products[subset] = products[subset & ~(1 << last)] * (values[places[last]] * units[last] - centres[last]);
                    mine[subset] += products[subset];
                }
            }

            double[] total = [.. products.Select((_, subset) => sums.Sum(s => s[subset]))];
            Value = Cumulant(total, centres);
            Without = [.. sums.Select(s => Cumulant([.. total.Select((t, subset) => t - s[subset])], centres))];
        }

        public double Value { get; }

        public double[] Without { get; }

        private double Cumulant(double[] sums, double[] centres)
        {
            double count = sums[0];
            double[] raw = [.. sums.Select(s => s / count)];
            // Moments about the sample's own mean, then unbiased joint cumulants.
            double[] central = new double[raw.Length], joint = new double[raw.Length];
            for (int subset = 0; subset <= _all; subset++)
            {
                for (int part = subset; ; part = (part - 1) & subset)
                {
                    double shift = 1;
                    for (int rest = subset & ~part; rest != 0; rest &= rest - 1)
                    {
                        shift *= -raw[rest & -rest];
                    }

                    central[subset] += raw[part] * shift;
                    if (part == 0)
                    {
                        break;
                    }
                }
            }

            for (int subset = 1; subset <= _all; subset++)
            {
                joint[subset] = BitOperations.PopCount((uint)subset) switch
                {
                    1 => centres[BitOperations.Log2((uint)subset)] + raw[subset],
                    2 => central[subset] * count / (count - 1),
                    3 => central[subset] * count * count / ((count - 1) * (count - 2)),
                    _ => count * count / ((count - 1) * (count - 2) * (count - 3))
                        * ((count + 1) * central[subset] - (count - 1) * Pairings(central)),
                };
            }

            // The moments of the marginals have other factors; their cumulants.
            double[] moments = new double[raw.Length], cumulants = new double[raw.Length];
            moments[0] = 1;
            for (int subset = 1; subset <= _all; subset++)
            {
                moments[subset] = OverParts(subset, joint, moments);
            }

            double[] marginal = [.. moments.Select((m, subset) => m * _factors[subset])];
            for (int subset = 1; subset <= _all; subset++)
            {
                cumulants[subset] = marginal[subset] - OverParts(subset, cumulants, marginal);
            }

            return cumulants[_all];
        }

        // The sum over the parts that hold the first member of one function of the part times another of the rest.
        private static double OverParts(int subset, double[] ofPart, double[] ofRest)
        {
            int first = subset & -subset, others = subset & ~first;
            double sum = 0;
            for (int part = others; ; part = (part - 1) & others)
            {
                sum += ofPart[first | part] * ofRest[others & ~part];
                if (part == 0)
                {
                    return sum;
                }
            }
        }

        private static double Pairings(double[] central) => central[0b0011] * central[0b1100] + central[0b0101] * central[0b1010]
            + central[0b1001] * central[0b0110];
    }
}
