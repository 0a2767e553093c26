using System.Collections.Concurrent;
using ActorMD.Actors.Networks;
using ActorMD.Protocol.Nodes;
using Akka.Actor;

namespace ActorMD.Actors.Tests.Hosting;

/// <summary>A network of nodes that are in one process: packets are handed over as bytes, and nodes die at a word.</summary>
internal sealed class InProcessNetwork
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<NodeId, Port> _ports = new();
    private long _packetCount;

    /// <summary>How often nodes remind their actors; short, so that tests of lost packets are quick.</summary>
    public TimeSpan ReminderInterval { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>Whether a packet gets lost: asked for each one.</summary>
    public Func<NodeId, NodeId, bool> IsLost { get; set; } = (_, _) => false;

    /// <summary>Packets sent so far.</summary>
    public long PacketCount => _packetCount;

    /// <summary>A new node that all others hear of, and that hears of all, when its gateway is there.</summary>
    public INodeNetwork Join(string name) => new Port(this, new NodeId(name));

    /// <summary>The node can reach no other node any more, and the others hear of it.</summary>
    public void Kill(NodeId node)
    {
        lock (_gate)
        {
            if (_ports.TryRemove(node, out Port? killed))
            {
                killed.Happen(new NodeEvent.Ended(null));
                foreach (Port other in _ports.Values)
                {
                    other.Happen(new NodeEvent.Down(node));
                }
            }
        }
    }

    /// <summary>Bytes that no node has sent.</summary>
    public void Inject(NodeId from, NodeId to, byte[] bytes) => _ports[to].Happen(new NodeEvent.Arrived(from, ArrivedPacket.Of(bytes)));

    /// <summary>Sends as a node.</summary>
    public void Send(NodeId from, NodeId to, ReadOnlyMemory<byte> packet)
    {
        Interlocked.Increment(ref _packetCount);
        if (_ports.ContainsKey(from) && _ports.TryGetValue(to, out Port? port) && !IsLost(from, to))
        {
            port.Happen(new NodeEvent.Arrived(from, ArrivedPacket.Of(packet)));
        }
    }

    private void Open(Port port)
    {
        lock (_gate)
        {
            Assert.True(_ports.TryAdd(port.Self, port));
            foreach (Port other in _ports.Values)
            {
                port.Happen(new NodeEvent.Up(other.Self));
                if (other != port)
                {
                    other.Happen(new NodeEvent.Up(port.Self));
                }
            }
        }
    }

    private sealed class Port(InProcessNetwork network, NodeId self) : INodeNetwork
    {
        private IActorRef _node = ActorRefs.Nobody;

        public string Runtime => "test";

        public NodeId Self => self;

        public int NodeCount => 1;

        public TimeSpan ReminderInterval => network.ReminderInterval;

        public Task Leading => Task.CompletedTask;

        public bool CanLeave => true;

        public ActorSystem System { get; } = HostConfig.StartLocal(1);

        public void Happen(NodeEvent happened) => _node.Tell(happened);

        public Props Gateway(IActorRef node)
        {
            _node = node;
            return Props.Create(() => new PortActor(network, this));
        }

        public void Dispose()
        {
            network.Kill(self);
            System.Terminate().Wait();
        }

        public void Open() => network.Open(this);
    }

    private sealed class PortActor(InProcessNetwork network, Port port) : UntypedActor
    {
        protected override void PreStart() => port.Open();

        protected override void OnReceive(object message)
        {
            Outgoing outgoing = (Outgoing)message;
            network.Send(port.Self, outgoing.To, outgoing.Packet);
        }
    }
}
