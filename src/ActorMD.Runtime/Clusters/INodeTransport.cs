using System.Threading.Channels;
using ActorMD.Protocol;

namespace ActorMD.Runtime;

/// <summary>
/// Moves frames between the processes of a cluster, and knows who is there. It knows nothing of what the bytes mean.
/// </summary>
/// <remarks>
/// Asked of a transport: frames arrive whole or not at all, unchanged, and those from one node to another in the order in which
/// they were sent. Asked for as little as that, because the cores repeat what is lost: a frame may be lost when a node dies, or at any time.
/// </remarks>
public interface INodeTransport : IDisposable
{
    /// <summary>What the runtime is called on the command line and in summary.json: <c>mpi</c>, <c>akka</c>.</summary>
    string Runtime { get; }

    /// <summary>This node.</summary>
    NodeId Self { get; }

    /// <summary>How long actors wait before they ask again: long where frames do not get lost, short where they do.</summary>
    TimeSpan ReminderInterval { get; }

    /// <summary>
    /// Everything that happens, in order. Every node that is there, this one included, is announced by <see cref="NodeEvent.Up"/>.
    /// Completed, perhaps with an exception, when this node can talk to nobody any more.
    /// </summary>
    ChannelReader<NodeEvent> Events { get; }

    /// <summary>
    /// Sends a frame to another node. May be called by several threads at once; does not wait for the receiver, and does not fail when
    /// the receiver is gone.
    /// </summary>
    /// <param name="to">Another node, never this one.</param>
    /// <param name="frame">Belongs to the transport from now on.</param>
    void Send(NodeId to, ReadOnlyMemory<byte> frame);
}
