using System.Diagnostics;
using ActorMD.Cli.Clusters;
using Xunit.Abstractions;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>Akka.NET nodes that are killed again and again, at random or whichever leads.</summary>
[Trait("Tier", "Validation")]
public sealed class AkkaKillTests(ITestOutputHelper output) : IDisposable
{
    private const int KillCount = 50;
    private const int KillCountOfRun = 10;
    private const int NodeCount = 3;
    private const double PauseSecondsMean = 1.5;
    private const string Until = "400";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void After_fifty_random_kills_every_run_ends_with_the_right_digest_and_recovers_soon()
    {
        List<AkkaRecovery> recoveries = [];
        int killCount = 0, leaderCount = 0, runCount = 0;
        while (killCount < KillCount)
        {
            int seed = ++runCount;
            Assert.True(runCount <= KillCount, "the runs end before they can be killed: make them longer");
            string folder = $"run{seed}";
            Random random = new(seed);
            using AkkaJob job = AkkaJob.Start(_place, folder, NodeCount, Until);
            List<(DateTime At, int Port, bool IsLeading)> kills = [];
            while (kills.Count < KillCountOfRun && !job.Launch.HasExited)
            {
                // Some come before the run has recovered from the one before, or while nodes start; the others, which show how long that
                // takes, when all is well.
                Thread.Sleep(TimeSpan.FromSeconds(-PauseSecondsMean * Math.Log(1 - random.NextDouble())));
                if (kills.Count % 3 != 0 && !job.IsWellSoon(NodeCount))
                {
                    break; // the run was quicker
                }

                KeyValuePair<int, int>[] nodes = [.. job.Nodes.OrderBy(node => node.Key)];
                if (nodes.Length == 0)
                {
                    continue;
                }

                (int port, int process) = nodes[random.Next(nodes.Length)];
                bool isLeading = port == job.Leading;
                DateTime now = DateTime.UtcNow;
                if (AkkaJob.Send(process, "KILL"))
                {
                    kills.Add((now, port, isLeading));
                }
            }

            ActorMdProcess.Result result = job.Launch.Wait();
            Assert.True(result.Code == 0, $"run {seed}: {result.Error}");
            Assert.Equal(StraightDigests.At(Until), StraightRun.DigestOf(_place[folder]));
            IEnumerable<string> deaths = result.Error.Split('\n').Where(line => line.EndsWith("starting it again.", StringComparison.Ordinal))
                .GroupBy(line => line[(line.IndexOf("code", StringComparison.Ordinal))..line.IndexOf(';')], (code, lines) => $"{lines.Count()} with {code}");
            output.WriteLine(FormattableString.Invariant($"run {seed}: {kills.Count} kills, nodes started again: {string.Join(", ", deaths)}"));
            killCount += kills.Count;
            leaderCount += kills.Count(kill => kill.IsLeading);
            List<LoggedEvent> logs = LoggedEvent.ReadAll(_place[folder]);
            for (int k = 0; k < kills.Count; k++)
            {
                DateTime next = k + 1 < kills.Count ? kills[k + 1].At : DateTime.MaxValue;
                if (AkkaRecovery.Of(kills[k].At, kills[k].Port, kills[k].IsLeading, next, logs) is { } recovery)
                {
                    recoveries.Add(recovery);
                }
            }
        }

        output.WriteLine(FormattableString.Invariant(
            $"{killCount} kills in {runCount} runs, {leaderCount} of the leading node; {recoveries.Count} recoveries that were not cut short"));
        Report("workers", [.. recoveries.Where(recovery => !recovery.WasLeading)]);
        Report("leading nodes", [.. recoveries.Where(recovery => recovery.WasLeading)]);
        Report("all", recoveries);
        Assert.InRange(Median(recoveries.Select(recovery => recovery.Together)), 0, 5);
    }

    [Fact]
    public void A_coordinator_that_is_killed_every_five_seconds_never_has_a_rival_in_the_run_folder()
    {
        using AkkaJob job = AkkaJob.Start(_place, "leaders", NodeCount, Until);
        int killCount = 0;
        for (Stopwatch watch = Stopwatch.StartNew(); killCount < 10 && !job.Launch.HasExited; watch.Restart())
        {
            Thread.Sleep(TimeSpan.FromSeconds(5));
            if (job.Nodes.TryGetValue(job.Leading, out int process))
            {
                killCount += AkkaJob.Send(process, "KILL") ? 1 : 0;
            }
        }

        Assert.Equal(0, job.Launch.Wait().Code);
        Assert.Equal(StraightDigests.At(Until), StraightRun.DigestOf(_place["leaders"]));
        output.WriteLine($"{killCount} leading nodes killed; writers: {string.Join(", ", OneWriterAtATime.Writers(_place["leaders"]))}");
        OneWriterAtATime.Check(_place["leaders"]);
        Assert.True(killCount >= 3, $"{killCount}");
    }

    [Fact]
    public void Four_nodes_beside_busy_loops_end_with_the_digest()
    {
        Process[] loops = [.. Enumerable.Range(0, 4).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"]))];
        try
        {
            using AkkaJob job = AkkaJob.Start(_place, "busy", 4, "100");
            ActorMdProcess.Result result = job.Launch.Wait();
            Assert.Equal(0, result.Code);
            output.WriteLine($"{result.Error.Split("starting it again").Length - 1} nodes were removed and started again");
            Assert.Equal(StraightDigests.At("100"), StraightRun.DigestOf(_place["busy"]));
        }
        finally
        {
            Array.ForEach(loops, loop =>
            {
                loop.Kill();
                loop.Dispose();
            });
        }
    }

    /// <summary>A node that was just started when launch was killed, and whose cluster has ended meanwhile.</summary>
    [Fact]
    public void A_launched_node_without_its_launch_and_its_cluster_ends()
    {
        const int Nobody = 2_147_483_646;
        File.WriteAllText(_place["stranded.conf"], "actormd { port = 0, seeds = [\"127.0.0.1:1\"], nodes = 2, lease-folder = \"stranded-lease\" }");
        ActorMdProcess.Result ended = ActorMdProcess.RunUnder(
            ["env", FormattableString.Invariant($"{LaunchWatch.Variable}={Nobody}")], _place.Path,
            "run", "tube.yaml", "--resume", "--quiet", "--out", "stranded", "--runtime", "akka", "--cluster-config", "stranded.conf");
        Assert.Equal(4, ended.Code);
        Assert.Contains("no node of its cluster admits this one", ended.Error, StringComparison.Ordinal);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    private void Report(string title, List<AkkaRecovery> recoveries)
    {
        output.WriteLine(FormattableString.Invariant($"{title} ({recoveries.Count}), seconds: median, 90 %, longest"));
        Line("detection", recovery => recovery.Detection);
        Line("removal", recovery => recovery.Removal);
        Line("election", recovery => recovery.Election);
        Line("lock and checkpoint", recovery => recovery.Reading);
        Line("placement", recovery => recovery.Placement);
        Line("replay", recovery => recovery.Replay);
        Line("together", recovery => recovery.Together);

        void Line(string name, Func<AkkaRecovery, double> part)
        {
            double[] sorted = [.. recoveries.Select(part).Order()];
            if (sorted.Length > 0)
            {
                output.WriteLine(FormattableString.Invariant(
                    $"  {name,-20} {sorted[sorted.Length / 2],7:F2} {sorted[sorted.Length * 9 / 10],7:F2} {sorted[^1],7:F2}"));
            }
        }
    }
}
