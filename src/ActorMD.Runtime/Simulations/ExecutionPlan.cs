using ActorMD.Physics;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>How a run is computed. No result depends on it.</summary>
/// <param name="Domains">Blocks along each axis.</param>
/// <param name="Workers">Threads; no more than domains are used.</param>
public sealed record ExecutionPlan(Split Domains, int Workers)
{
    /// <summary>One domain in one thread.</summary>
    public static ExecutionPlan Serial { get; } = new(Split.One, 1);

    /// <summary>The simulation of a gas from a state on.</summary>
    public ISimulation Begin(Gas gas, SystemState state, EventTally? tally) => Domains.Count == 1
        ? new SerialSimulation(gas, state, tally)
        : new DomainSimulation(gas, state, tally, this);
}
