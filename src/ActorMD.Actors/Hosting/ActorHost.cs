using System.Diagnostics;
using ActorMD.Actors.Networks;
using ActorMD.Protocol.Nodes;
using Akka.Actor;

namespace ActorMD.Actors.Hosting;

/// <summary>
/// The actors of one process: it hosts domains for whichever coordinator leads the highest session, and, in one process at a time, the
/// coordinator itself (<see cref="ActorExecution"/>, <see cref="ClusterExecution"/>).
/// </summary>
public sealed class ActorHost : IDisposable
{
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    private readonly INodeNetwork _network;
    private readonly NodeBoard _board = new();
    private readonly IActorRef _node;
    private readonly long _startStamp = Stopwatch.GetTimestamp();
    private int _runCount;

    /// <param name="network">Is disposed with the host.</param>
    /// <param name="options">How the node takes part.</param>
    /// <param name="notice">Gets sentences for people about what happens before there is a log; null: they are dropped.</param>
    public ActorHost(INodeNetwork network, NodeOptions options, Action<string>? notice = null)
    {
        _network = network;
        Options = options;
        Action<string> notify = notice ?? (_ => { });
        _node = network.System.ActorOf(
            Props.Create(() => new NodeActor(network, options, _board, notify)).WithDispatcher(HostConfig.ControlDispatcher), "node");
        // Whatever it ends by, its making included: no caller waits for it in vain.
        _node.WatchAsync().ContinueWith(
            _ => _board.Ended.TrySetException(ClusterException.NetworkEnded(network.Runtime, null)), TaskScheduler.Default);
    }

    /// <summary>This node.</summary>
    public NodeId Self => _network.Self;

    /// <summary>Name of the runtime.</summary>
    public string Runtime => _network.Runtime;

    /// <summary>The nodes that are there, this one included.</summary>
    public IReadOnlyList<NodeId> Members => _board.Members;

    /// <summary>Packets that could not be read or came from nodes of another version.</summary>
    public long RefusedCount => _board.RefusedCount;

    /// <summary>How this node takes part.</summary>
    public NodeOptions Options { get; }

    /// <summary>Why the node can go on no more; null: it can.</summary>
    internal Exception? Failure => _board.Ended.Task.Exception?.InnerException;

    /// <summary>Whether a coordinator has placed the domains of a run, here or elsewhere, and told this node so.</summary>
    public bool HasServed => _board.HasServed;

    /// <summary>Whether another node may have led before this one.</summary>
    public bool IsSuccessor => _board.HasServed || _board.HasLostNodes;

    /// <summary>Tells people, and the log if there is one, what this node does.</summary>
    /// <param name="what">The rest of a sentence about it.</param>
    /// <param name="isWarning">Whether people should see it at once; otherwise it is for the log.</param>
    public void Notice(string what, bool isWarning) => _node.Tell(new NodeEvent.Noticed(isWarning, what));

    /// <summary>Hosts domains until the coordinator dismisses the node.</summary>
    /// <exception cref="ClusterException">The node can reach no other node any more.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public void Serve(CancellationToken stop)
    {
        try
        {
            _board.Ended.Task.Wait(stop);
        }
        catch (AggregateException error) when (error.InnerException is ClusterException inner)
        {
            throw inner;
        }
    }

    /// <summary>Asks the coordinator for something, wherever it is: a person has sent a signal to this process.</summary>
    public void Request(NodeRequest request) => _node.Tell(new Requested(request));

    /// <summary>Tells all other nodes that the work is done: their <see cref="Serve"/> returns.</summary>
    public void Dismiss() => _node.Ask<Dismiss>(Hosting.Dismiss.Instance, EndTime).Wait();

    public void Dispose() => _network.Dispose();

    /// <summary>Begins a run that this process leads.</summary>
    internal IActorRef BeginRun(RunSetup setup)
    {
        // From when this node came. One that takes over does not wait at all: nodes that come later are used from the next cut on.
        TimeSpan formation = IsSuccessor ? TimeSpan.Zero : Options.FormationTime - Stopwatch.GetElapsedTime(_startStamp);
        return _network.System.ActorOf(
            Props.Create(() => new RunActor(_network, Options, formation, _node, setup))
                .WithDispatcher(HostConfig.ControlDispatcher),
            FormattableString.Invariant($"run-{++_runCount}"));
    }

    /// <summary>Ends it, and the domains that it has placed here.</summary>
    internal void EndRun(IActorRef run) => run.GracefulStop(EndTime).Wait();
}
