using System.Collections.Immutable;
using ActorMD.Files.Cases;

namespace ActorMD.Files.Ensembles;

/// <summary>Everything from which an ensemble goes on to the same result.</summary>
/// <param name="Fingerprint">Of the whole case: <see cref="CaseFingerprint.OfAll"/>.</param>
/// <param name="ReplicaCount">How many replicas are wanted.</param>
/// <param name="Sums">Over the first replicas.</param>
/// <param name="ListLength">Bytes of replicas.csv that belong to these.</param>
/// <param name="Finished">Replicas that were finished before an earlier one.</param>
/// <param name="Running">Replicas under way; those without a snapshot begin again.</param>
/// <param name="WallSeconds">Spent so far, over all resumes.</param>
/// <param name="CpuSeconds">Spent so far, over all resumes.</param>
public sealed record EnsembleCheckpoint(
    string Fingerprint,
    int ReplicaCount,
    EnsembleSums Sums,
    long ListLength,
    ImmutableArray<ReplicaResult> Finished,
    ImmutableArray<ReplicaSnapshot> Running,
    double WallSeconds,
    double CpuSeconds);
