using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.RunFolders;
using ActorMD.Report.Documents;
using ActorMD.Report.Sources;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Sections;

/// <summary>The numbers of summary.json with their errors, beside what theory says.</summary>
internal static class ResultsSection
{
    public static ReportSection? Of(ImmutableArray<Source> sources)
    {
        Source[] finished = [.. sources.Where(source => source.Summary is not null)];
        if (finished.Length == 0)
        {
            return null;
        }

        // A column of theory only where there is one.
        HashSet<Source> predicted = [.. finished.Where(source => Quantities(source).Any(q => q is { Theory: not null, Value: not null }))];
        List<TableRow> rows = [];
        foreach (Quantity quantity in finished.SelectMany(Quantities).DistinctBy(q => q.Key))
        {
            List<TableCell> cells = [];
            foreach (Source source in finished)
            {
                Quantity? own = Quantities(source).FirstOrDefault(q => q.Key == quantity.Key);
                double? value = own?.Value, error = own is null ? null : ErrorOf(source, own);
                cells.Add(value is null ? Words.Undefined : new TableCell(TextOf(quantity, value.Value, error), quantity.Key, value));
                if (predicted.Contains(source))
                {
                    cells.Add(own is null ? "" : TheoryOf(source, own, error));
                }
            }

            rows.Add(new TableRow(quantity.Name, [.. cells]));
        }

        bool isSingle = finished.Any(source => source.StandardErrors is null);
        string errors = isSingle
            ? "Errors are standard errors: of ensembles and kinetic solutions over independent replicas; of single runs from blocks of "
                + "the samples after equilibration, where there "
                + "are enough (rates have none there: an ensemble measures them)."
            : "Errors are standard errors over independent replicas.";
        return new ReportSection(
            "results", "Results",
            [
                new TableBlock(
                    ["", .. finished.SelectMany(s => predicted.Contains(s) ? (string[])[s.Label, "theory"] : [s.Label])], [.. rows]),
                new TextBlock(errors + " In brackets: how far the measured value is from theory, in standard errors σ or in percent. "
                    + "Theory: equation of state (Carnahan–Starling, BMCSL; disks: rescaled virial series) and the "
                    + "rates of Enskog in equilibrium, at the mean temperature; "
                    + "zones: the dilute closed form times the accessible share."),
            ]);
    }

    private static IEnumerable<Quantity> Quantities(Source source)
    {
        RunSummary s = source.Summary!;
        yield return new("temperature.overall", "temperature", s.Temperature.Overall, "temperature", "temperature",
            source.Expected?.Temperature);
        foreach ((string name, double? value) in s.Temperature.BySpecies)
        {
            yield return new($"temperature.by_species.{name}", $"temperature of {name}", value, $"temperature_{name}",
                $"temperature_{name}", source.Expected?.Temperature);
        }

        double? pressure = source is { Expected: { Z: { } z, Temperature: { } t }, Case: { } c }
            ? z * t * c.ParticleCount / c.Gas.Box.Volume : null;
        yield return new("pressure.value", "pressure", s.Pressure.Value, "pressure", "pressure", pressure);
        yield return new("pressure.Z", "Z = P V / (N T)", s.Pressure.Z, "Z", "Z", source.Expected?.Z);
        if (s.Pressure.Walls is not null)
        {
            yield return new("pressure.walls", "pressure on walls", s.Pressure.Walls, "pressure_walls", null, pressure);
        }

        foreach ((string key, double? value) in s.CollisionFrequency)
        {
            double? rate = source.Expected?.Frequencies.TryGetValue(key, out double expected) == true ? expected : null;
            yield return new($"collision_frequency.{key}", $"events {key} per particle and time", value, $"frequency_{key}", null, rate);
        }

        yield return new("energy.relative_drift", "relative drift of the energy", s.Energy.RelativeDrift, null, null, null);
        yield return new("momentum_drift", "relative drift of the momentum", s.MomentumDrift, null, null, null);
        yield return new("overlap_max", "largest relative overlap at the end", s.OverlapMax, null, null, null);
    }

    // Of what is zero but for rounding only the size matters.
    private static string TextOf(Quantity quantity, double value, double? error) =>
        quantity.Column is null && quantity.ErrorKey is null && Math.Abs(value) < 1e-9
            ? Words.Number(double.Parse(value.ToString("e1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
            : Words.WithError(value, error ?? 0);

    private static double? ErrorOf(Source source, Quantity quantity)
    {
        if (quantity.ErrorKey is { } key && source.StandardErrors is { } errors)
        {
            return errors.GetValueOrDefault(key);
        }

        return quantity.Column is { } column && source is { Thermo: { } thermo, Case: { } c } && source.Kind == SourceKind.Run
            ? BlockError.Of(Enumerable.Range(0, thermo.Count).Where(row => thermo.Number(row, "time") >= c.Run.Equilibrate)
                .Select(row => thermo.Number(row, column)))
            : null;
    }

    private static TableCell TheoryOf(Source source, Quantity quantity, double? error)
    {
        if (quantity.Theory is not { } theory || quantity.Value is not { } value)
        {
            return "";
        }

        string distance = error > 1e-12 * Math.Abs(value)
            ? FormattableString.Invariant($" ({(value - theory) / error.Value:+0.0;−0.0;0.0}\u00a0σ)")
            : theory != 0 ? FormattableString.Invariant($" ({100 * (value / theory - 1):+0.00;−0.00;0.00}\u00a0%)") : "";
        return Words.Number(theory) + distance;
    }

    /// <summary>A number of summary.json.</summary>
    /// <param name="Key">Where it stands there.</param>
    /// <param name="Name">For people.</param>
    /// <param name="Value">Null: undefined.</param>
    /// <param name="ErrorKey">Its key among the standard errors; null: it has none.</param>
    /// <param name="Column">Its column of thermo.csv; null: it has none.</param>
    /// <param name="Theory">What is expected; null: no closed form.</param>
    private sealed record Quantity(string Key, string Name, double? Value, string? ErrorKey, string? Column, double? Theory);
}
