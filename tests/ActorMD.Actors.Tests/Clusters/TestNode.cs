using System.Collections.Concurrent;
using System.Diagnostics;
using ActorMD.Protocol;
using ActorMD.Runtime;
using Akka.Actor;

namespace ActorMD.Actors.Tests;

/// <summary>A node in the test's process, and everything that it has reported.</summary>
internal sealed class TestNode : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<NodeEvent> _happened = new();

    public TestNode(AkkaOptions options)
    {
        Node = AkkaNode.Join(AkkaSettings.Load(options));
        Ended = Task.Run(async () =>
        {
            await foreach (NodeEvent happened in Node.Events.ReadAllAsync())
            {
                _happened.Enqueue(happened);
            }
        });
    }

    public AkkaNode Node { get; }

    /// <summary>Completes when the node can talk to nobody any more.</summary>
    public Task Ended { get; }

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

    public IEnumerable<NodeEvent.Arrived> Frames => _happened.OfType<NodeEvent.Arrived>();

    public IEnumerable<string> Warnings => _happened.OfType<NodeEvent.Noticed>().Where(noticed => noticed.IsWarning).Select(noticed => noticed.Text);

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
}
