using System.Collections.Immutable;
using ActorMD.Report.Documents;
using ActorMD.Report.Plots;
using ActorMD.Report.Tables;

namespace ActorMD.Report.Sections;

/// <summary>
/// How each table of an observable is shown. Tables are known by their columns, since the case may name them as it likes.
/// </summary>
internal static class ObservableBlocks
{
    private const string Plateau = "; where it no longer changes it is the coefficient.";

    private static readonly (string[] Columns, Func<ObservableTable, IEnumerable<ReportBlock?>> Blocks)[] Layouts =
    [
        (["pair", "r", "g"], RadialDistribution),
        (["pair", "distance", "contact"], ContactValues),
        (["Z_contact", "Z_rate", "Z_virial"], Virial),
        (["pair", "k", "S"], StructureFactor),
        (["time", "shear_viscosity", "conductivity"], Helfand),
        (["time", "moment", "diffusion"], MutualDiffusion),
        (["channel", "quantity", "mean"], CollisionMeans),
        (["channel", "quantity", "low", "density"], CollisionHistograms),
        (["channel", "events_between", "share"], Recollisions),
        (["species", "speed_low", "component_density"], Velocities),
        (["species", "power", "moment", "maxwellian"], VelocityMoments),
        (["species", "density", "temperature"], Profile),
    ];

    // With a column for each species.
    private static readonly (string Prefix, Func<ObservableTable, IEnumerable<ReportBlock?>> Blocks)[] OfSpecies =
        [("msd_", Displacement), ("vacf_", Autocorrelation), ("H_", HFunction)];

    /// <summary>Whether a table is one of these.</summary>
    public static bool Knows(CsvTable table) => LayoutOf(table) is not null;

    /// <summary>What is shown of it.</summary>
    public static IEnumerable<ReportBlock> Of(ObservableTable observable) =>
        LayoutOf(observable.Table)?.Invoke(observable).OfType<ReportBlock>() ?? [];

    private static Func<ObservableTable, IEnumerable<ReportBlock?>>? LayoutOf(CsvTable table)
    {
        if (table.Has("time"))
        {
            foreach ((string prefix, var blocks) in OfSpecies)
            {
                if (table.Names.Any(name => name.StartsWith(prefix, StringComparison.Ordinal)))
                {
                    return blocks;
                }
            }
        }

        return Layouts.FirstOrDefault(layout => Array.TrueForAll(layout.Columns, table.Has)).Blocks;
    }

    private static IEnumerable<ReportBlock?> RadialDistribution(ObservableTable o)
    {
        yield return o.Plot(
            "g", "Radial distribution functions" + o.Named("rdf"), new PlotAxis("distance r"), new PlotAxis("g(r)"),
            o.ByWord("pair", o.Of("r"), o.Of("g"), o.Of("g_error")), "By pair of species; 1 for independent particles.");
    }

    private static IEnumerable<ReportBlock?> ContactValues(ObservableTable o)
    {
        yield return new TableBlock(
            ["g at contact" + o.Named("rdf"), "contact distance", "extrapolated", "from the rate of collisions"],
            [
                .. Enumerable.Range(0, o.Table.Count).Select(row => new TableRow(
                    o.Table.Text(row, "pair"),
                    [Words.Number(o.Table.Number(row, "distance")), o.Value(row, "contact"), o.Value(row, "contact_from_rate")])),
            ]);
    }

    private static IEnumerable<ReportBlock?> Virial(ObservableTable o)
    {
        yield return new TableBlock(
            ["Z = P V / (N T)" + o.Named("rdf"), "from g at contact", "from the rates of collisions", "from impulses"],
            [new TableRow("measured", [o.Value(0, "Z_contact"), o.Value(0, "Z_rate"), o.Value(0, "Z_virial")])]);
    }

    private static IEnumerable<ReportBlock?> StructureFactor(ObservableTable o)
    {
        yield return o.Plot(
            "s", "Static structure factors" + o.Named("structure_factor"), new PlotAxis("wave number k"), new PlotAxis("S(k)"),
            o.ByWord("pair", o.Of("k"), o.Of("S"), o.Of("S_error")),
            "Re ρ_a(k) ρ_b(−k) / sqrt(N_a N_b), by pair of species; 1 for independent particles of one species.");
    }

    private static IEnumerable<ReportBlock?> Displacement(ObservableTable o)
    {
        PlotAxis delay = o.Delay();
        yield return o.Plot(
            "msd", "Mean squared displacement" + o.Named("msd"), delay, new PlotAxis("⟨|r(t) − r(0)|²⟩", delay.IsLog),
            o.BySpecies("msd"));
        yield return Diffusion(o, "msd", "Slope of the mean squared displacement over twice the dimension" + Plateau);
    }

    private static IEnumerable<ReportBlock?> Autocorrelation(ObservableTable o)
    {
        yield return o.Plot(
            "vacf", "Velocity autocorrelation" + o.Named("vacf"), o.Delay(), new PlotAxis("⟨v(0)·v(t)⟩"), o.BySpecies("vacf"));
        yield return Diffusion(o, "vacf", "Integral of the autocorrelation over the dimension" + Plateau);
    }

    private static PlotBlock? Diffusion(ObservableTable o, string kind, string note) => o.Plot(
        "diffusion", $"Self-diffusion from {(kind == "msd" ? "displacements" : "velocities")}{o.Named(kind)}", o.Delay(),
        new PlotAxis("diffusion, length²/time"), o.BySpecies("diffusion"), note);

