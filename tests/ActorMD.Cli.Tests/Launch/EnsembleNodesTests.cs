using System.Diagnostics;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>Nodes that share an ensemble write the same bytes as one process, whatever happens to them.</summary>
public sealed class EnsembleNodesTests(EnsembleNodesTests.OneProcess one) : IClassFixture<EnsembleNodesTests.OneProcess>, IDisposable
{
    private const string Observables = """
        output: { observables: [{ kind: rdf, every: 0.1 }, { kind: msd, every: 0.01, lags: { max: 0.2 } }, { kind: collisions }] }

        """;

    private static readonly string[] _ensemble =
        ["ensemble", "small.yaml", "--replicas", "11", "--until", "15", "--workers", "1", "--quiet", "--out"];

    private readonly Workplace _place = PlaceOfCase();

    public void Dispose() => _place.Dispose();

    [MpiTheory, InlineData(2), InlineData(3)]
    public void Ranks_share_an_ensemble(int count) => AssertShared("mpi", count);

    [Theory, InlineData(2), InlineData(4)]
    public void Nodes_of_this_machine_share_an_ensemble(int count) => AssertShared("akka", count);

    [Fact]
    public void A_node_that_is_killed_is_started_again()
    {
        using ActorMdProcess launch = ActorMdProcess.Start(
            _place.Path, ["launch", "--runtime", "akka", "-n", "3", "--", .. _ensemble, "killed"]);
        WaitFor(launch, () => File.Exists(_place["killed/log-node-2.jsonl"]) && NodeOf(launch.Id, "2/3") > 0);
        using (Process node = Process.GetProcessById(NodeOf(launch.Id, "2/3")))
        {
            node.Kill();
        }

        ActorMdProcess.Result result = launch.Wait();
        Assert.Equal(0, result.Code);
        Assert.Contains("Node 2 died with code 137; starting it again", result.Error, StringComparison.Ordinal);
        AssertSame("killed");
    }

    [Fact]
    public void The_leading_node_too()
    {
        using ActorMdProcess launch = ActorMdProcess.Start(
            _place.Path, ["launch", "--runtime", "akka", "-n", "2", "--", .. _ensemble, "killed"]);
        WaitFor(launch, () => File.Exists(_place["killed/log-node-2.jsonl"]) && NodeOf(launch.Id, "1/2") > 0);
        using (Process node = Process.GetProcessById(NodeOf(launch.Id, "1/2")))
        {
            node.Kill();
        }

        Assert.Equal(0, launch.Wait().Code);
        AssertSame("killed");
    }

    [Theory, InlineData("akka", 3, 2), InlineData("akka", 2, 1), InlineData("mpi", 2, 3)]
    public void A_stopped_one_goes_on_with_any_number_of_nodes(string runtime, int before, int after)
    {
        using (ActorMdProcess launch = ActorMdProcess.Start(
            _place.Path, ["launch", "--runtime", runtime, "-n", $"{before}", "--", .. _ensemble, "stopped"]))
        {
            WaitFor(launch, () => File.Exists(_place["stopped/log-node-2.jsonl"]));
            launch.Send("INT");
            Assert.Equal(130, launch.Wait().Code);
        }

        Assert.False(File.Exists(_place["stopped/summary.json"]));
        string[] again = after > 1 ? ["launch", "--runtime", runtime, "-n", $"{after}", "--", .. _ensemble, "stopped", "--resume"]
            : ["resume", "stopped", "--quiet"];
        Assert.Equal(0, _place.Run(again).Code);
        AssertSame("stopped");
    }

    [Theory, InlineData("0/2"), InlineData("3/2"), InlineData("2"), InlineData("a/b")]
    public void An_impossible_node_is_refused(string node)
    {
        ActorMdProcess.Result result = _place.Run([.. _ensemble, "none", "--node", node]);
        Assert.Equal(2, result.Code);
        Assert.Contains("is no node", result.Error, StringComparison.Ordinal);
    }

    private void AssertShared(string runtime, int count)
    {
        Assert.Equal(0, _place.Run(["launch", "--runtime", runtime, "-n", $"{count}", "--", .. _ensemble, "many"]).Code);
        AssertSame("many");
        Assert.Equal(count, Directory.GetFiles(_place["many"], "log*.jsonl").Count(log => !log.Contains("launch", StringComparison.Ordinal)));
    }

    private static Workplace PlaceOfCase()
    {
        Workplace place = new();
        File.AppendAllText(place["small.yaml"], Observables);
        return place;
    }

    private void AssertSame(string folder)
    {
        string straight = one.Folder;
        string[] tables = [.. Directory.GetFiles(straight, "*.csv").Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.True(tables.Length >= 9, string.Join(' ', tables));
        Assert.All(
            tables,
            table => Assert.Equal(File.ReadAllText(Path.Combine(straight, table)), File.ReadAllText(_place[$"{folder}/{table}"])));
        Assert.Equal(StraightRun.DigestOf(straight), StraightRun.DigestOf(_place[folder]));
        Assert.DoesNotContain(Directory.GetFiles(_place[$"{folder}/checkpoints"]), path => path.Contains("node", StringComparison.Ordinal));
        _place.AssertSound(folder);
    }

    private static int NodeOf(int launch, string node) => JobProcesses.ChildrenOf(launch).FirstOrDefault(
        process => File.ReadAllText($"/proc/{process}/cmdline").Contains(node, StringComparison.Ordinal));

    private static void WaitFor(ActorMdProcess launch, Func<bool> isTrue)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!isTrue())
        {
            Assert.False(launch.HasExited, "the ensemble ended before it could be disturbed");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(150), "nothing happens");
            Thread.Sleep(10);
        }
    }

    /// <summary>The same ensemble by one process.</summary>
    public sealed class OneProcess : IDisposable
    {
        private readonly Workplace _place = PlaceOfCase();

        public OneProcess() => Assert.Equal(0, _place.Run([.. _ensemble, "one"]).Code);

        /// <summary>Its run folder.</summary>
        public string Folder => _place["one"];

        public void Dispose() => _place.Dispose();
    }
}
