using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Kinetic.Estimates;
using ActorMD.Kinetic.Scalings;
using ActorMD.Physics;
using ActorMD.Runs.Observables;

namespace ActorMD.Cli.Terminal;

/// <summary>What a run simulates, what is expected of it and what it will cost, before it starts.</summary>
internal static class CaseListing
{
    /// <summary>Species that are shown one by one; more are summed up.</summary>
    public const int SpeciesShownMax = 8;

    /// <summary>The lines of a case.</summary>
    /// <param name="case">What is simulated.</param>
    /// <param name="expected">Of it.</param>
    /// <param name="folder">Where its files go.</param>
    /// <param name="cost">What it will cost; null shows nothing.</param>
    public static Listing Of(Case @case, Expected expected, RunFolder folder, CostEstimate? cost)
    {
        Gas gas = @case.Gas;
        Listing listing = new();
        listing.Add("particles", Numbers.Count(@case.ParticleCount));
        AddSpecies(listing, @case);
        listing.Add("box", Box(gas.Box));
        if (!gas.Box.Has(Boundary.Open))
        {
            listing.Add("packing", Numbers.Short(gas.Packing(@case.Counts)));
        }

        foreach (Zone zone in gas.Zones)
        {
            listing.Add($"zone {zone.Order}", $"distance {Numbers.Short(zone.Distance)}, reach {Numbers.Short(zone.Reach)}");
        }

        AddExpected(listing, @case, expected);
        RunPlan run = @case.Run;
        listing.Add(
            "time", $"until {Numbers.Short(run.Until)}, averages from {Numbers.Short(run.Equilibrate)}, "
                + (run.Times is { } times
                    ? FormattableString.Invariant($"samples at {times.Count} times") : $"a sample every {Numbers.Short(run.Sample)}"));
        listing.Add("seed", FormattableString.Invariant($"{@case.Seed}"));
        if (cost is not null)
        {
            listing.WithCost(cost);
        }

        listing.Add("folder", folder.Directory);
        return listing;
    }

    /// <summary>Values with their keys on one line; of many only the first, and where the others are.</summary>
    public static string Few(IReadOnlyList<string> values, string file) => values.Count <= SpeciesShownMax + 2
        ? string.Join(", ", values)
        : $"{string.Join(", ", values.Take(SpeciesShownMax))} and {Numbers.Count(values.Count - SpeciesShownMax)} more in {file}";

    private static void AddSpecies(Listing listing, Case @case)
    {
        Species[] all = [.. @case.Gas.Species];
        for (int a = 0; a < all.Length && all.Length <= SpeciesShownMax; a++)
        {
            listing.Add(
                $"  {all[a].Name}",
                $"{Numbers.Count(@case.Counts[a])}, "
                + (all[a].Sizes is null
                    ? $"mass {Numbers.Short(all[a].Mass)}, diameter {Numbers.Short(all[a].Diameter)}"
                    : Sizes(@case.Gas, a)));
        }

        if (all.Length > SpeciesShownMax)
        {
            listing.Add(
                "species",
                $"{Numbers.Count(all.Length)} of {Range(@case.Counts.Select(n => (double)n))} particles, mass "
                + $"{Range(all.Select(s => s.Mass))}, "
                + $"diameter {Range(all.Select(s => s.Diameter))}");
        }
    }

    private static string Sizes(Gas gas, int species)
    {
        ParticleKind[] kinds = gas.KindTable.OfSpecies(species).ToArray();
        return $"mass {Range(kinds.Select(kind => kind.Mass))}, diameter {Range(kinds.Select(kind => kind.Diameter))}, "
            + $"{Numbers.Short(gas.Species[species].Diameter)} on average";
    }

    private static string Range(IEnumerable<double> values)
    {
        (double least, double most) = (values.Min(), values.Max());
        return least == most ? Numbers.Short(least) : $"{Numbers.Short(least)} to {Numbers.Short(most)}";
    }

    // Closed forms; they say nothing where nothing moves yet. Measured values stand at the end of the run, in the same units.
    private static void AddExpected(Listing listing, Case @case, Expected expected)
    {
        Gas gas = @case.Gas;
        double side = Enumerable.Range(0, gas.Dimension).Min(axis => gas.Box.Lengths[axis]);
        SpeciesScale[] moving = [.. (expected.Scales?.Species ?? []).Where(s => s.MeanFreePath is { } path && double.IsFinite(path))];
        foreach (SpeciesScale species in moving.Take(moving.Length <= SpeciesShownMax ? moving.Length : 0))
        {
            double path = species.MeanFreePath!.Value, time = species.MeanFreeTime!.Value;
            // Into open space the gas thins out: its collisions cannot be told from their rate at the beginning.
            string events = gas.Box.Has(Boundary.Open)
                ? " at first"
                : $", {Numbers.Short(@case.Run.Until / time)} events per particle";
            listing.Add(
                $"expected of {species.Name}",
                $"mean free path {Numbers.Short(path)}, mean free time {Numbers.Short(time)}, Knudsen number {Numbers.Short(path / side)}"
                + events);
        }

        if (moving.Length > SpeciesShownMax)
        {
            listing.Add(
                "expected",
                $"mean free path {Range(moving.Select(s => s.MeanFreePath!.Value))}, mean free time "
                    + $"{Range(moving.Select(s => s.MeanFreeTime!.Value))}");
        }

        if (expected.Frequencies.Count is > 0 and <= SpeciesShownMax)
        {
            listing.Add(
                "expected in equilibrium",
                string.Join(", ", expected.Frequencies.Select(f => $"{f.Key} {Numbers.Short(f.Value)}")) + " events per particle and time"
                + (expected.Z is { } z ? $", Z = {Numbers.Short(z)}" : ""));
        }
    }

    private static string Box(Box box)
    {
        string[] lengths = [.. Enumerable.Range(0, box.Dimension).Select(axis => Numbers.Short(box.Lengths[axis]))];
        string[] boundaries = [.. Enumerable.Range(0, box.Dimension).Select(axis => Name(box.BoundaryOf(axis)))];
        string boundary = boundaries.Distinct().Count() == 1 ? boundaries[0] : string.Join(", ", boundaries);
        return $"{string.Join(" x ", lengths)}, {boundary}";
    }

    private static string Name(Boundary boundary) => boundary switch
    {
        Boundary.Periodic => "periodic",
        Boundary.Reflecting => "reflecting",
        Boundary.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(boundary), boundary, "no such boundary"),
    };
}
