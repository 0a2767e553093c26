using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using ActorMD.Cli.Clusters;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>Real clusters of Akka.NET nodes, that are killed, stopped and paused.</summary>
public sealed class AkkaLaunchTests(ShortStraightRun straight) : IClassFixture<ShortStraightRun>, IDisposable
{
    private static readonly string[] Run = ShortStraightRun.Arguments;
    private static readonly string[] LongRun = [.. Run.Select(word => word == "30" ? "100" : word)];

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_build_without_the_packages_says_so_and_one_with_them_runs()
    {
        ActorMdProcess.Result result = _place.Run([.. Run, "--runtime", "akka", "--out", "one"]);
        if (new AkkaLauncher().Missing is null)
        {
            Assert.Equal(0, result.Code);
            AssertRight("one");
        }
        else
        {
            Assert.Equal(2, result.Code);
            Assert.Contains("built without Akka.NET", result.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_place["one"]));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_digest_does_not_depend_on_the_number_of_nodes(int count)
    {
        ActorMdProcess.Result result = _place.Run(["launch", "--runtime", "akka", "-n", $"{count}", "--", .. Run, "--out", "nodes"]);
        Assert.Equal(0, result.Code);
        AssertRight("nodes");
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(_place["nodes/summary.json"])).RootElement;
        Assert.Equal("akka", summary.GetProperty("runtime").GetString());
        Assert.Equal(count, Directory.GetFiles(_place["nodes"], "log*.jsonl").Length);
    }

    [Fact]
    public void Killed_nodes_and_a_killed_coordinator_do_not_change_the_digest()
    {
        using ActorMdProcess launch = Launch("killed", 3);
        WaitFor(launch, () => CountOf("killed/log.jsonl", "Sampled at") > 5);
        Kill(launch, node => node != LeadingNode(launch, "killed"));
        WaitFor(launch, () => CountOf("killed/log.jsonl", "Recovered") == 1 && JobProcesses.ChildrenOf(launch.Id).Count() == 3);
        Kill(launch, node => node == LeadingNode(launch, "killed"));
        ActorMdProcess.Result result = launch.Wait();
        Assert.Equal(0, result.Code);
        // At least the two that were killed; another node may end and be started again while the lead passes on.
        Assert.InRange(result.Error.Split("starting it again").Length - 1, 2, 6);
        Assert.InRange(CountOf("killed/log.jsonl", "Resumed from the checkpoint"), 1, 3);
        AssertRight("killed");
    }

    [Fact]
    public void A_signal_to_launch_leaves_a_checkpoint()
    {
        using ActorMdProcess launch = Launch("stopped", 2);
        WaitFor(launch, () => CountOf("stopped/log.jsonl", "Sampled at") > 20);
        launch.Send("INT");
        ActorMdProcess.Result stopped = launch.Wait();
        Assert.Equal(130, stopped.Code);
        Assert.Contains("Interrupted at time ", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(0, _place.Run("launch", "--runtime", "akka", "-n", "3", "--", "resume", "stopped", "--quiet").Code);
        AssertRight("stopped");
    }

    [Fact]
    public void A_node_that_hangs_is_given_up_and_its_domains_move()
    {
        using ActorMdProcess launch = Launch("hanging", 3);
        WaitFor(launch, () => CountOf("hanging/log.jsonl", "Sampled at") > 10);
        SendTo(NodesOf(launch).First(node => node.Key != LeadingNode(launch, "hanging")).Value, "STOP");
        WaitFor(launch, () => CountOf("hanging/log.jsonl", "Lost node") == 1);
        Assert.Equal(0, launch.Wait().Code);
        AssertRight("hanging");
    }

    [Fact]
    public async Task Strangers_knock_all_the_time_and_the_run_ends_with_its_digest()
    {
        using ActorMdProcess launch = Launch("strangers", 3);
        WaitFor(launch, () => CountOf("strangers/log.jsonl", "Sampled at") > 2);
        int[] ports = [.. NodesOf(launch).Keys];
        byte[] noise = new byte[1 << 20];
        new Random(4).NextBytes(noise);
        byte[][] messages = [noise, [0xdd, 0xff, 0xff, 0xff, 0xff], "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), []];
        int count = 0;
        for (; !launch.HasExited; count++)
        {
            await KnockAsync(ports[count % ports.Length], messages[count % messages.Length]);
        }

        ActorMdProcess.Result result = launch.Wait();
        Assert.Equal(0, result.Code);
        Assert.True(count > 20);
        Assert.Contains("Refused the connection with 127.0.0.1", result.Error, StringComparison.Ordinal);
        Assert.Contains("it speaks no TLS", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("starting it again", result.Error, StringComparison.Ordinal);
        AssertRight("strangers");
    }

    private static async Task KnockAsync(int port, byte[] message)
    {
        try
        {
            using TcpClient connection = new();
            await connection.ConnectAsync("127.0.0.1", port);
            await connection.GetStream().WriteAsync(message);
            await Task.Delay(10);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // Closed already, or the run has ended.
        }
    }

    private static void SendTo(int process, string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    // By the ports that the nodes' files name.
    private static Dictionary<int, int> NodesOf(ActorMdProcess launch)
    {
        Dictionary<int, int> nodes = [];
        foreach (int process in JobProcesses.ChildrenOf(launch.Id))
        {
            string[] words = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            if (Array.Find(words, word => word.EndsWith(".conf", StringComparison.Ordinal)) is { } config)
            {
                string line = File.ReadLines(config).First(line => line.Contains("port =", StringComparison.Ordinal));
                nodes[int.Parse(line.Split('=')[1], CultureInfo.InvariantCulture)] = process;
            }
        }

        return nodes;
    }

    private static void WaitFor(ActorMdProcess launch, Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.False(launch.HasExited, "the run ended too early");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "what was waited for did not happen");
            Thread.Sleep(5);
        }
    }

    private ActorMdProcess Launch(string folder, int count) => ActorMdProcess.Start(
        _place.Path, ["launch", "--runtime", "akka", "-n", $"{count}", "--", .. LongRun, "--out", folder]);

    private void Kill(ActorMdProcess launch, Func<int, bool> choose) =>
        SendTo(NodesOf(launch).First(node => choose(node.Key)).Value, "KILL");

    // The node that has placed the domains, by its port: the last one that did so.
    private int LeadingNode(ActorMdProcess launch, string folder)
    {
        string line = Read(folder + "/log.jsonl").Split('\n').Last(line => line.Contains("Placing {DomainCount}", StringComparison.Ordinal));
        return NodesOf(launch).Keys.First(port => line.Contains($"-{port}-", StringComparison.Ordinal));
    }

    private int CountOf(string file, string text) => Read(file).Split(text).Length - 1;

    private string Read(string file)
    {
        if (!File.Exists(_place[file]))
        {
            return "";
        }

        using StreamReader reader = new(new FileStream(_place[file], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private void AssertRight(string folder)
    {
        bool isLong = File.ReadAllText(_place[Path.Combine(folder, "case.yaml")]).Contains("until: 100", StringComparison.Ordinal);
        Assert.Equal(isLong ? LongDigest() : straight.Digest, StraightRun.DigestOf(_place[folder]));
        Assert.Equal(0, _place.Run("verify", folder).Code);
    }

    private string LongDigest()
    {
        Assert.Equal(0, _place.Run([.. LongRun, "--out", "straight"]).Code);
        return StraightRun.DigestOf(_place["straight"]);
    }
}
