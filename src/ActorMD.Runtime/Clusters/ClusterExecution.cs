using ActorMD.Physics;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>A run whose domains are on the nodes of a cluster, with coordinator, client and run folder on this one.</summary>
/// <param name="Host">This node.</param>
/// <param name="Domains">Blocks along each axis.</param>
public sealed record ClusterExecution(NodeHost Host, Split Domains) : ExecutionPlan(Domains, Host.Options.Workers * Host.Options.NodeCount)
{
    /// <inheritdoc/>
    public override string Runtime => Host.Runtime;

    /// <inheritdoc/>
    public override string Node => Host.Self.Name;

    /// <inheritdoc/>
    public override ISimulation Begin(Gas gas, SystemState state, EventTally? tally, RunContext context) =>
        new ClusterSimulation(Host, gas, state, tally, Domains, context);
}
