using ActorMD.Physics;
using ActorMD.Protocol;
using ActorMD.Runtime;

namespace ActorMD.Cli;

/// <summary>This process as a node of a cluster: it serves the node that leads, until it is to lead itself, or the work is done.</summary>
/// <param name="transport">Disposed with it.</param>
/// <param name="workers">Threads for the domains that are here.</param>
internal sealed class ClusterMember(IClusterTransport transport, int workers) : IDisposable
{
    private readonly NodeHost _host =
        new(transport, new NodeOptions { Workers = workers, NodeCount = transport.NodeCount }, Console.Error.WriteLine);

    /// <summary>Waits for what this process has to do.</summary>
    /// <returns>Whether it is to lead; otherwise the work is done.</returns>
    /// <exception cref="ClusterException">The cluster is lost.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public bool WaitToLead(CancellationToken stop)
    {
        // Those of a launch stop when the one that leads has saved the run.
        CancellationToken leave = transport.CanLeave && !MpiEnvironment.IsLaunched ? stop : CancellationToken.None;
        Task serving = Task.Run(() => _host.Serve(leave), CancellationToken.None);
        if (Task.WaitAny(serving, transport.Leading) == 1)
        {
            // While it leads, the simulation hears of the end of the cluster by itself.
            serving.ContinueWith(ended => _ = ended.Exception, TaskScheduler.Default);
            return true;
        }

        serving.GetAwaiter().GetResult();
        return false;
    }

    /// <summary>Whether another node has led the run before this one.</summary>
    public bool HasServed => _host.HasServed;

    /// <summary>Domains on all nodes, led by this one.</summary>
    /// <param name="gas">What is simulated.</param>
    /// <param name="domains">How to cut the box; null: one domain a node.</param>
    public ExecutionPlan Plan(Gas gas, Split? domains) =>
        new ClusterExecution(_host, domains ?? AutomaticSplit.For(gas, transport.NodeCount));

    /// <summary>Tells the others that there is nothing left to do.</summary>
    public void Dismiss() => _host.Dismiss();

    public void Dispose()
    {
        if (!transport.CanLeave)
        {
            _host.Dismiss();
        }

        _host.Dispose();
    }
}
