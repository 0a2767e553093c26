using System.Globalization;
using System.Text;
using ActorMD.Files.Cases;
using ActorMD.Files.Series;
using ActorMD.Kinetic.Hierarchy;
using ActorMD.Kinetic.Hierarchy.Geometry;
using ActorMD.Physics;
using ActorMD.Studies.Boltzmann;
using ActorMD.Studies.Convergence;
using ActorMD.Studies.Output;

namespace ActorMD.Studies.Hierarchy;

/// <summary>
/// How rare recollisions are along the scaling: the case's gas, and gases of 4, 16, 64 and 256 times as many, smaller particles with the
/// same kinetic limit.
/// </summary>
/// <param name="case">Its species and zones.</param>
/// <param name="depthMax">Largest k.</param>
/// <remarks>
/// Free space, one tracked particle, equilibrium at the mean temperature, t one mean free time; with times at any distance, and at least
/// 0.05 t apart.
/// </remarks>
internal sealed class RecollisionStudy(Case @case, int depthMax) : IHierarchyPart
{
    private const int RungCount = 5;
    private const double RungFactor = 4;
    private const int BlockCount = 40;
    private const int BlockSize = 10_000;
    private const double SeparationShare = 0.05;

    private readonly double _temperature = ThermalSpeeds.Temperatures(@case).Zip(@case.Counts, (t, n) => t * n).Sum() / @case.ParticleCount;

    public IEnumerable<BlockWork> Works => Kinds().Select(k =>
    {
        (Gas gas, double[] densities) = Rung(k.Rung);
        return new BlockWork(Name(k), "recollisions", BlockCount, block => new RecollisionSampler(
            gas, densities, _temperature, k.Depth, Time, k.IsSeparated ? SeparationShare * Time : 0).Draw(@case.Seed, block, BlockSize));
    });

    private double Time => 1 / new BranchingBound(@case.Gas, @case.Counts, [.. @case.Gas.Species.Select(_ => _temperature)]).Rate(0);

    public HierarchySummary Finish(
        IReadOnlyDictionary<string, double[][]> sums, IDictionary<string, string> files, HierarchySummary summary)
    {
        List<RecollisionEntry> entries = [];
        foreach ((int depth, bool isSeparated, int rung) in Kinds())
        {
            double[][] blocks = sums[Name((depth, isSeparated, rung))];
            (Gas gas, _) = Rung(rung);
            double eps = gas.ReachMax / (Time * Math.Sqrt(_temperature / gas.Species[0].Mass));
            foreach ((string kind, Func<int, bool> holds) in Names(gas))
            {
                (double share, double error) = BlockShares.Of(blocks, b => b.Where((_, n) => holds(n)).Sum(), b => b.Sum());
                entries.Add(new RecollisionEntry(depth, isSeparated ? SeparationShare : 0, eps, kind, share, error));
            }
        }

        RecollisionFit[] fits = [
            .. entries.GroupBy(e => (e.K, e.Separation, e.Kind)).Select(g => Fit(g.Key, [.. g])).OfType<RecollisionFit>()];
        files["recollisions.csv"] = Csv(entries);
        files["recollisions.svg"] = Svg(entries, fits);
        return summary with { Recollisions = [.. entries], RecollisionFits = [.. fits] };
    }

    private static string Name((int Depth, bool IsSeparated, int Rung) kind) =>
        FormattableString.Invariant($"recollisions-{kind.Depth}-{(kind.IsSeparated ? "apart" : "any")}-{kind.Rung}");

    private IEnumerable<(int Depth, bool IsSeparated, int Rung)> Kinds() =>
        from depth in Enumerable.Range(1, Math.Max(depthMax, 2))
        where depth > 1 || !@case.Gas.Zones.IsEmpty // the members of one tuple can meet again; a pair cannot
        from isSeparated in depth > 1 ? (bool[])[false, true] : [false]
        from rung in Enumerable.Range(0, RungCount)
        select (depth, isSeparated, rung);

    // N^l eps_(l+1)^(ld-1) is kept for every order, so that the kinetic equation is the same.
    private (Gas Gas, double[] Densities) Rung(int rung)
    {
        Gas gas = @case.Gas;
        double factor = Math.Pow(RungFactor, rung);
        int d = gas.Dimension;
        return (
            gas with
            {
                Species = [.. gas.Species.Select(s => s with { Diameter = s.Diameter * Math.Pow(factor, -1.0 / (d - 1)) })],
                Zones = [.. gas.Zones.Select(
                    z => z with { Distance = z.Distance * Math.Pow(factor, -(z.Order - 1.0) / ((z.Order - 1) * d - 1)) })],
            },
            [.. @case.Counts.Select(n => n * factor / gas.Box.Volume)]);
    }

