using ActorMD.Physics;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>How a run is computed. No result depends on it.</summary>
/// <param name="Domains">Blocks along each axis.</param>
/// <param name="Workers">Largest number of threads: they share the work of one domain, or have the domains.</param>
public record ExecutionPlan(Split Domains, int Workers)
{
    /// <summary>One domain in one thread.</summary>
    public static ExecutionPlan Serial { get; } = new(Split.One, 1);

    /// <summary>Name of the runtime, for summary.json.</summary>
    public virtual string Runtime => "local";

    /// <summary>Name of this process, for the log.</summary>
    public virtual string Node => Environment.MachineName;

    /// <summary>The simulation of a gas from a state on.</summary>
    public virtual ISimulation Begin(Gas gas, SystemState state, EventTally? tally, RunContext context) => Domains.Count == 1
        ? new SerialSimulation(gas, state, tally, Workers, context.LogsEvents, context.Abort)
        : new DomainSimulation(gas, state, tally, this, context);
}
