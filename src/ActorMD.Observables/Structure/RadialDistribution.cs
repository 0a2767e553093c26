using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Statistics;
using ActorMD.Physics;

namespace ActorMD.Observables.Structure;

/// <summary>
/// Radial distribution functions g_ab(r), their values at contact, and what collisions and pressure say of the same values.
/// </summary>
/// <remarks>
/// g_ab(r): pairs at a distance within a shell, over the number that independent particles would have. At contact it is extrapolated by a
/// parabola through the shells within a tenth of the contact distance. The same value follows from the rate of collisions, nu_ab = chi_ab
/// times the rate of independent particles, and all of them together from the pressure: Z = 1 + (|S^(d-1)|/(2 d)) n sum x_a x_b eps_ab^d
/// chi_ab.
/// </remarks>
internal sealed class RadialDistribution : Observable
{
    private const double FitRange = 0.1; // of the contact distance
    private const int FitBinsMin = 5;

    private readonly int _pairCount;
    private readonly int[] _pairOf; // by both species
    private readonly SpeciesPair[] _pairs;
    private readonly double[] _contacts;
    private readonly double[] _squares; // of the contacts
    private readonly double[] _widths; // of a bin
    private readonly double[] _norms; // expected number of pairs per volume of a shell
    private readonly long[] _counts;
    private readonly double[] _values;
    private readonly double _range;
    private readonly PairHistogram _histogram;
    private readonly BlockMeans _g;
    private readonly BlockMeans _rates; // by pair chi from the rate of collisions, then Z from the virial
    private readonly double _count;
    private readonly int[] _countOf;
    private double _temperature;
    private double _lastTime;
    private double _lastVirial;
    private long[] _lastCounts;

    /// <param name="plan">Bins and range.</param>
    /// <param name="gas">Periodic.</param>
    /// <param name="speciesOf">By particle.</param>
    public RadialDistribution(ObservablePlan plan, Gas gas, int[] speciesOf)
        : base(plan, gas)
    {
        int s = gas.Species.Length;
        _pairCount = s * (s + 1) / 2;
        _pairs = new SpeciesPair[_pairCount];
        _pairOf = new int[s * s];
        int next = 0;
        for (int a = 0; a < s; a++)
        {
            for (int b = a; b < s; b++)
            {
                _pairs[next] = new SpeciesPair(a, b);
                _pairOf[a * s + b] = _pairOf[b * s + a] = next++;
            }
        }

        _countOf = new int[s];
        foreach (int species in speciesOf)
        {
            _countOf[species]++;
        }

        _count = speciesOf.Length;
        _range = plan.DistanceMax(gas);
        _contacts = new double[_pairCount];
        _squares = new double[_pairCount];
        _widths = new double[_pairCount];
        _norms = new double[_pairCount];
        for (int p = 0; p < _pairCount; p++)
        {
            (int a, int b) = _pairs[p];
            double contact = 0.5 * (SmallestOf(gas, a) + SmallestOf(gas, b));
            (_contacts[p], _squares[p], _widths[p]) = (contact, contact * contact, (_range - contact) / plan.Bins);
            _norms[p] = PairNumber(a, b) / gas.Box.Volume;
        }

        _counts = new long[_pairCount * plan.Bins];
        _values = new double[_counts.Length];
        _histogram = new PairHistogram(gas, _range, speciesOf.Length, _pairOf, _contacts, plan.Bins);
        _g = new BlockMeans(_values.Length);
        _rates = new BlockMeans(_pairCount + 1);
        _lastCounts = new long[s * s];
    }

    public override bool SamplesStates => true;

    public override IEnumerable<Type> TypesThatMeasure => [typeof(RadialDistribution), typeof(PairHistogram)];

    public override void Begin(SystemState state, EventTally tally)
    {
        _temperature = Temperature.Of(Gas, state);
        Remember(state, tally);
    }

