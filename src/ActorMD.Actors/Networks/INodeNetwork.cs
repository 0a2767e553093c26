using ActorMD.Protocol.Nodes;
using Akka.Actor;

namespace ActorMD.Actors.Networks;

/// <summary>What joins the processes of a run: one process alone, the ranks of an MPI job, the members of an Akka.NET cluster.</summary>
/// <remarks>
/// <para>
/// It gives the process its actor system and a gateway, the actor that exchanges packets with the other nodes and knows which are there.
/// The gateway takes <see cref="Outgoing"/> and tells the node actor <see cref="NodeEvent"/>s, beginning with all nodes that are there,
/// this one included. It knows nothing of what the bytes mean.
/// </para>
/// <para>
/// Asked of a gateway: packets arrive whole or not at all, unchanged, and those from one node to another in the order in which they were
/// sent. Asked for as little as that, because the cores repeat what is lost.
/// </para>
/// </remarks>
public interface INodeNetwork : IDisposable
{
    /// <summary>What the runtime is called on the command line and in summary.json: <c>local</c>, <c>mpi</c>, <c>akka</c>.</summary>
    string Runtime { get; }

    /// <summary>This node.</summary>
    NodeId Self { get; }

    /// <summary>How many nodes the cluster is meant to have.</summary>
    int NodeCount { get; }

    /// <summary>How long actors wait before they ask again: long where packets do not get lost, short where they do.</summary>
    TimeSpan ReminderInterval { get; }

    /// <summary>
    /// Completes when this node is to lead: at once, after the one that did so has died, or never. One that leads does so to its end.
    /// </summary>
    Task Leading { get; }

    /// <summary>Whether a node may leave while the others go on; if not, all leave together, when the one that leads is done.</summary>
    bool CanLeave { get; }

    /// <summary>The actors of this process.</summary>
    ActorSystem System { get; }

    /// <summary>Makes the gateway.</summary>
    /// <param name="node">Is told what happens.</param>
    Props Gateway(IActorRef node);

    /// <summary>The work is done everywhere: the other nodes need not be told of leaving.</summary>
    void Finish()
    {
    }

    /// <summary>
    /// This process was told to stop and everything is saved: it waits for the others two seconds at most when it leaves.
    /// </summary>
    void Hurry()
    {
    }
}

/// <summary>To a gateway: a packet for another node; it is not written into any more.</summary>
internal sealed record Outgoing(NodeId To, ReadOnlyMemory<byte> Packet);
