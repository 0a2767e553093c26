using System.Collections.Immutable;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Scenes;
using ActorMD.Report.Sources;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Sections;

/// <summary>Velocity distributions against Maxwellians, and the particles in space.</summary>
internal static class VelocitySection
{
    private const int SpeciesShownMax = 6;

    /// <param name="sources">The folders.</param>
    /// <param name="frames">What was read of each one's trajectory; null where there are no particles.</param>
    public static ReportSection? Of(ImmutableArray<Source> sources, IReadOnlyList<TrajectorySample?> frames)
    {
        List<ReportBlock> blocks = [];
        for (int k = 0; k < sources.Length; k++)
        {
            if (frames[k] is not { } sample || sample.Velocities.All(h => h.Count == 0))
            {
                continue;
            }

            string suffix = sources.Length > 1 ? $" of {sources[k].Label}" : "";
            string id = sources.Length > 1 ? $"-{k + 1}" : "";
            Plot plot = Distribution(sample, $"velocities{id}", $"Velocity components{suffix}").Shown();
            if (!plot.IsEmpty)
            {
                blocks.Add(new PlotBlock(plot));
                blocks.Add(Moments(sample, suffix));
            }
        }

        return blocks.Count == 0 ? null : new ReportSection("velocities", "Velocities", [.. blocks]);
    }

    private static Plot Distribution(TrajectorySample sample, string id, string title)
    {
        VelocityHistogram[] shown = [.. sample.Velocities.Take(SpeciesShownMax).Where(h => h.Count > 0)];
        return new Plot(
            id, title, new PlotAxis("v / sqrt(T/m)"), new PlotAxis("probability density", IsLog: true),
            [
                .. shown.Select((h, k) => new PlotSeries(h.Species, PlotStyle.Points, k, [.. h.Points()])),
                new PlotSeries(
                    "Maxwellian", PlotStyle.Theory, 7,
                    [.. Enumerable.Range(0, 81).Select(n => (n - 40) / 10.0)
                        .Select(c => new PlotPoint(c, Math.Exp(-0.5 * c * c) / Math.Sqrt(2 * Math.PI)))]),
            ])
        {
            Note = $"{sample.Origin}. Components of all particles, in units of the thermal speed of their species at the mean "
                + $"temperature of these frames; error bars count particles as independent.",
        };
    }

    private static TableBlock Moments(TrajectorySample sample, string suffix) => new(
        [$"species{suffix}", "temperature of these frames", "4th moment over a Maxwellian's (1)"],
        [.. sample.Velocities.Where(h => h.Count > 0)
            .Select(h => new TableRow(h.Species, [Words.Number(h.Temperature), Words.Number(h.FourthMomentRatio)]))]);
}
