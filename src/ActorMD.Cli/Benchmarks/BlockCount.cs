using ActorMD.Engine;
using ActorMD.Engine.Sharing.Counting;
using ActorMD.Physics;
using ActorMD.Protocol.Geometry;

namespace ActorMD.Cli.Benchmarks;

/// <summary>Counted work of a case on a grid of blocks.</summary>
/// <param name="Name">Of the case.</param>
/// <param name="Plan">Blocks, strips and slices.</param>
/// <param name="Workers">Number of blocks.</param>
/// <param name="Work">What was counted; null if the blocks have no room.</param>
/// <param name="Obstacle">Why there is none.</param>
public sealed record BlockCountResult(string Name, BlockWorkPlan Plan, int Workers, BlockWork? Work, string? Obstacle);

/// <summary>Counts what workers that share time slices would do: one thread, the same figures on every run and every machine.</summary>
public static class BlockCount
{
    /// <summary>Cells on either side of a face, by default.</summary>
    public const int ListedDepth = 3, GasDepth = 3;

    /// <summary>
    /// Length of a slice in units of one worker's, by default, with lists of neighbours: what is left to faces grows with its square.
    /// </summary>
    public const double ListedShare = 0.7;

    /// <summary>
    /// Counts a stretch of a trajectory after the case's warm-up, on every grid of blocks with every depth and length of slices.
    /// </summary>
    /// <param name="benchCase">What is simulated.</param>
    /// <param name="grids">Blocks along each axis.</param>
    /// <param name="depths">Cells on either side of a face; none: chosen by the search.</param>
    /// <param name="shares">Lengths of slices; none: chosen by the search.</param>
    /// <param name="collisions">Length of the stretch in collisions per particle.</param>
    /// <param name="stop">Ends the count.</param>
    public static IEnumerable<BlockCountResult> Run(
        BenchCase benchCase, Split[] grids, int[] depths, double[] shares, double collisions, CancellationToken stop)
    {
        SystemState start;
        using (Simulator simulator = SplitBench.WarmedUp(benchCase, stop))
        {
            start = simulator.Capture();
        }

        bool hasLists = BlockWork.HasLists(benchCase.Gas, start);
        foreach (Split grid in grids)
        {
            foreach (int depth in depths.Length > 0 ? depths : [hasLists ? ListedDepth : GasDepth])
            {
                foreach (double share in shares.Length > 0 ? shares : [hasLists && grid.Count > 1 ? ListedShare : 1])
                {
                    BlockWorkPlan plan = new(new Int3(grid.X, grid.Y, grid.Z), depth, share);
                    string? obstacle = BlockWork.Obstacle(benchCase.Gas, start, plan);
                    BlockWork? work = obstacle is null ? BlockWork.Count(benchCase.Gas, start, plan, collisions, stop) : null;
                    yield return new BlockCountResult(benchCase.Name, plan, grid.Count, work, obstacle);
                }
            }
        }
    }
}
