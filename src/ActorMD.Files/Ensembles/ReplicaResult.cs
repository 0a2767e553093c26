using System.Collections.Immutable;
using ActorMD.Files.Checkpoints;

namespace ActorMD.Files.Ensembles;

/// <summary>What one replica gave. The meaning of the numbers is the runtime's; undefined is NaN.</summary>
/// <param name="Index">Number of the replica, from 0.</param>
/// <param name="Seed">Its case's.</param>
/// <param name="Digest">Of its final state.</param>
/// <param name="Values">To be averaged.</param>
/// <param name="Extremes">Of which the largest matters.</param>
/// <param name="Counts">To be added.</param>
public sealed record ReplicaResult(int Index, ulong Seed, string Digest, double[] Values, double[] Extremes, long[] Counts)
{
    /// <summary>What its observables have measured.</summary>
    public ImmutableArray<ReplicaTable> Tables { get; init; } = [];
}

/// <summary>A replica that is under way, from which it goes on bit-identically.</summary>
/// <param name="Index">Number of the replica, from 0.</param>
/// <param name="Checkpoint">Its state; its own case's fingerprint.</param>
/// <param name="Values">As far as they are known; the others are NaN.</param>
public sealed record ReplicaSnapshot(int Index, Checkpoint Checkpoint, double[] Values);
