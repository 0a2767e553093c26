using System.Collections.Immutable;
using ActorMD.Runs.Sessions;

namespace ActorMD.Runs.Ensembles;

/// <summary>Is told how an ensemble goes on, on the thread that runs it.</summary>
public interface IEnsembleObserver
{
    /// <summary>Several times a second.</summary>
    void Advanced(EnsemblePace pace);
}

/// <summary>Where an ensemble stands and how fast it goes.</summary>
/// <param name="Done">Replicas that are in the means.</param>
/// <param name="ReplicaCount">Of all.</param>
/// <param name="Pace">Time in units of one replica, collisions of this session, speed and time left.</param>
/// <param name="Means">The first averages with their errors so far.</param>
public sealed record EnsemblePace(int Done, int ReplicaCount, RunPace Pace, ImmutableArray<NamedMean> Means);

/// <summary>An average over replicas.</summary>
/// <param name="Name">As in summary.json.</param>
/// <param name="Value">Mean.</param>
/// <param name="Error">Its standard error; null with a single replica.</param>
public readonly record struct NamedMean(string Name, double Value, double? Error);