    private static IEnumerable<(string Name, Func<int, bool> Holds)> Names(Gas gas)
    {
        yield return ("overlap", n => n == RecollisionSampler.Index(RecollisionKind.Overlap, 0));
        yield return ("recollision", n => n >= RecollisionSampler.Index(RecollisionKind.Added, 2));
        for (int k = 2; k <= gas.OrderMax; k++)
        {
            int order = k;
            if (k == 2 || gas.ZoneOf(k) is not null)
            {
                yield return (
                    FormattableString.Invariant($"added, order {k}"), n => n == RecollisionSampler.Index(RecollisionKind.Added, order));
                yield return (FormattableString.Invariant($"existing, order {k}"),
                    n => n == RecollisionSampler.Index(RecollisionKind.Existing, order));
            }
        }
    }

    private RecollisionFit? Fit((int K, double Separation, string Kind) key, RecollisionEntry[] entries)
    {
        (double X, double Y, double Error)[] points =
            [.. entries.Where(e => e.Share > 3 * e.Error && e.Error > 0).Select(e => (e.Epsilon, e.Share, e.Error))];
        if (points.Length < 3)
        {
            return null;
        }

        double exponent = PowerFit.Exponent(points), error = PowerFit.ExponentError(points);
        // In the plane times at any distance give a logarithm: share/eps is a line in ln(1/eps).
        (double slope, double offset)? line = @case.Gas.Dimension == 2 && key.Separation == 0
            ? Line([.. points.Select(p => (Math.Log(1 / p.X), p.Y / p.X, p.Error / p.X))])
            : null;
        double constant = Math.Exp(points.Average(p => Math.Log(p.Y) - exponent * Math.Log(p.X)));
        return new RecollisionFit(
            key.K, key.Separation, key.Kind, exponent, exponent - 1.96 * error, exponent + 1.96 * error, constant, line?.slope,
            line?.offset);
    }

    private static (double Slope, double Offset) Line((double X, double Y, double Error)[] points)
    {
        double w = points.Sum(p => 1 / (p.Error * p.Error)), x = points.Sum(p => p.X / (p.Error * p.Error)) / w;
        double y = points.Sum(p => p.Y / (p.Error * p.Error)) / w;
        double slope =
            points.Sum(p => (p.X - x) * (p.Y - y) / (p.Error * p.Error)) / points.Sum(p => (p.X - x) * (p.X - x) / (p.Error * p.Error));
        return (slope, y - slope * x);
    }

    private static string Csv(IEnumerable<RecollisionEntry> entries)
    {
        StringBuilder text = new("k,separation,eps,kind,share,error\n");
        foreach (RecollisionEntry e in entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"{e.K},{e.Separation:R},{e.Epsilon:R},\"{e.Kind}\",{e.Share:R},{e.Error:R}\n");
        }

        return text.ToString();
    }

    private string Svg(IReadOnlyList<RecollisionEntry> entries, RecollisionFit[] fits)
    {
        Picture picture = new(
            $"{@case.Name}: share of the unsigned weight with a recollision", "largest reach, in flights of one mean free time", "share",
            isLogX: true, isLogY: true);
        int color = 0;
        foreach (var group in entries.Where(e => e.Kind is "overlap" or "recollision").GroupBy(e => (e.K, e.Separation, e.Kind)))
        {
            if (fits.FirstOrDefault(f => (f.K, f.Separation, f.Kind) == group.Key) is not { } fit)
            {
                continue;
            }

            string apart = group.Key.Separation > 0 ? ", times apart" : "";
            picture.AddPoints(
                FormattableString.Invariant($"k = {group.Key.K}, {group.Key.Kind}{apart}: eps^{fit.Exponent:F2}"),
                group.Select(e => (e.Epsilon, e.Share, e.Error)), color);
            picture.AddLine(
                null, group.Select(e => (e.Epsilon, fit.Constant * Math.Pow(e.Epsilon, fit.Exponent))), color++, isDashed: true);
        }

        return picture.ToSvg();
    }
}
