using System.Net.Sockets;
using System.Text.Json;
using Xunit.Abstractions;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>Real clusters of Akka.NET nodes, that are killed, stopped and paused.</summary>
public sealed class AkkaLaunchTests(ShortStraightRun straight, ITestOutputHelper output) : IClassFixture<ShortStraightRun>, IDisposable
{
    private const string LongUntil = "100";
    private const string KillUntil = "200";
    private static readonly string[] Run = ShortStraightRun.Arguments;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_cluster_of_one_needs_no_settings()
    {
        Assert.Equal(0, _place.Run([.. Run, "--runtime", "akka", "--out", "one"]).Code);
        AssertRight("one");
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

    /// <summary><c>AkkaKillTests</c> kills fifty, at random.</summary>
    [Fact]
    public void Five_killed_nodes_two_of_which_led_do_not_change_the_digest()
    {
        const int KillCountWanted = 5;
        int killCount = 0, runCount = 0;
        while (killCount < KillCountWanted)
        {
            Assert.True(++runCount <= KillCountWanted, "the runs end before anybody can be killed: make them longer");
            string folder = $"killed{runCount}";
            using AkkaJob job = AkkaJob.Start(_place, folder, 3, KillUntil);
            int leaderCount = 0;
            // A run may end before all that was killed in it is there again: then the next one goes on.
            while (killCount < KillCountWanted && job.IsWellSoon(3))
            {
                int leading = job.Leading;
                bool isLeading = killCount % 2 == 1;
                int process = isLeading
                    ? job.Nodes.GetValueOrDefault(leading)
                    : job.Nodes.FirstOrDefault(node => node.Key != leading).Value;
                if (process > 0 && AkkaJob.Send(process, "KILL"))
                {
                    killCount++;
                    leaderCount += isLeading ? 1 : 0;
                    job.WaitForDeath(process);
                }
            }

            ActorMdProcess.Result result = job.Launch.Wait();
            Assert.True(result.Code == 0, result.Error);
            // No other node has ended.
            Assert.Equal(
                result.Error.Split("died with code 137; starting it again").Length, result.Error.Split("starting it again").Length);
            Assert.InRange(job.CountOf("Resumed from the checkpoint"), 0, leaderCount);
            OneWriterAtATime.Check(_place[folder]);
            Assert.Equal(StraightDigests.At(KillUntil), StraightRun.DigestOf(_place[folder]));
        }

        output.WriteLine($"{killCount} kills in {runCount} runs");
    }

    [Fact]
    public void A_signal_to_launch_leaves_a_checkpoint()
    {
        using AkkaJob job = AkkaJob.Start(_place, "stopped", 2, LongUntil);
        job.WaitFor(() => job.CountOf("Sampled at") > 20, "20 samples");
        job.Launch.Send("INT");
        ActorMdProcess.Result stopped = job.Launch.Wait();
        Assert.Equal(130, stopped.Code);
        Assert.Contains("Interrupted at time ", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(0, _place.Run("launch", "--runtime", "akka", "-n", "3", "--", "resume", "stopped", "--quiet").Code);
        AssertRight("stopped");
    }

    [Fact]
    public void A_node_that_hangs_is_given_up_and_its_domains_move()
    {
        const string HangUntil = "30"; // with a node that hangs no run comes to its end; without it, this one should soon
        using AkkaJob job = AkkaJob.Start(_place, "hanging", 3, HangUntil);
        job.WaitFor(() => job.CountOf("Sampled at") > 10, "10 samples");
        AkkaJob.Send(job.Nodes.First(node => node.Key != job.Leading).Value, "STOP");
        job.WaitFor(() => job.CountOf("Lost node") == 1, "the loss of the node");
        Assert.Equal(0, job.Launch.Wait().Code);
        Assert.Equal(StraightDigests.At(HangUntil), StraightRun.DigestOf(_place["hanging"]));
    }

    [Fact]
    public async Task Strangers_knock_all_the_time_and_the_run_ends_with_its_digest()
    {
        using AkkaJob job = AkkaJob.Start(_place, "strangers", 3, LongUntil);
        job.WaitFor(() => job.CountOf("Sampled at") > 2, "2 samples");
        int[] ports = [.. job.Nodes.Keys];
        byte[] noise = new byte[1 << 20];
        new Random(4).NextBytes(noise);
        byte[] nesting = new byte[1 << 16];
        Array.Fill(nesting, (byte)0x91); // arrays in arrays
        byte[][] messages = [noise, [0xdd, 0xff, 0xff, 0xff, 0xff], nesting, "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), []];
        int count = 0;
        for (; !job.Launch.HasExited; count++)
        {
            await KnockAsync(ports[count % ports.Length], messages[count % messages.Length]);
        }

        ActorMdProcess.Result result = job.Launch.Wait();
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

    private void AssertRight(string folder)
    {
        bool isLong = File.ReadAllText(_place[Path.Combine(folder, "case.yaml")]).Contains("until: 100", StringComparison.Ordinal);
        Assert.Equal(isLong ? StraightDigests.At(LongUntil) : straight.Digest, StraightRun.DigestOf(_place[folder]));
        _place.AssertSound(folder);
    }
}
