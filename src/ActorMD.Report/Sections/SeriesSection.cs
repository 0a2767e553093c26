using System.Collections.Immutable;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Sources;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Sections;

/// <summary>thermo.csv over time.</summary>
internal static class SeriesSection
{
    private const int SpeciesShownMax = 6;

    /// <summary>Grey: of all species together.</summary>
    private const int AllColor = 7;

    public static ReportSection? Of(ImmutableArray<Source> sources)
    {
        Source[] timed = [.. sources.Where(source => source.Thermo is { Count: > 1 })];
        if (timed.Length == 0)
        {
            return null;
        }

        ReportBlock[] blocks =
        [
            .. new[] { Temperatures(timed), Column(timed, "Z", "compressibility", "Z = P V / (N T)", source => source.Expected?.Z),
                Energy(timed), Column(timed, "H", "h-function", "H per particle", _ => null) }
                .OfType<Plot>().Select(plot => plot.Shown()).Where(plot => !plot.IsEmpty).Select(plot => new PlotBlock(plot)),
        ];
        return new ReportSection("series", "In time", [.. blocks]);
    }

    private static Plot Temperatures(Source[] sources)
    {
        List<PlotSeries> series = [];
        int color = 0;
        foreach (Source source in sources)
        {
            string[] species = [.. source.Thermo!.Names
                .Where(name => name.StartsWith("temperature_", StringComparison.Ordinal)).Take(SpeciesShownMax)];
            foreach (string name in species.Length == 1 ? ["temperature"] : (string[])["temperature", .. species])
            {
                string title = name == "temperature" ? "all" : name["temperature_".Length..];
                // One folder: a species has the colour that it has everywhere else in the page.
                int own = sources.Length > 1 ? color++ : name == "temperature" ? AllColor : Array.IndexOf(species, name);
                series.Add(Line(sources, source, name, title, own, value => value));
            }
        }

        return new Plot("temperature", "Temperature", new PlotAxis("time"), new PlotAxis("temperature"), [.. series])
        {
            Note = "Kinetic temperature of all particles and of each species, in units of energy.",
        };
    }

    private static Plot? Column(Source[] sources, string column, string id, string label, Func<Source, double?> theory)
    {
        Source[] having = [.. sources.Where(source => source.Thermo!.Has(column))];
        if (having.Length == 0)
        {
            return null;
        }

        List<PlotSeries> series = [];
        for (int k = 0; k < having.Length; k++)
        {
            CsvTable thermo = having[k].Thermo!;
            series.Add(Line(sources, having[k], column, column, k, value => value));
            if (theory(having[k]) is { } expected)
            {
                series.Add(new PlotSeries(
                    sources.Length > 1 ? $"{having[k].Label}: theory" : "theory in equilibrium", PlotStyle.Theory, k,
                    [new(thermo.Number(0, "time"), expected), new(thermo.Number(thermo.Count - 1, "time"), expected)]));
            }
        }

        return new Plot(id, column == "Z" ? "Compressibility" : label, new PlotAxis("time"), new PlotAxis(label), [.. series])
        {
            Note = column == "Z" ? "From the impulses between two samples, so that it scatters; the average is in the table above." : null,
        };
    }

    private static Plot Energy(Source[] sources)
    {
        PlotSeries[] series =
        [
            .. sources.Select((source, k) =>
            {
                double first = source.Thermo!.Number(0, "energy");
                return Line(sources, source, "energy", "energy", k, value =>
                    first == 0 ? double.NaN : 1e16 * (value / first - 1)) with { Style = PlotStyle.Line };
            }),
        ];
        return new Plot("energy", "Energy", new PlotAxis("time"), new PlotAxis("relative change, in units of 1e-16"),
            [.. series])
        { Note = "Conserved up to rounding, which is some 1e-16 of it." };
    }

    private static PlotSeries Line(Source[] all, Source source, string column, string title, int color, Func<double, double> of)
    {
        CsvTable thermo = source.Thermo!;
        CsvTable? errors = source.ThermoErrors;
        bool hasErrors = errors?.Count == thermo.Count && column != "energy";
        return new PlotSeries(
            all.Length > 1 ? $"{source.Label}: {title}" : title, PlotStyle.Line, color,
            [.. Enumerable.Range(0, thermo.Count)
                .Select(row => new PlotPoint(
                thermo.Number(row, "time"), of(thermo.Number(row, column)), hasErrors ? Finite(errors!.Number(row, column)) : 0))]);
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