    public override void Sample(SystemState state, EventTally tally)
    {
        Array.Clear(_counts);
        int bins = Plan.Bins;
        _histogram.Count(state, _counts);
        for (int pair = 0; pair < _pairCount; pair++)
        {
            for (int bin = 0; bin < bins; bin++)
            {
                double expected = _norms[pair] * ShellVolume(pair, bin);
                _values[pair * bins + bin] = expected > 0 ? _counts[pair * bins + bin] / expected : 0;
            }
        }

        _g.Add(_values);
        double time = state.AbsoluteTime;
        if (time > _lastTime)
        {
            AddRates(time - _lastTime, tally);
        }

        Remember(state, tally);
    }

    public override IEnumerable<ObservableTable> Tables()
    {
        int bins = Plan.Bins;
        List<object[]> rows = [];
        List<object[]> contacts = [];
        for (int pair = 0; pair < _pairCount && _g.Count > 0; pair++)
        {
            string name = NameOf(pair);
            for (int bin = 0; bin < bins; bin++)
            {
                double low = Edge(pair, bin), high = Edge(pair, bin + 1);
                rows.Add([name, 0.5 * (low + high), low, high, _g.Mean(pair * bins + bin), _g.Error(pair * bins + bin)]);
            }

            int p = pair;
            double Contact(double[] means) => AtContact(p, means);
            contacts.Add(
                [name, _contacts[pair], Contact(_g.Means()), _g.Error(Contact), RateMean(pair), _rates.Error(pair)]);
        }

        yield return new ObservableTable(
            "",
            [
                "Radial distribution functions, one row per pair of species and shell.",
                "r: middle of the shell; r_low, r_high: its bounds, length. The first shell of a pair begins at its contact distance.",
                $"g: 1 for independent particles, mean over {_g.Count} states of a run, with its standard error.",
            ],
            ["pair", "r", "r_low", "r_high", "g", "g_error"],
            rows);
        if (Gas.HasOwnSizes)
        {
            yield break; // pairs of particles with sizes of their own touch at distances of their own
        }

        yield return new ObservableTable(
            "-contact",
            [
                "Values of the radial distribution functions at contact.",
                "distance: of contact, length. contact: extrapolated from the shells near it, with its standard error.",
                "contact_from_rate: rate of collisions over that of independent particles of the same temperature, with its",
                "standard error.",
            ],
            ["pair", "distance", "contact", "contact_error", "contact_from_rate", "contact_from_rate_error"],
            contacts);
        yield return new ObservableTable(
            "-virial",
            [
                "The compressibility factor Z = P V/(N T) three ways, with standard errors; without zones they agree.",
                "Z_contact: from the values at contact; Z_rate: from the rates of collisions; Z_virial: from the impulses.",
            ],
            ["Z_contact", "Z_contact_error", "Z_rate", "Z_rate_error", "Z_virial", "Z_virial_error"],
            _g.Count == 0 ? []
                :
                [
                    [
                        CompressibilityFromContacts(_g.Means()), _g.Error(CompressibilityFromContacts),
                        CompressibilityFromRates(_rates.Means()), _rates.Error(CompressibilityFromRates), RateMean(_pairCount),
                            _rates.Error(_pairCount),
                    ],
                ]);
    }

    public override void Save(BinaryWriter writer)
    {
        _g.Save(writer);
        _rates.Save(writer);
        writer.Write(_temperature);
        writer.Write(_lastTime);
        writer.Write(_lastVirial);
        foreach (long count in _lastCounts)
        {
            writer.Write(count);
        }
    }

    public override void Load(BinaryReader reader)
    {
        _g.Load(reader);
        _rates.Load(reader);
        _temperature = reader.ReadDouble();
        _lastTime = reader.ReadDouble();
        _lastVirial = reader.ReadDouble();
        for (int k = 0; k < _lastCounts.Length; k++)
        {
            _lastCounts[k] = reader.ReadInt64();
        }
    }

    private static double SmallestOf(Gas gas, int species)
    {
        double smallest = double.PositiveInfinity;
        foreach (ParticleKind kind in gas.KindTable.OfSpecies(species))
        {
            smallest = Math.Min(smallest, kind.Diameter);
        }

        return smallest;
    }

    private string NameOf(int pair) => Gas.Species[_pairs[pair].A].Name + Gas.Species[_pairs[pair].B].Name;

