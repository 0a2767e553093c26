using ActorMD.Files;
using ActorMD.Physics;
using ActorMD.Runtime;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorMD.Cli;

/// <summary>What a run simulates, before it starts.</summary>
internal static class CaseHeader
{
    public static IRenderable Of(Case @case, RunFolder folder)
    {
        Gas gas = @case.Gas;
        Grid grid = TwoColumns.Create();
        grid.Add("particles", Numbers.Count(@case.ParticleCount));
        for (int a = 0; a < gas.Species.Length; a++)
        {
            Species species = gas.Species[a];
            grid.Add(
                $"  {species.Name}",
                $"{Numbers.Count(@case.Counts[a])}, mass {Numbers.Short(species.Mass)}, diameter {Numbers.Short(species.Diameter)}");
        }

        grid.Add("box", Box(gas.Box));
        if (!gas.Box.Has(Boundary.Open))
        {
            grid.Add("packing", Numbers.Short(gas.Packing(@case.Counts)));
        }

        foreach (Zone zone in gas.Zones)
        {
            grid.Add($"zone {zone.Order}", $"distance {Numbers.Short(zone.Distance)}, reach {Numbers.Short(zone.Reach)}");
        }

        RunPlan run = @case.Run;
        grid.Add("time", $"until {Numbers.Short(run.Until)}, averages from {Numbers.Short(run.Equilibrate)}, a sample every {Numbers.Short(run.Sample)}");
        grid.Add("seed", FormattableString.Invariant($"{@case.Seed}"));
        grid.Add("folder", folder.Directory);
        return new Rows(new Text($"ActorMD {ProductVersion.Text}: {@case.Name}"), grid);
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
