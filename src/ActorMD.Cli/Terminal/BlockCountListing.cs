using System.Globalization;
using ActorMD.Cli.Benchmarks;
using ActorMD.Engine.Sharing.Counting;

namespace ActorMD.Cli.Terminal;

/// <summary>Counted work of a grid of blocks as a table.</summary>
internal static class BlockCountListing
{
    private static readonly string[] _phases = ["blocks", "faces", "edges", "corners"];

    public static void Print(TextWriter output, BlockCountResult result)
    {
        BlockWorkPlan plan = result.Plan;
        if (result.Work is not { } work)
        {
            Write(output, $"{result.Name}: {plan.Blocks.X}x{plan.Blocks.Y}x{plan.Blocks.Z} blocks: {result.Obstacle}");
            return;
        }

        double events = work.Phases.Sum(p => p.Events.Sum()), perSlice = work.Collisions / (double)work.Particles / work.Slices;
        WorkWeights weights = work.Weights;
        Write(output, $"{result.Name}: {plan.Blocks.X}x{plan.Blocks.Y}x{plan.Blocks.Z} blocks of");
        Write(output, $"  {work.Cells.X}x{work.Cells.Y}x{work.Cells.Z} cells, strips of {plan.StripDepth} cells");
        Write(output, $"  {work.Slices} slices of {plan.SliceShare:0.##} times one worker's length, {work.VoidSlices} of them void");
        Write(output, $"  {perSlice:0.000} events per particle and slice");
        Write(output, $"  weights in events: {weights.Placement} a particle and slice, {weights.Lists} a particle and new lists,");
        Write(output, $"    {weights.Search} a search, {weights.Rollback} a rollback");
        Write(output, $"  {"phase",-8} {"events",8} {"searches",9} {"rolled back",12} {"depth",6} {"work",8} {"critical path",14}");
        for (int k = 0; k < work.Phases.Count; k++)
        {
            PhaseWork phase = work.Phases[k];
            double path = phase.CriticalPath * result.Workers / work.SerialWork;
            string counts = string.Create(
                CultureInfo.InvariantCulture,
                $"{phase.Events.Sum() / events,8:P2} {phase.Searches / events,9:P2} {phase.Rollbacks / events,12:P3} {phase.Depth,6}");
            Write(output, $"  {_phases[k],-8} {counts} {phase.Work / work.SerialWork,8:0.0000} {path,14:0.0000}");
        }

        Write(output, $"  work is that of all workers, the critical path that of the busiest times {result.Workers}; one worker alone: 1");
        Write(output, $"  efficiency on {result.Workers} workers: {work.Efficiency:0.000}");
    }

    private static void Write(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