    private double RateMean(int k) => _rates.Count > 0 ? _rates.Mean(k) : double.NaN;

    private double PairNumber(int a, int b) => a == b ? 0.5 * _countOf[a] * (_countOf[a] - 1.0) : (double)_countOf[a] * _countOf[b];

    private double Edge(int pair, int bin) => _contacts[pair] + bin * _widths[pair];

    private double ShellVolume(int pair, int bin)
    {
        double low = Edge(pair, bin), high = Edge(pair, bin + 1);
        return Gas.Dimension == 3
            ? 4 * Math.PI / 3 * (high - low) * (high * high + high * low + low * low)
            : Math.PI * (high - low) * (high + low);
    }

    private void Remember(SystemState state, EventTally tally)
    {
        _lastTime = state.AbsoluteTime;
        _lastVirial = tally.Virial.Value;
        _lastCounts = [.. tally.PairCounts];
    }

    private void AddRates(double time, EventTally tally)
    {
        double[] rates = new double[_pairCount + 1];
        int s = Gas.Species.Length;
        double area = Gas.Dimension == 3 ? 4 * Math.PI : 2 * Math.PI;
        for (int pair = 0; pair < _pairCount; pair++)
        {
            (int a, int b) = _pairs[pair];
            double reduced = Gas.Species[a].Mass * Gas.Species[b].Mass / (Gas.Species[a].Mass + Gas.Species[b].Mass);
            double surface = area * (Gas.Dimension == 3 ? _squares[pair] : _contacts[pair]);
            double expected = _norms[pair] * surface * Math.Sqrt(_temperature / (2 * Math.PI * reduced)) * time;
            long count = tally.PairCounts[a * s + b] - _lastCounts[a * s + b];
            rates[pair] = expected > 0 ? count / expected : 0;
        }

        rates[_pairCount] = 1 + (tally.Virial.Value - _lastVirial) / (Gas.Dimension * _count * _temperature * time);
        _rates.Add(rates);
    }

    // A parabola in r by least squares through the first shells; unweighted, since their contents differ little.
    private double AtContact(int pair, double[] means)
    {
        int bins = Plan.Bins;
        int used = Math.Min(bins, Math.Max(FitBinsMin, (int)(FitRange * _contacts[pair] / _widths[pair])));
        Span<double> powers = stackalloc double[5], sums = stackalloc double[3];
        powers.Clear();
        sums.Clear();
        for (int bin = 0; bin < used; bin++)
        {
            double x = (bin + 0.5) / used, power = 1;
            for (int k = 0; k < 5; k++)
            {
                powers[k] += power;
                sums[Math.Min(k, 2)] += k < 3 ? power * means[pair * bins + bin] : 0;
                power *= x;
            }
        }

        // Cramer's rule for the constant term.
        double Determinant(double a, double b, double c, double p1, double p2, double p3, double p4) =>
            a * (p2 * p4 - p3 * p3) - b * (p1 * p4 - p2 * p3) + c * (p1 * p3 - p2 * p2);
        double whole = Determinant(powers[0], powers[1], powers[2], powers[1], powers[2], powers[3], powers[4]);
        return Determinant(sums[0], sums[1], sums[2], powers[1], powers[2], powers[3], powers[4]) / whole;
    }

    private double CompressibilityFromContacts(double[] means)
    {
        double sum = 0;
        for (int pair = 0; pair < _pairCount; pair++)
        {
            sum += Weight(pair) * AtContact(pair, means);
        }

        return 1 + sum;
    }

    private double CompressibilityFromRates(double[] means)
    {
        double sum = 0;
        for (int pair = 0; pair < _pairCount; pair++)
        {
            sum += Weight(pair) * means[pair];
        }

        return 1 + sum;
    }

    // (|S|/d) (pairs/(N V)) eps^d: its part of Z - 1 where chi is 1.
    private double Weight(int pair) => Gas.Dimension == 3
        ? 4 * Math.PI / 3 * _norms[pair] / _count * _squares[pair] * _contacts[pair]
        : Math.PI * _norms[pair] / _count * _squares[pair];

    private readonly record struct SpeciesPair(int A, int B);
}
