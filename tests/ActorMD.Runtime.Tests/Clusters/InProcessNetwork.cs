using System.Collections.Concurrent;
using System.Threading.Channels;
using ActorMD.Protocol;

namespace ActorMD.Runtime.Tests;

/// <summary>A network of nodes that are in one process: frames are handed over as bytes, and nodes die at a word.</summary>
internal sealed class InProcessNetwork
{
    private readonly ConcurrentDictionary<NodeId, Port> _ports = new();
    private long _frameCount;

    /// <summary>How often nodes remind their actors; short, so that tests of lost frames are quick.</summary>
    public TimeSpan ReminderInterval { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>Whether a frame gets lost: asked for each one.</summary>
    public Func<NodeId, NodeId, bool> IsLost { get; set; } = (_, _) => false;

    /// <summary>Frames sent so far.</summary>
    public long FrameCount => _frameCount;

    /// <summary>A new node that everybody hears of, and that hears of everybody.</summary>
    public INodeTransport Join(string name)
    {
        Port port = new(this, new NodeId(name));
        Assert.True(_ports.TryAdd(port.Self, port));
        foreach (Port other in _ports.Values)
        {
            port.Happen(new NodeEvent.Up(other.Self));
            if (other != port)
            {
                other.Happen(new NodeEvent.Up(port.Self));
            }
        }

        return port;
    }

    /// <summary>The node can reach nobody any more, and the others hear of it.</summary>
    public void Kill(NodeId node)
    {
        if (_ports.TryRemove(node, out Port? killed))
        {
            killed.End();
            foreach (Port other in _ports.Values)
            {
                other.Happen(new NodeEvent.Down(node));
            }
        }
    }

    /// <summary>Bytes that no node has sent.</summary>
    public void Inject(NodeId from, NodeId to, byte[] bytes) => _ports[to].Happen(new NodeEvent.Arrived(from, bytes));

    private void Send(NodeId from, NodeId to, ReadOnlyMemory<byte> frame)
    {
        Interlocked.Increment(ref _frameCount);
        if (_ports.ContainsKey(from) && _ports.TryGetValue(to, out Port? port) && !IsLost(from, to))
        {
            port.Happen(new NodeEvent.Arrived(from, frame));
        }
    }

    private sealed class Port(InProcessNetwork network, NodeId self) : INodeTransport
    {
        private readonly Channel<NodeEvent> _events = Channel.CreateUnbounded<NodeEvent>();

        public string Runtime => "test";

        public NodeId Self => self;

        public TimeSpan ReminderInterval => network.ReminderInterval;

        public ChannelReader<NodeEvent> Events => _events.Reader;

        public void Happen(NodeEvent happened) => _events.Writer.TryWrite(happened);

        public void End() => _events.Writer.TryComplete();

        public void Send(NodeId to, ReadOnlyMemory<byte> frame) => network.Send(self, to, frame);

        public void Dispose()
        {
            network.Kill(self);
            End();
        }
    }
}
