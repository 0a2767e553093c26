using ActorMD.Actors.Hosting;
using ActorMD.Actors.Networks;
using ActorMD.Files.Cases;
using ActorMD.Files.RunFolders;
using ActorMD.Physics;
using ActorMD.Protocol.Geometry;
using ActorMD.Protocol.Nodes;
using ActorMD.Protocol.Wire;
using ActorMD.Runs;
using ActorMD.Runs.Sessions;
using Akka.Actor;

namespace ActorMD.Actors.Tests.Hosting;

/// <summary>Nodes that die, come, lose packets and get strange ones compute what one domain computes.</summary>
public sealed class HostingTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly InProcessNetwork _network = new();
    private readonly List<ActorHost> _hosts = [];

    public static TheoryData<string, string, int> Clusters => new()
    {
        { "mixture", "2x2x1", 1 },
        { "ternary", "2x1x2", 2 },
        { "channel", "2x3", 4 },
        { "cloud", "2x1x1", 3 },
        { "long gas", "2x1x1", 1 },
        { "long gas", "2x1x1", 2 },
        { "logged long gas", "3x1x1", 2 },
    };

    // Long enough for nodes to die in it.
    private static Case LongCase { get; } = Cases.LongGas with { Run = Cases.LongGas.Run with { Until = 8, Sample = 0.25 } };

    public void Dispose()
    {
        foreach (ActorHost host in _hosts)
        {
            host.Dispose();
        }

        _temporary.Dispose();
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Nodes_do_not_change_the_result(string name, string domains, int nodeCount)
    {
        Case @case = Cases.Named(name);
        ActorHost[] hosts = [.. Enumerable.Range(0, nodeCount).Select(k => Join($"node{k}", nodeCount))];
        RunSummary summary = Run(@case, hosts[0], domains, new Onlooker());

        Assert.Equal(SerialDigest(@case), summary.Digest);
        Assert.Equal("test", summary.Runtime);
        Assert.Equal(domains, summary.Domains);
        Assert.Equal(name.EndsWith("long gas", StringComparison.Ordinal) ? "slices" : null, summary.Sharing!.Method);
        Assert.Equal(nodeCount > 1, _network.PacketCount > 0);
        Task[] others = [.. hosts[1..].Select(host => Task.Run(() => host.Serve(CancellationToken.None)))];
        hosts[0].Dismiss();
        await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Killed_nodes_are_replaced_and_new_ones_are_used()
    {
        Case @case = LongCase;
        ActorHost coordinator = Join("coordinator", 3);
        Join("a", 3);
        Join("b", 3);
        int samples = 0;
        RunSummary summary = Run(@case, coordinator, "3x1x1", new ActingOnlooker(pace =>
        {
            switch (++samples)
            {
                case 3:
                    _network.Kill(new NodeId("a"));
                    break;
                case 5:
                    Join("c", 3);
                    break;
                case 7:
                    _network.Kill(new NodeId("b"));
                    break;
                case 9:
                    _network.Kill(new NodeId("c"));
                    break;
            }
        }));

        Assert.Equal(SerialDigest(@case), summary.Digest);
        Assert.True(samples >= 9, $"{samples}");
        Assert.Equal(["coordinator"], coordinator.Members.Select(node => node.Name));
        string log = File.ReadAllText(Path.Combine(_temporary["cluster"], "log.jsonl"));
        Assert.Contains("\"Lost node {member} with {domain} at {time}", log, StringComparison.Ordinal);
        Assert.Contains("\"member\":\"c\"", log, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_temporary["cluster"], "log-c.jsonl")));
    }

    [Fact]
    public async Task Nodes_die_and_come_all_the_time()
    {
        Case @case = LongCase;
        ActorHost coordinator = Join("coordinator", 2);
        Join("node0", 2);
        int born = 0;
        using CancellationTokenSource stop = new();
        Task reaper = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                // Ever slower, so that a cut is reached between two deaths at last, soon also on a busy machine.
                await Task.Delay((int)(10 * Math.Pow(1.1, born)));
                Join($"node{born + 1}", 2);
                await Task.Delay(5);
                _network.Kill(new NodeId($"node{born++}"));
            }
        });
        RunSummary summary = Run(@case, coordinator, "2x1x1", new Onlooker());
        await stop.CancelAsync();
        await reaper;

        Assert.Equal(SerialDigest(@case), summary.Digest);
        Assert.True(born > 3, $"only {born} nodes died");
    }

    [Fact]
    public void Lost_packets_are_repeated()
    {
        Case @case = LongCase;
        ActorHost coordinator = Join("coordinator", 2);
        Join("other", 2);
        int sent = 0;
        _network.IsLost = (_, _) => Interlocked.Increment(ref sent) % 29 == 0;
        RunSummary summary = Run(@case, coordinator, "2x1x1", new Onlooker());

        Assert.Equal(SerialDigest(@case), summary.Digest);
        Assert.True(sent > 29);
    }

    [Fact]
    public void A_second_coordinator_resumes_from_the_checkpoint_and_the_first_one_notices()
    {
        Case @case = LongCase;
        ActorHost first = Join("first", 3);
        ActorHost second = Join("second", 3);
        Join("third", 3);
        RunFolder folder = RunFolder.Create(_temporary["cluster"], force: false);
        ClusterException? deposed = null;
        RunSummary? summary = null;
        using (RunSession session = RunSession.Start(@case, Cases.Initial(@case), folder, Plan(first, "3x1x1")))
        {
            int samples = 0;
            deposed = Assert.Throws<ClusterException>(() => session.Run(
                new ActingOnlooker(_ =>
                {
                    if (++samples == 5)
                    {
                        // The first one sleeps, and its lock is broken.
                        RunFolder copy = CopyOf(folder);
                        using RunSession later = RunSession.Resume(copy, @case, Plan(second, "2x1x1"));
                        summary = later.Run(new Onlooker(), CancellationToken.None).Summary;
                    }
                }),
                CancellationToken.None));
        }

        Assert.Equal(SerialDigest(@case), summary!.Digest);
        Assert.Equal("node second has taken over the run from node first, which was believed dead", deposed.Message);
    }

    [Fact]
    public void Strange_packets_are_refused_and_logged_and_nothing_crashes()
    {
        Case @case = LongCase;
        ActorHost coordinator = Join("coordinator", 2);
        ActorHost other = Join("other", 2);
        NodeId stranger = new("stranger");
        byte[] future = NodePacketFormat.Encode(new NodePacket.Placed(1, 1)).ToArray();
        future[1] = NodePacketFormat.Version + 1;
        Random random = new(5);
        int samples = 0;
        RunSummary summary = Run(@case, coordinator, "2x1x1", new ActingOnlooker(_ =>
        {
            byte[] noise = new byte[random.Next(300)];
            random.NextBytes(noise);
            foreach (NodeId node in (NodeId[])[coordinator.Self, other.Self])
            {
                _network.Inject(stranger, node, noise);
                _network.Inject(stranger, node, future);
            }

            samples++;
        }));

        Assert.Equal(SerialDigest(@case), summary.Digest);
        Assert.True(coordinator.RefusedCount >= samples, $"{coordinator.RefusedCount}");
        Assert.True(other.RefusedCount >= samples, $"{other.RefusedCount}");
        Assert.Contains(
            FormattableString.Invariant($"this program speaks version {NodePacketFormat.Version} only"),
            File.ReadAllText(Path.Combine(_temporary["cluster"], "log-other.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_of_another_version_gets_no_domains()
    {
        Case @case = LongCase;
        ActorHost coordinator = Join("coordinator", 2);
        using INodeNetwork old = _network.Join("old");
        old.System.ActorOf(Props.Create(() => new OldNode(_network, old)));
        RunSummary summary = Run(@case, coordinator, "2x1x1", new Onlooker());

        Assert.Equal(SerialDigest(@case), summary.Digest);
        string log = File.ReadAllText(Path.Combine(_temporary["cluster"], "log.jsonl"));
        Assert.Contains("I am old", log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_violation_in_a_remote_domain_reaches_the_session()
    {
        Case @case = Cases.Mixture;
        SystemState initial = Cases.Initial(@case);
        initial.Particles[1].Position = initial.Particles[0].Position + new Vec3(1e-3, 0, 0);
        initial.Particles[1].Velocity = initial.Particles[0].Velocity + new Vec3(-1, 0, 0);
        ActorHost coordinator = Join("coordinator", 2);
        Join("other", 2);
        using RunSession session = RunSession.Start(
            @case, initial, RunFolder.Create(_temporary["cluster"], force: false), Plan(coordinator, "2x2x2"));
        Assert.Throws<PhysicsViolationException>(() => session.Run(new Onlooker(), CancellationToken.None));
    }

    [Fact]
    public void What_a_domain_cannot_handle_reaches_the_session()
    {
        Case @case = LongCase;
        SystemState initial = Cases.Initial(@case);
        ActorHost coordinator = Join("coordinator", 2);
        Join("other", 2);
        using RunSession session = RunSession.Start(
            @case, initial, RunFolder.Create(_temporary["cluster"], force: false), Plan(coordinator, "2x1x1"));
        initial.Particles[^1].Velocity = new Vec3(double.NaN, 0, 0);
        ClusterException error = Assert.Throws<ClusterException>(() => session.Run(new Onlooker(), CancellationToken.None));
        Assert.StartsWith("node ", error.Message, StringComparison.Ordinal);
        Assert.Contains("has no place in this gas", error.Message, StringComparison.Ordinal);
    }

    private static string SerialDigest(Case @case)
    {
        using Engine.Simulator simulator = new(@case.Gas, Cases.Initial(@case));
        simulator.Advance(@case.Run.Until);
        return StateDigest.Of(simulator.Capture());
    }

    private static ClusterExecution Plan(ActorHost host, string domains)
    {
        Assert.True(Split.TryParse(domains, out Split split));
        return new ClusterExecution(host, split);
    }

    private ActorHost Join(string name, int nodeCount)
    {
        ActorHost host = new(
            _network.Join(name), new NodeOptions { Workers = 1, NodeCount = nodeCount, StatusInterval = TimeSpan.FromSeconds(0.1) });
        lock (_hosts)
        {
            _hosts.Add(host);
        }

        return host;
    }

    private RunSummary Run(Case @case, ActorHost host, string domains, IRunObserver observer)
    {
        RunFolder folder = RunFolder.Create(_temporary["cluster"], force: false);
        using RunSession session = RunSession.Start(@case, Cases.Initial(@case), folder, Plan(host, domains));
        return session.Run(observer, CancellationToken.None).Summary!;
    }

    private RunFolder CopyOf(RunFolder folder)
    {
        string copy = _temporary["copy"];
        Directory.CreateDirectory(Path.Combine(copy, "checkpoints"));
        foreach (string file in Directory.GetFiles(folder.Directory, "*", SearchOption.AllDirectories))
        {
            if (!file.EndsWith(".tmp", StringComparison.Ordinal))
            {
                File.Copy(file, Path.Combine(copy, Path.GetRelativePath(folder.Directory, file)));
            }
        }

        return RunFolder.Open(copy);
    }

    // Answers every placement as a program of another version does.
    private sealed class OldNode : UntypedActor
    {
        private readonly InProcessNetwork _network;
        private readonly INodeNetwork _old;

        public OldNode(InProcessNetwork network, INodeNetwork old)
        {
            (_network, _old) = (network, old);
            Context.ActorOf(old.Gateway(Self));
        }

        protected override void OnReceive(object message)
        {
            if (message is NodeEvent.Arrived arrived
                && NodePacketFormat.Decode(arrived.Packet.Bytes.Span) is NodePacket.Placement placement)
            {
                Assert.Equal(ProductVersion.Text, placement.Version);
                _network.Send(_old.Self, arrived.From, NodePacketFormat.Encode(new NodePacket.Refused(0, "I am old")));
            }
        }
    }

    private sealed class ActingOnlooker(Action<RunPace> act) : Onlooker
    {
        public override void Advanced(RunPace pace) => act(pace);
    }
}
