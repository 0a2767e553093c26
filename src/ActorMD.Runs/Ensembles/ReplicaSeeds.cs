using ActorMD.Files.Cases;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Runs.Ensembles;

/// <summary>The seeds of an ensemble's replicas.</summary>
public static class ReplicaSeeds
{
    /// <summary>The case of one replica: <c>actormd run</c> with this seed gives the same digest.</summary>
    /// <param name="case">Of the ensemble.</param>
    /// <param name="replica">From 0.</param>
    public static Case CaseOf(Case @case, int replica) =>
        @case with { Seed = new CounterRandom(@case.Seed, RandomStream.EnsembleSeeds, (uint)replica).NextBits() };
}
