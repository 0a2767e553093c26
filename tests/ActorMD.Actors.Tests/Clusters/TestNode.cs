using System.Collections.Concurrent;
using System.Diagnostics;
using ActorMD.Actors.Clusters;
using ActorMD.Actors.Networks;
using ActorMD.Actors.Settings;
using ActorMD.Protocol.Nodes;
using Akka.Actor;

namespace ActorMD.Actors.Tests.Clusters;

/// <summary>A node in the test's process, and everything that it has reported.</summary>
internal sealed class TestNode : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<NodeEvent> _happened = new();
    private readonly TaskCompletionSource _ended = new();

    public TestNode(AkkaOptions options)
    {
        Node = ClusterNetwork.Join(options, workers: 1);
        Node.System.ActorOf(Props.Create(() => new Recorder(Node, Record)), "node");
    }

    public ClusterNetwork Node { get; }

    /// <summary>Completes when the node can reach no other node any more.</summary>
    public Task Ended => _ended.Task;

    public int Port => ((ExtendedActorSystem)Node.System).Provider.DefaultAddress.Port!.Value;

    /// <summary>The nodes that are there, as far as this one knows.</summary>
    public HashSet<NodeId> Members
    {
        get
        {
            HashSet<NodeId> members = [];
            foreach (NodeEvent happened in _happened)
            {
                if (happened is NodeEvent.Up up)
                {
                    members.Add(up.Node);
                }
                else if (happened is NodeEvent.Down down)
                {
                    members.Remove(down.Node);
                }
            }

            return members;
        }
    }

    public IEnumerable<NodeEvent.Arrived> Packets => _happened.OfType<NodeEvent.Arrived>();

    public IEnumerable<string> Warnings =>
        _happened.OfType<NodeEvent.Noticed>().Where(noticed => noticed.IsWarning).Select(noticed => noticed.Text);

    public void Send(NodeId to, byte[] packet) => Node.System.ActorSelection("/user/node/gateway").Tell(new Outgoing(to, packet));

    /// <summary>Whether it is a member of its cluster that does not think of leaving.</summary>
    public bool IsUp => !Node.System.WhenTerminated.IsCompleted
        && Akka.Cluster.Cluster.Get(Node.System).SelfMember.Status == Akka.Cluster.MemberStatus.Up;

    /// <summary>Dies: the others must find it out.</summary>
    public void Die() => Node.System.Terminate().Wait(Patience);

    /// <summary>Waits until something is so.</summary>
    public void WaitFor(Func<TestNode, bool> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition(this))
        {
            Assert.True(watch.Elapsed < Patience, $"{Node.Self} waited in vain for {what}; it knows {string.Join(", ", Members)}");
            Thread.Sleep(20);
        }
    }

    public void Dispose() => Die();

    private void Record(NodeEvent happened)
    {
        _happened.Enqueue(happened);
        if (happened is NodeEvent.Ended)
        {
            _ended.TrySetResult();
        }
    }

    // In the place of the node actor.
    private sealed class Recorder : UntypedActor
    {
        private readonly Action<NodeEvent> _record;

        public Recorder(INodeNetwork network, Action<NodeEvent> record)
        {
            _record = record;
            Context.ActorOf(network.Gateway(Self), "gateway");
        }

        protected override void OnReceive(object message) => _record((NodeEvent)message);
    }
}
