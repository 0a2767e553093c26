using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorMD.Kinetic.Scalings;
using ActorMD.Physics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorMD.Cli.Terminal;

/// <summary>The scales of a gas as tables and as JSON.</summary>
internal static class ScaleReport
{
    // More than a screen of rows is not read.
    private const int RowsMax = 64;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IRenderable ToTables(Gas gas, ImmutableArray<int> counts, GasScales scales)
    {
        List<IRenderable> parts =
        [
            new Text(string.Create(
                CultureInfo.InvariantCulture,
                $"{gas.Dimension}-D, volume {Numbers.Short(gas.Box.Volume)}, {Numbers.Count(counts.Sum())} particles, packing "
                    + $"{Numbers.Short(gas.Packing(counts))}")),
            SpeciesTable(gas, scales),
            PairTable(gas, scales),
        ];
        if (Math.Max(gas.Species.Length, scales.Pairs.Length) > RowsMax)
        {
            parts.Add(new Text(
                $"... the first rows of {Numbers.Count(gas.Species.Length)} species and {Numbers.Count(scales.Pairs.Length)} pairs; "
                + $"rates of all species "
                + $"{Numbers.Short(scales.Species.Min(s => s.Rate))} to {Numbers.Short(scales.Species.Max(s => s.Rate))}; --csv DIR "
                + "writes the full tables"));
        }

        if (!scales.Zones.IsEmpty)
        {
            parts.Add(ZoneTable(scales));
        }

        parts.Add(new Text(
            "rate: events of one particle of the first-named species per unit time; limit A = N_b eps_ab^(d-1); chi: contact value;\n"
            + "accessible: share of the ellipsoid that lower orders leave free."));

        return new Rows(parts);
    }

    public static string ToJson(Gas gas, ImmutableArray<int> counts, GasScales scales)
    {
        JsonObject report = new()
        {
            ["dimension"] = gas.Dimension,
            ["volume"] = gas.Box.Volume,
            ["particles"] = counts.Sum(),
            ["packing"] = gas.Packing(counts),
            ["species"] = new JsonArray([.. scales.Species.Select((s, a) => new JsonObject
            {
                ["name"] = s.Name,
                ["count"] = s.Count,
                ["mass"] = gas.Species[a].Mass,
                ["diameter"] = s.Diameter,
                ["density"] = s.Density,
                ["c"] = s.Constant,
                ["rate"] = s.Rate,
                ["mean_free_time"] = s.MeanFreeTime,
                ["mean_free_path"] = s.MeanFreePath,
            })]),
            ["pairs"] = new JsonArray([.. scales.Pairs.Select(p => new JsonObject
            {
                ["pair"] = PairName(gas, p),
                ["contact"] = p.Contact,
                ["limit_constant"] = p.LimitConstant,
                ["contact_value"] = p.ContactValue,
                ["rate_dilute"] = p.RateDilute,
                ["rate"] = p.Rate,
            })]),
            ["zones"] = new JsonArray([.. scales.Zones.Select(z => new JsonObject
            {
                ["order"] = z.Order,
                ["distance"] = z.Distance,
                ["c"] = z.Constant,
                ["coefficient"] = z.Coefficient,
                ["crowding"] = z.Crowding,
                ["accessible_share"] = z.Accessible.Value,
                ["accessible_share_error"] = z.Accessible.StandardError,
                ["inert_below"] = z.InertBelow,
                ["inert"] = z.IsInert,
                ["rate_dilute"] = z.RateDilute,
                ["rate"] = z.Rate,
            })]),
        };
        return report.ToJsonString(Indented);
    }

    private static Table SpeciesTable(Gas gas, GasScales scales)
    {
        Table table = Titled("species", "N", "mass", "diameter", "c", "rate", "free time", "free path");
        for (int a = 0; a < Math.Min(gas.Species.Length, RowsMax); a++)
        {
            SpeciesScale s = scales.Species[a];
            AddRow(
                table, s.Name, Numbers.Count(s.Count), Numbers.Short(gas.Species[a].Mass), Numbers.Short(s.Diameter),
                Numbers.Short(s.Constant), Numbers.Short(s.Rate), Numbers.Short(s.MeanFreeTime), Numbers.Short(s.MeanFreePath));
        }

        return table;
    }

    private static Table PairTable(Gas gas, GasScales scales)
    {
        Table table = Titled("pair", "contact", "limit A", "chi", "dilute rate", "rate");
        foreach (PairScale p in scales.Pairs.Take(RowsMax))
        {
            AddRow(
                table, PairName(gas, p), Numbers.Short(p.Contact), Numbers.Short(p.LimitConstant), Numbers.Short(p.ContactValue),
                Numbers.Short(p.RateDilute), Numbers.Short(p.Rate));
        }

        return table;
    }

    private static Table ZoneTable(GasScales scales)
    {
        Table table = Titled("order", "distance", "c", "c/l!", "n eps^d", "accessible", "dilute rate", "rate");
        foreach (ZoneScale z in scales.Zones)
        {
            AddRow(
                table, FormattableString.Invariant($"{z.Order}"), Numbers.Short(z.Distance), Numbers.Short(z.Constant),
                Numbers.Short(z.Coefficient), Numbers.Short(z.Crowding),
                z.IsInert ? "inert" : Numbers.Share(z.Accessible.Value), Numbers.Short(z.RateDilute), Numbers.Short(z.Rate));
        }

        return table;
    }

    internal static string PairName(Gas gas, PairScale pair) => gas.Species[pair.First].Name + gas.Species[pair.Second].Name;

    private static Table Titled(params string[] columns)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in columns)
        {
            Justify alignment = table.Columns.Count == 0 ? Justify.Left : Justify.Right;
            table.AddColumn(new TableColumn(new Text(column)) { Alignment = alignment, NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        }

        return table;
    }

    private static void AddRow(Table table, params string[] cells) => table.AddRow([.. cells.Select(c => new Text(c))]);
}
