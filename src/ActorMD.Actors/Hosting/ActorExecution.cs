using ActorMD.Actors.Networks;
using ActorMD.Physics;
using ActorMD.Protocol.Geometry;
using ActorMD.Runs.Simulations;

namespace ActorMD.Actors.Hosting;

/// <summary>A run whose domains are actors of this process, one or many to a thread.</summary>
public sealed record ActorExecution : ExecutionPlan
{
    private Task<ActorHost>? _prepared;

    /// <param name="domains">Domains that are asked for.</param>
    /// <param name="workers">Largest number of threads.</param>
    public ActorExecution(Split domains, int workers)
        : base(domains, workers)
    {
    }

    /// <summary>Begins to start the actor system, so that it is there when the initial state is.</summary>
    public override void Prepare() => _prepared ??= Task.Run(StartHost);

    /// <inheritdoc/>
    public override ISimulation Begin(Gas gas, SystemState state, EventTally? tally, RunContext context) =>
        new ActorSimulation(
            Interlocked.Exchange(ref _prepared, null)?.GetAwaiter().GetResult()
                ?? StartHost(), ownsHost: true, gas, state, tally, Domains, Workers, context);

    // Each simulation has a host of its own, which ends with it.
    private ActorHost StartHost()
    {
        int threads = Math.Min(Workers, Domains.Count);
        return new ActorHost(new SoloNetwork(threads), new NodeOptions { Workers = threads, StatusInterval = TimeSpan.FromSeconds(1) });
    }
}

/// <summary>A run whose domains are actors on the nodes of a cluster, with coordinator, client and run folder on this one.</summary>
/// <param name="Host">This node.</param>
/// <param name="Domains">Domains that are asked for.</param>
public sealed record ClusterExecution(ActorHost Host, Split Domains) : ExecutionPlan(Domains, Host.Options.Workers * Host.Options.NodeCount)
{
    /// <inheritdoc/>
    public override string Runtime => Host.Runtime;

    /// <inheritdoc/>
    public override string Node => Host.Self.Name;

    /// <inheritdoc/>
    public override ISimulation Begin(Gas gas, SystemState state, EventTally? tally, RunContext context) =>
        new ActorSimulation(Host, ownsHost: false, gas, state, tally, Domains, Workers, context);
}