    private static IEnumerable<ReportBlock?> Helfand(ObservableTable o)
    {
        const string Note = "Slope of the Helfand moment" + Plateau + " The moments are in the table.";
        yield return o.Plot(
            "viscosity", "Viscosities" + o.Named("helfand"), o.Delay(), new PlotAxis("viscosity"),
            [o.Column("shear_viscosity", "shear", 0), o.Column("bulk_viscosity", "bulk", 1)], Note);
        yield return o.Plot(
            "conductivity", "Thermal conductivity" + o.Named("helfand"), o.Delay(), new PlotAxis("conductivity"),
            [o.Column("conductivity", "conductivity", 0)], Note);
    }

    private static IEnumerable<ReportBlock?> MutualDiffusion(ObservableTable o)
    {
        yield return o.Plot(
            "diffusion", "Mutual diffusion" + o.Named("mutual_diffusion"), o.Delay(), new PlotAxis("diffusion, length²/time"),
            [o.Column("diffusion", "Maxwell–Stefan", 0)],
            "Slope of the moment" + Plateau + " The moment is in the table.");
    }

    private static IEnumerable<ReportBlock?> CollisionMeans(ObservableTable o)
    {
        string[] quantities = [.. Enumerable.Range(0, o.Table.Count).Select(row => o.Table.Text(row, "quantity")).Distinct()];
        yield return new TableBlock(
            ["means over collisions" + o.Named("collisions"), .. quantities.Select(Spoken)],
            [
                .. Enumerable.Range(0, o.Table.Count).GroupBy(row => o.Table.Text(row, "channel"), StringComparer.Ordinal)
                    .Select(channel => new TableRow(
                        channel.Key,
                        [
                            .. quantities.Select(quantity => new TableCell(
                                channel.Where(row => o.Table.Text(row, "quantity") == quantity).Select(row => o.Value(row, "mean"))
                                    .FirstOrDefault(Words.Undefined))),
                        ])),
            ]);
    }

    private static IEnumerable<ReportBlock?> CollisionHistograms(ObservableTable o) =>
        Enumerable.Range(0, o.Table.Count).Select(row => o.Table.Text(row, "quantity")).Distinct().Select(quantity => o.Plot(
            quantity, "Collisions: " + Spoken(quantity) + o.Named("collisions"), new PlotAxis(Spoken(quantity)),
            new PlotAxis("probability density"),
            o.ByWord("channel", o.Middle("low", "high"), o.Of("density"), _ => 0, row => o.Table.Text(row, "quantity") == quantity)));

    private static IEnumerable<ReportBlock?> Recollisions(ObservableTable o)
    {
        yield return o.Plot(
            "share", "Recollisions" + o.Named("collisions"), new PlotAxis("events of the two in between"),
            new PlotAxis("share of all collisions"), o.ByWord("channel", o.Of("events_between"), o.Of("share"), _ => 0),
            "Collisions of pairs that had met before. A particle remembers its latest 8 events.");
    }

    private static IEnumerable<ReportBlock?> Velocities(ObservableTable o)
    {
        yield return o.Plot(
            "speed", "Speeds" + o.Named("velocities"), new PlotAxis("speed"), new PlotAxis("probability density"),
            o.ByWord("species", o.Middle("speed_low", "speed_high"), o.Of("speed_density"), o.Of("speed_density_error")));
        yield return o.Plot(
            "component", "Components of velocities" + o.Named("velocities"), new PlotAxis("component"),
            new PlotAxis("probability density"),
            o.ByWord(
                "species", o.Middle("component_low", "component_high"), o.Of("component_density"), o.Of("component_density_error")));
    }

    private static IEnumerable<ReportBlock?> VelocityMoments(ObservableTable o)
    {
        yield return o.Plot(
            "ratio", "Moments of the speed over a Maxwellian's" + o.Named("velocities"), new PlotAxis("power"), new PlotAxis("ratio"),
            o.ByWord(
                "species", o.Of("power"), row => o.Table.Number(row, "moment") / o.Table.Number(row, "maxwellian"),
                row => o.Table.Number(row, "moment_error") / o.Table.Number(row, "maxwellian")),
            "Of a Maxwellian with the measured mean square, so that power 2 is 1 by definition.");
    }

    private static IEnumerable<ReportBlock?> HFunction(ObservableTable o)
    {
        ImmutableArray<string> species = o.Species("H");
        yield return o.Plot(
            "h", "Boltzmann's H" + o.Named("h_function"), new PlotAxis("time"), new PlotAxis("H"),
            [
                .. o.BySpecies("H"),
                .. species.Select((name, k) =>
                    o.Column($"H_{name}_maxwellian", $"{name}, Maxwellian", k) with { Style = PlotStyle.Theory }),
            ],
            "By histograms of velocities, which make H a little too large where particles are few. Dashed: a Maxwellian with the "
                + "same mean square, the least that H can be.");
    }

    private static IEnumerable<ReportBlock?> Profile(ObservableTable o)
    {
        if (o.Table.Names.FirstOrDefault(name => name is "x" or "y" or "z") is not { } axis)
        {
            yield break;
        }

        foreach (string value in o.Table.Names.Where(name =>
            name is "density" or "temperature" or "velocity_x" or "velocity_y" or "velocity_z"))
        {
            string title = value.Replace('_', ' ');
            yield return o.Plot(
                value, $"Profile along {axis}: {title}{o.Named("profile")}", new PlotAxis(axis), new PlotAxis(title),
                o.ByWord("species", o.Of(axis), o.Of(value), o.Of($"{value}_error")));
        }
    }

    private static string Spoken(string quantity) => quantity switch
    {
        "impact_parameter" => "impact parameter over distance",
        _ => quantity.Replace('_', ' '),
    };
}
