using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>Jobs whose processes are killed at random moments, again and again.</summary>
[Trait("Tier", "Validation")]
public sealed class RandomKillTests(ITestOutputHelper output) : IDisposable
{
    private const int KillCount = 50;
    private const int KillCountOfRun = 10;
    private const int RankCount = 3;
    private const double PauseSecondsMean = 2.5;

    private static readonly string[] Run = ["run", "tube.yaml", "--until", "400", "--set", "run.checkpoint=1", "--quiet"];

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [MpiFact]
    public void After_fifty_random_kills_every_run_ends_with_the_right_digest()
    {
        Assert.Equal(0, _place.Run([.. Run, "--out", "straight"]).Code);
        List<Recovery> recoveries = [];
        int launcherCount = 0, killCount = 0, runCount = 0;
        while (killCount < KillCount)
        {
            int seed = ++runCount;
            Assert.True(runCount <= KillCount, "the runs end before they can be killed: make them longer");
            string folder = $"run{seed}";
            Random random = new(seed);
            using ActorMdProcess launch = ActorMdProcess.Start(
                _place.Path, ["launch", "-n", $"{RankCount}", "--retries", "1000", "--", .. Run, "--out", folder]);
            List<DateTime> kills = [];
            while (kills.Count < KillCountOfRun)
            {
                // From the start of the job on, so that some hit it before it has resumed.
                Thread.Sleep(TimeSpan.FromSeconds(-PauseSecondsMean * Math.Log(1 - random.NextDouble())));
                if (WaitForRanks(launch) is not { } ranks)
                {
                    break; // the run was quicker
                }

                int launcher = JobProcesses.LauncherOf(launch.Id);
                int victim = random.Next(8) == 0 ? launcher : ranks[random.Next(RankCount)];
                launcherCount += victim == launcher ? 1 : 0;
                DateTime now = DateTime.UtcNow;
                if (Kill(victim))
                {
                    kills.Add(now);
                    WaitForNext(launch, launcher);
                }
            }

            ActorMdProcess.Result result = launch.Wait();
            Assert.True(result.Code == 0, $"run {seed}: {result.Error}");
            Assert.Equal(StraightRun.DigestOf(_place["straight"]), StraightRun.DigestOf(_place[folder]));
            Assert.Equal(File.ReadAllText(_place["straight/thermo.csv"]), File.ReadAllText(_place[Path.Combine(folder, "thermo.csv")]));
            killCount += kills.Count;
            List<LoggedEvent> logs = LoggedEvent.ReadAll(_place[folder]);
            recoveries.AddRange(kills.Select(kill => Recovery.Of(kill, logs)).OfType<Recovery>());
        }

        output.WriteLine(Invariant($"{killCount} kills in {runCount} runs, {launcherCount} of them of mpirun; {recoveries.Count} recoveries that were not cut short by another kill"));
        output.WriteLine("seconds                 median    90 %     max");
        Report("detection", recoveries.Select(r => r.Detection));
        Report("relaunch to resumed", recoveries.Select(r => r.Relaunch));
        Report("replay", recoveries.Select(r => r.Replay));
        Report("together", recoveries.Select(r => r.Detection + r.Relaunch + r.Replay));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Report(string title, IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        output.WriteLine(Invariant(
            $"{title,-22} {sorted[sorted.Length / 2],7:F2} {sorted[sorted.Length * 9 / 10],7:F2} {sorted[^1],7:F2}"));
    }

    private static IReadOnlyDictionary<int, int>? WaitForRanks(ActorMdProcess launch)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            IReadOnlyDictionary<int, int> ranks = JobProcesses.RanksOf(launch.Id);
            if (ranks.Count == RankCount)
            {
                return ranks;
            }

            if (launch.HasExited)
            {
                return null;
            }

            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), "the ranks did not come");
            Thread.Sleep(5);
        }
    }

    private static bool Kill(int process)
    {
        using Process kill = Process.Start(new ProcessStartInfo("kill", ["-9", process.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
        })!;
        kill.WaitForExit();
        return kill.ExitCode == 0;
    }

    // Until mpirun is another one, or the launch has ended.
    private static void WaitForNext(ActorMdProcess launch, int launcher)
    {
        while (!launch.HasExited && (JobProcesses.LauncherOf(launch.Id) is var next && (next == 0 || next == launcher)))
        {
            Thread.Sleep(2);
        }
    }

    /// <summary>How long it took until a run was again where it had been, in seconds.</summary>
    /// <param name="Detection">From the kill to the end of the job.</param>
    /// <param name="Relaunch">From there until the checkpoint was read.</param>
    /// <param name="Replay">From there until the last sample before the kill came again.</param>
    private sealed record Recovery(double Detection, double Relaunch, double Replay)
    {
        /// <summary>Null where another kill came before the run was back.</summary>
        public static Recovery? Of(DateTime kill, List<LoggedEvent> events)
        {
            double before = events.Where(e => e.At <= kill && e.Says("Sampled"))
                .Select(e => e.Time).DefaultIfEmpty(0).Last();
            LoggedEvent? ended = events.Find(e => e.At > kill && e.Says("Attempt"));
            LoggedEvent? begun = ended is null ? null : events.Find(e => e.At > ended.At
                && (e.Says("Resumed") || e.Says("Started")));
            LoggedEvent? back = begun is null ? null : events.Find(e => e.At >= begun.At && e.Time >= before);
            bool isCut = back is null || events.Any(e =>
                e.At > ended!.At && e.At < back.At && e.Says("Attempt"));
            return isCut
                ? null
                : new Recovery((ended!.At - kill).TotalSeconds, (begun!.At - ended.At).TotalSeconds, (back!.At - begun.At).TotalSeconds);
        }
    }
}
