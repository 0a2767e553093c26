using System.Globalization;
using System.Text;
using ActorMD.Files.Cases;
using ActorMD.Files.Series;
using ActorMD.Kinetic.Hierarchy.Geometry;
using ActorMD.Physics;
using ActorMD.Studies.Output;

namespace ActorMD.Studies.Hierarchy;

/// <summary>
/// The bad sets of the proofs, the geometric lemmas, good configurations and pathological sets: their measures, true exponents and
/// constants.
/// </summary>
internal sealed class BadSetStudy : IHierarchyPart
{
    private const int BlockCount = 20;
    private const int BlockSize = 50_000;
    private const int PathologyBlockSize = 20_000;
    private const int PathologyParticles = 5;
    private const double PathologyDiameter = 0.2;
    private const string PathologyName = "pathologies";

    private readonly Case _case;
    private readonly (int Order, GeometricFamily Family)[] _families;

    public BadSetStudy(Case @case)
    {
        _case = @case;
        int d = @case.Gas.Dimension;
        List<(int, GeometricFamily)> families = [];
        foreach (int order in (int[])[2, .. @case.Gas.Zones.Select(z => z.Order)])
        {
            families.AddRange(GeometricFamilies.Of(d, order, [.. Enumerable.Repeat(1.0, order)]).Select(f => (order, f)));
        }

        // The dependence on the ratio of masses: those of the case, and a ladder.
        foreach (double ratio in @case.Gas.Species.SelectMany(a => @case.Gas.Species, (a, b) => b.Mass / a.Mass).Concat([0.1, 10, 100])
            .Distinct().Order())
        {
            families.AddRange(ratio == 1 ? [] : GeometricFamilies.Of(d, 2, [1, ratio]).Select(f => (2, f)));
        }

        _families = [.. families];
    }

    public IEnumerable<BlockWork> Works =>
    [
        .. _families.Select((f, n) => new BlockWork(
            Name(n), "bad sets", BlockCount, block => MeasureGrid.Count(f.Family, _case.Seed, n, block, BlockSize))),
        new BlockWork(PathologyName, "pathological sets", BlockCount, block => Pathologies.Count(
            PathologyGas, PathologyParticles, _case.Seed, block, PathologyBlockSize)),
    ];

    private Gas PathologyGas => new(
        _case.Gas.Dimension == 3 ? Box.Cube(1) : Box.Square(1), [new Species("A", 1, PathologyDiameter)],
        _case.Gas.OrderMax > 2 ? [new Zone(3, 2 * PathologyDiameter)] : []);

    public HierarchySummary Finish(
        IReadOnlyDictionary<string, double[][]> sums, IDictionary<string, string> files, HierarchySummary summary)
    {
        List<BadSetEntry> entries = [];
        StringBuilder csv = new("set,order,source,eta,share,error,closed\n");
        Picture picture = new(
            $"bad sets in {_case.Gas.Dimension} dimensions: measure against eta", "eta", "share of all draws", isLogX: true, isLogY: true);
        for (int n = 0; n < _families.Length; n++)
        {
            (int order, GeometricFamily family) = _families[n];
            double[][] blocks = sums[Name(n)];
            double draws = (double)BlockCount * BlockSize;
            double[] counts = [.. MeasureGrid.Etas.Select((_, e) => blocks.Sum(b => b[e]))];
            for (int e = 0; e < counts.Length; e++)
            {
                double share = counts[e] / draws;
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"\"{family.Name}\",{order},\"{family.Source}\",{MeasureGrid.Etas[e]:R},{share:R},{Math.Sqrt(share * (1 - share) / draws):R},{family.Closed?.Invoke(MeasureGrid.Etas[e]):R}\n");
            }

            if (Entry(order, family, blocks, counts, draws) is { } entry)
            {
                entries.Add(entry);
                picture.AddPoints(
                    FormattableString.Invariant($"{family.Name}, k = {order}: {entry.Exponent:F2}"),
                    MeasureGrid.Etas.Zip(counts, (eta, c) => (eta, c / draws, Math.Sqrt(c) / draws)).Where(p => p.Item2 > 0), n);
            }
        }

        AddPathologies(sums[PathologyName], entries, csv);
        files["bad-sets.csv"] = csv.ToString();
        files["bad-sets.svg"] = picture.ToSvg();
        files["rates.svg"] = RatesPicture.Svg(_case.Gas.Dimension);
        return summary with { BadSets = [.. entries] };
    }

    private static string Name(int family) => FormattableString.Invariant($"set-{family}");

    // Fitted where the set is small and was met often enough: over the last four such eta.
    private static BadSetEntry? Entry(int order, GeometricFamily family, double[][] blocks, double[] counts, double draws)
    {
        const int Span = 4;
        const double CountMin = 400;
        int last = Array.FindLastIndex(counts, c => c >= CountMin);
        if (last < Span)
        {
            return null;
        }

        double[] logs = [.. MeasureGrid.Etas.Select(Math.Log)];
        (double exponent, double error) = BlockShares.Jackknife(blocks, total => Slope(logs, total, last - Span, last));
        double power = family.Expected ?? exponent;
        double eta = MeasureGrid.Etas[last], share = counts[last] / draws;
        return new BadSetEntry(
            family.Name, order, family.Source, family.Parameter, family.Proved, family.Expected, exponent, exponent - 1.96 * error,
            exponent + 1.96 * error,
            share / Math.Pow(eta, power), MeasureGrid.Etas[last - Span], eta);
    }

    private static double Slope(double[] x, double[] counts, int from, int to)
    {
        double mean = 0, y = 0, n = to - from + 1;
        for (int e = from; e <= to; e++)
        {
            mean += x[e] / n;
            y += Math.Log(counts[e]) / n;
        }

        double xy = 0, xx = 0;
        for (int e = from; e <= to; e++)
        {
            xy += (x[e] - mean) * (Math.Log(counts[e]) - y);
            xx += (x[e] - mean) * (x[e] - mean);
        }

        return xy / xx;
    }

    private void AddPathologies(double[][] blocks, List<BadSetEntry> entries, StringBuilder csv)
    {
        const string Source = "[Mix Lemma 3.3, High Thm 2.7]";
        const string What = "two events within delta";
        double draws = (double)BlockCount * PathologyBlockSize;
        double[] counts = [.. Pathologies.Deltas.Select((_, e) => blocks.Sum(b => b[e]))];
        double[] logs = [.. Pathologies.Deltas.Select(delta => Math.Log(delta))];
        for (int e = 0; e < counts.Length; e++)
        {
            double share = counts[e] / draws;
            csv.Append(CultureInfo.InvariantCulture, $"\"{What}\",{_case.Gas.OrderMax},\"{Source}\",{Pathologies.Deltas[e]:R},{share:R},{Math.Sqrt(share * (1 - share) / draws):R},\n");
        }

        int last = Array.FindLastIndex(counts, c => c >= 100);
        if (last >= 2)
        {
            (double exponent, double error) = BlockShares.Jackknife(blocks, total => Slope(logs, total, last - 2, last));
            entries.Add(new BadSetEntry(
                What, _case.Gas.OrderMax, Source, "delta", 2, 2, exponent, exponent - 1.96 * error, exponent + 1.96 * error,
                counts[last] / draws / Math.Pow(Pathologies.Deltas[last], 2), Pathologies.Deltas[last - 2], Pathologies.Deltas[last]));
        }
    }
}
