using System.Collections.Immutable;
using System.Text.Json;
using ActorMD.Files.Cases;
using ActorMD.Kinetic.Scalings;
using ActorMD.Physics;
using ActorMD.Report.Documents;
using ActorMD.Report.Sources;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Sections;

/// <summary>What was simulated.</summary>
internal static class GasSection
{
    /// <summary>Species that are shown one by one.</summary>
    private const int SpeciesShownMax = 8;

    public static ReportSection Of(ImmutableArray<Source> sources)
    {
        Source[] gases = [.. sources.Where(source => source.Case is not null)];
        List<TableRow> rows = [Row("computed by", sources, KindOf)];
        rows.Add(Row("ladder of particles", sources, Ladder));
        if (gases.Length > 0)
        {
            rows.Add(Row("particles", sources, source => source.Case is { } c ? Words.Count(c.ParticleCount) : Words.Undefined));
            rows.Add(Row("species", sources, source => source.Case is { } c ? Species(c) : Words.Undefined));
            rows.Add(Row("box", sources, source => source.Case is { } c ? Box(c.Gas.Box) : Words.Undefined));
            rows.Add(Row("packing", sources, source =>
                source.Case is { } c && !c.Gas.Box.Has(Boundary.Open) ? Words.Number(c.Gas.Packing(c.Counts)) : Words.Undefined));
            if (gases.Any(source => !source.Case!.Gas.Zones.IsEmpty))
            {
                rows.Add(Row("zones", sources, source =>
                    source.Case is { } c ? string.Join(
                    "; ", c.Gas.Zones.Select(z => $"order {z.Order}: distance {Words.Number(z.Distance)}")) : Words.Undefined));
            }

            rows.Add(Row("mean free path", sources, source => Scales(source, s => s.MeanFreePath)));
            rows.Add(Row("mean free time", sources, source => Scales(source, s => s.MeanFreeTime)));
            rows.Add(Row(
                "time", sources,
                source => source is { Case.Run: var run, Kind: SourceKind.Run or SourceKind.Ensemble or SourceKind.Kinetic }
                    ? $"until {Words.Number(run.Until)}, averages from {Words.Number(run.Equilibrate)}" : Words.Undefined));
            rows.Add(Row("seed", sources, source => source.Case is { } c ? FormattableString.Invariant($"{c.Seed}") : Words.Undefined));
        }

        IEnumerable<TableRow> known = rows.Where(row => row.Cells.Any(cell => cell.Text != Words.Undefined));
        return new ReportSection(
            "gas", "What was simulated",
            [
                new TableBlock(["", .. sources.Select(source => source.Label)], [.. known]),
                new TextBlock("Lengths, masses and times are in the units of the case file; temperatures are in its unit of energy."),
            ]);
    }

    private static TableRow Row(string name, ImmutableArray<Source> sources, Func<Source, string> text) =>
        new(name, [.. sources.Select(source => new TableCell(text(source)))]);

    private static string Ladder(Source source) =>
        source.Json is { } json && json.TryGetProperty("rungs", out JsonElement rungs) && rungs.ValueKind == JsonValueKind.Array
        && rungs.GetArrayLength() > 0 && rungs[0].TryGetProperty("particles", out _)
            ? string.Join(", ", rungs.EnumerateArray().Select(rung => Words.Count(rung.GetProperty("particles").GetDouble())))
            : Words.Undefined;

    private static string KindOf(Source source) => source.Kind switch
    {
        SourceKind.Ensemble => "ensemble of independent systems of particles",
        SourceKind.Kinetic => "kinetic equation (DSMC)",
        SourceKind.Hierarchy => "Duhamel series of a hierarchy",
        SourceKind.Study when source.Json is { } json && !json.TryGetProperty("rungs", out _) => "study of velocity moments",
        SourceKind.Study => "study along a ladder of N",
        _ => "exact events of one system of particles",
    } + (source.Json is null ? ", not finished" : "");

    private static string Species(Case @case) => @case.Gas.Species.Length <= SpeciesShownMax
        ? string.Join("; ", @case.Gas.Species
            .Select((s, a) =>
                $"{s.Name}: {Words.Count(@case.Counts[a])} of {Mean(s)}mass {Words.Number(s.Mass)}, diameter {Words.Number(s.Diameter)}"))
        : $"{Words.Count(@case.Gas.Species.Length)} species, see the case file below";

    private static string Mean(Species species) => species.Sizes is null ? "" : "mean ";

    private static string Box(Box box) =>
        string.Join(" × ", Enumerable.Range(0, box.Dimension).Select(axis => Words.Number(box.Lengths[axis]))) + ", "
        + string.Join(", ", Enumerable.Range(0, box.Dimension)
            .Select(axis => box.BoundaryOf(axis).ToString().ToLowerInvariant()).Distinct());

    private static string Scales(Source source, Func<SpeciesScale, double?> part) =>
        source.Expected?.Scales is { } scales && scales.Species.Length <= SpeciesShownMax
        ? string.Join("; ", scales.Species.Select(s => $"{s.Name}: {Words.Number(part(s))}"))
        : Words.Undefined;
}
