using System.Collections.Immutable;

namespace ActorMD.Files.RunFolders;

/// <summary>The part of summary.json that tells what the other numbers are means of.</summary>
/// <param name="Replicas">Independent replicas; counts of events are their sums, drifts and overlaps the largest of them.</param>
/// <param name="StandardErrors">
/// Of the averages after <c>equilibrate</c>: <c>temperature</c>, <c>temperature_A</c>, <c>pressure</c>, <c>Z</c>, <c>pressure_walls</c>,
/// <c>frequency_AA</c>, ...; null where undefined and with a single replica.
/// </param>
public sealed record EnsembleSummary(int Replicas, ImmutableSortedDictionary<string, double?> StandardErrors);
