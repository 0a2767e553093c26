using System.Collections.Immutable;
using ActorMD.Files;
using ActorMD.Kinetic;
using ActorMD.Physics;

namespace ActorMD.Cli;

/// <summary>What a run simulates, before it starts.</summary>
internal static class CaseListing
{
    // Enough for two digits of the accessible share.
    private const int ShareSampleCount = 4_000;

    public static Listing Of(Case @case, RunFolder folder)
    {
        Gas gas = @case.Gas;
        Listing listing = new();
        listing.Add("particles", Numbers.Count(@case.ParticleCount));
        for (int a = 0; a < gas.Species.Length; a++)
        {
            Species species = gas.Species[a];
            listing.Add(
                $"  {species.Name}",
                $"{Numbers.Count(@case.Counts[a])}, mass {Numbers.Short(species.Mass)}, diameter {Numbers.Short(species.Diameter)}");
        }

        listing.Add("box", Box(gas.Box));
        if (!gas.Box.Has(Boundary.Open))
        {
            listing.Add("packing", Numbers.Short(gas.Packing(@case.Counts)));
        }

        foreach (Zone zone in gas.Zones)
        {
            listing.Add($"zone {zone.Order}", $"distance {Numbers.Short(zone.Distance)}, reach {Numbers.Short(zone.Reach)}");
        }

        AddExpected(listing, @case);
        RunPlan run = @case.Run;
        listing.Add("time", $"until {Numbers.Short(run.Until)}, averages from {Numbers.Short(run.Equilibrate)}, a sample every {Numbers.Short(run.Sample)}");
        listing.Add("seed", FormattableString.Invariant($"{@case.Seed}"));
        listing.Add("folder", folder.Directory);
        return listing;
    }

    // Closed forms at the initial temperatures; they say nothing where nothing moves yet.
    private static void AddExpected(Listing listing, Case @case)
    {
        ImmutableArray<double> temperatures = [.. @case.Initial.Velocities.Species.Select(v => v.TemperatureIn(@case.Gas.Box))];
        if (!temperatures.Any(t => t > 0))
        {
            return;
        }

        Gas gas = @case.Gas;
        GasScales scales = GasScales.Of(gas, @case.Counts, temperatures, ShareSampleCount);
        double side = Enumerable.Range(0, gas.Dimension).Min(axis => gas.Box.Lengths[axis]);
        foreach (SpeciesScale species in scales.Species)
        {
            if (species is { MeanFreePath: { } path, MeanFreeTime: { } time } && double.IsFinite(path))
            {
                // Into open space the gas thins out: its collisions cannot be told from their rate at the beginning.
                string events = gas.Box.Has(Boundary.Open)
                    ? " at first"
                    : $", {Numbers.Short(@case.Run.Until / time)} events per particle";
                listing.Add(
                    $"expected of {species.Name}",
                    $"mean free path {Numbers.Short(path)}, mean free time {Numbers.Short(time)}, Knudsen number {Numbers.Short(path / side)}"
                    + events);
            }
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
        _ => "open",
    };
}
