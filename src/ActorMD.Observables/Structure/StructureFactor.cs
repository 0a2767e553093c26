using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Statistics;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Observables.Structure;

/// <summary>Static structure factors S_ab(k) = Re rho_a(k) rho_b(-k) / sqrt(N_a N_b), rho_a(k) = sum over a of exp(i k.r).</summary>
/// <remarks>
/// Wave vectors of the periodic box: k = 2 pi (n_x/L_x, n_y/L_y, n_z/L_z) with |n| up to <see cref="ObservablePlan.Bins"/>, one of each k
/// and -k. Those of (nearly) the same length are averaged.
/// </remarks>
internal sealed class StructureFactor : Observable
{
    private readonly (int X, int Y, int Z)[] _waves;
    private readonly int[] _shellOf;
    private readonly double[] _lengths; // mean |k| of a shell
    private readonly int[] _waveCounts;
    private readonly int _pairCount;
    private readonly int[] _countOf;
    private readonly BlockMeans _means;

    /// <param name="plan">Number of waves along an axis.</param>
    /// <param name="gas">Periodic.</param>
    /// <param name="speciesOf">By particle.</param>
    public StructureFactor(ObservablePlan plan, Gas gas, int[] speciesOf)
        : base(plan, gas)
    {
        int n = plan.Bins, depth = gas.Dimension == 3 ? n : 0, s = gas.Species.Length;
        List<((int X, int Y, int Z) Wave, double Length)> waves = [];
        double shortest = 2 * Math.PI / Math.Max(gas.Box.Lengths.X, Math.Max(gas.Box.Lengths.Y, gas.Box.Lengths.Z));
        for (int x = 0; x <= n; x++)
        {
            for (int y = x == 0 ? 0 : -n; y <= n; y++)
            {
                for (int z = x == 0 && y == 0 ? 1 : -depth; z <= depth; z++)
                {
                    double length = LengthOf(gas.Box, x, y, z);
                    if (length > 0 && length <= n * shortest * (1 + 1e-9))
                    {
                        waves.Add(((x, y, z), length));
                    }
                }
            }
        }

        // Lengths that differ by rounding only belong together; in boxes of unlike sides those within a tenth of the shortest wave do.
        double[] distinct = [.. waves.Select(w => Math.Round(w.Length / shortest * 10)).Distinct().Order()];
        _waves = [.. waves.Select(w => w.Wave)];
        _shellOf = [.. waves.Select(w => Array.BinarySearch(distinct, Math.Round(w.Length / shortest * 10)))];
        _lengths = new double[distinct.Length];
        _waveCounts = new int[distinct.Length];
        for (int k = 0; k < _waves.Length; k++)
        {
            _lengths[_shellOf[k]] += waves[k].Length;
            _waveCounts[_shellOf[k]]++;
        }

        for (int shell = 0; shell < distinct.Length; shell++)
        {
            _lengths[shell] /= _waveCounts[shell];
        }

        _pairCount = s * (s + 1) / 2;
        _countOf = new int[s];
        foreach (int species in speciesOf)
        {
            _countOf[species]++;
        }

        _means = new BlockMeans(distinct.Length * _pairCount);
    }

    public override bool SamplesStates => true;

    public override void Sample(SystemState state, EventTally tally)
    {
        int s = Gas.Species.Length, n = Plan.Bins, depth = Gas.Dimension == 3 ? n : 0;
        double[] real = new double[_waves.Length * s], imaginary = new double[_waves.Length * s];
        (double Cosine, double Sine)[] px = new (double, double)[n + 1], py = new (double, double)[2 * n + 1], pz = new (double,
            double)[2 * depth + 1];
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            Vec3 p = PeriodicPosition.At(Gas.Box, particle, state.Time);
            int species = Gas.Kinds[particle.Kind].Species;
            Fill(p.X / Gas.Box.Lengths.X, px, 0);
            Fill(p.Y / Gas.Box.Lengths.Y, py, n);
            if (depth > 0)
            {
                Fill(p.Z / Gas.Box.Lengths.Z, pz, n);
            }
            else
            {
                pz[0] = (1, 0);
            }

            for (int w = 0; w < _waves.Length; w++)
            {
                (int x, int y, int z) = _waves[w];
                (double c, double i) = Product(Product(px[x], py[y + n]), pz[z + depth]);
                real[w * s + species] += c;
                imaginary[w * s + species] += i;
            }
        }

        double[] values = new double[_lengths.Length * _pairCount];
        for (int w = 0; w < _waves.Length; w++)
        {
            int pair = 0;
            for (int a = 0; a < s; a++)
            {
                for (int b = a; b < s; b++, pair++)
                {
                    double product = real[w * s + a] * real[w * s + b] + imaginary[w * s + a] * imaginary[w * s + b];
                    double count = Math.Sqrt((double)_countOf[a] * _countOf[b]);
                    values[_shellOf[w] * _pairCount + pair] += count > 0 ? product / (count * _waveCounts[_shellOf[w]]) : 0;
                }
            }
        }

        _means.Add(values);
    }

    public override IEnumerable<ObservableTable> Tables()
    {
        List<object[]> rows = [];
        int s = Gas.Species.Length, pair = 0;
        for (int a = 0; a < s; a++)
        {
            for (int b = a; b < s; b++, pair++)
            {
                for (int shell = 0; shell < _lengths.Length && _means.Count > 0; shell++)
                {
                    int k = shell * _pairCount + pair;
                    rows.Add([Gas.Species[a].Name + Gas.Species[b].Name, _lengths[shell], _waveCounts[shell], _means.Mean(k),
                        _means.Error(k)]);
                }
            }
        }

        yield return new ObservableTable(
            "",
            [
                "Static structure factors Re rho_a(k) rho_b(-k) / sqrt(N_a N_b), one row per pair of species and length of the",
                "wave vector.",
                "k: wave number, 1/length. waves: how many wave vectors of this length are averaged (one of each k and -k).",
                "S: 1 for independent particles of one species, with its standard error.",
            ],
            ["pair", "k", "waves", "S", "S_error"],
            rows);
    }

    public override void Save(BinaryWriter writer) => _means.Save(writer);

    public override void Load(BinaryReader reader) => _means.Load(reader);

    private static double LengthOf(Box box, int x, int y, int z)
    {
        Vec3 k = new(x / box.Lengths.X, y / box.Lengths.Y, box.Dimension == 3 ? z / box.Lengths.Z : 0);
        return 2 * Math.PI * Math.Sqrt(k.LengthSquared);
    }

    private static (double, double) Product((double Cosine, double Sine) a, (double Cosine, double Sine) b) =>
        (a.Cosine * b.Cosine - a.Sine * b.Sine, a.Cosine * b.Sine + a.Sine * b.Cosine);

    // exp(2 pi i n u) for n from -middle on.
    private static void Fill(double turns, (double Cosine, double Sine)[] powers, int middle)
    {
        (double sine, double cosine) = PortableMath.SinCosTurns(turns);
        powers[middle] = (1, 0);
        for (int n = 1; middle + n < powers.Length; n++)
        {
            powers[middle + n] = Product(powers[middle + n - 1], (cosine, sine));
            if (middle - n >= 0)
            {
                powers[middle - n] = (powers[middle + n].Cosine, -powers[middle + n].Sine);
            }
        }
    }
}
