using ActorMD.Engine.Slices;

namespace ActorMD.Engine.Sharing;

/// <summary>What all threads that share a slice see of it. Immutable.</summary>
/// <param name="Clock">The slice.</param>
/// <param name="Stop">Events after this time are not wanted.</param>
/// <param name="Partition">Blocks and strips.</param>
/// <param name="Waypoints">Moments of the slice at which sums are wanted: offsets in the epoch, in their order.</param>
/// <param name="Journals">The events of every block; complete when the strips begin.</param>
/// <param name="Deferrals">What every block has left to strips; complete when the strips begin.</param>
internal sealed record SharedSlice(
    SliceClock Clock, double Stop, BlockPartition Partition, double[] Waypoints, IReadOnlyList<BlockJournal> Journals,
    IReadOnlyList<Deferrals> Deferrals);
