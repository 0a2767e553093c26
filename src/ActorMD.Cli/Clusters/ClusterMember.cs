using ActorMD.Actors.Hosting;
using ActorMD.Actors.Networks;
using ActorMD.Files.RunFolders;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Nodes;
using ActorMD.Runs.Sessions;
using ActorMD.Runs.Simulations;

namespace ActorMD.Cli.Clusters;

/// <summary>This process as a node of a cluster: it serves the node that leads, until it is to lead itself, or the work is done.</summary>
/// <param name="network">Disposed with it.</param>
/// <param name="workers">Threads for the domains that are here.</param>
internal sealed class ClusterMember(INodeNetwork network, int workers) : IDisposable
{
    private static readonly TimeSpan FolderInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LaunchInterval = TimeSpan.FromSeconds(1);

    private readonly ActorHost _host =
        new(network, new NodeOptions { Workers = workers, NodeCount = network.NodeCount }, Console.Error.WriteLine);

    private Task _serving = Task.CompletedTask;
    private CancellationToken _stop;

    /// <summary>
    /// Serves until the work is done or this process is to lead. What people ask of it by signals it asks of the node that leads.
    /// </summary>
    /// <returns>Whether it is to lead; otherwise the work is done.</returns>
    /// <exception cref="ClusterException">The cluster is lost.</exception>
    public bool WaitToLead(RunRequests requests)
    {
        _stop = requests.Stop;
        using CancellationTokenRegistration stopping = requests.Stop.Register(() => _host.Request(NodeRequest.Stop));
        requests.HandOnCheckpoint = () => _host.Request(NodeRequest.Checkpoint);
        _serving = Task.Run(() => _host.Serve(CancellationToken.None));
        LaunchWatch launch = new();
        int first;
        while ((first = Task.WaitAny([_serving, network.Leading], LaunchInterval)) < 0)
        {
            if (!_host.HasServed && launch.IsLongGone())
            {
                throw ClusterException.Stranded();
            }
        }

        if (first == 1)
        {
            requests.HandOnCheckpoint = null;
            _host.Notice("leads from now on", isWarning: false);
            // While it leads, the simulation hears of the end of the cluster by itself.
            _serving.ContinueWith(ended => _ = ended.Exception, TaskScheduler.Default);
            return true;
        }

        _serving.GetAwaiter().GetResult();
        return false;
    }

    /// <summary>
    /// One that takes over waits until the run folder is free: the process that led before it may be about to end, or hang. One that is the
    /// first to lead does not wait, since whoever holds the folder then is none of this cluster.
    /// </summary>
    /// <returns>Whether the folder is free; otherwise the work is done, or a stop was asked for.</returns>
    /// <exception cref="ClusterException">The cluster is lost.</exception>
    public bool WaitForFolder(RunFolder folder, CancellationToken stop)
    {
        if (!_host.IsSuccessor)
        {
            return true;
        }

        for (bool isTold = false; RunSession.IsRunning(folder); isTold = true)
        {
            if (!isTold)
            {
                _host.Notice(
                    "is to lead and waits for the run folder: the process that led before still holds it; if that one hangs, end it",
                    isWarning: true);
            }

            if (_serving.Wait(FolderInterval) || stop.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Serves until the work is done, or a stop is asked for: then this node leaves and the others go on.</summary>
    /// <exception cref="ClusterException">The cluster is lost.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public void Serve(RunRequests requests)
    {
        requests.HandOnCheckpoint = () => _host.Request(NodeRequest.Checkpoint);
        _host.Serve(requests.Stop);
    }

    /// <summary>Whether another node has led the run before this one.</summary>
    public bool HasServed => _host.HasServed;

    /// <summary>Domains on all nodes, led by this one.</summary>
    /// <param name="particleCount">N.</param>
    /// <param name="domains">Domains that are asked for; null: one for each thread of all nodes, but no more than pay.</param>
    public ExecutionPlan Plan(int particleCount, Split? domains)
    {
        int most = Math.Min(network.NodeCount * workers, particleCount / ExecutionPlan.SharedParticleCountMin);
        int worthwhile = Math.Max(network.NodeCount, most);
        return new ClusterExecution(_host, domains ?? new Split(worthwhile, 1, 1));
    }

    /// <summary>Tells the others that there is nothing left to do.</summary>
    public void Dismiss() => _host.Dismiss();

    public void Dispose()
    {
        if (!network.CanLeave)
        {
            _host.Dismiss();
        }

        if (_stop.IsCancellationRequested)
        {
            network.Hurry();
        }

        _host.Dispose();
    }
}
