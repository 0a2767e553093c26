using System.Diagnostics;
using System.Globalization;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>Real jobs of several ranks, compared with a run in one process.</summary>
public abstract class MpiJobTests(ShortStraightRun straight) : IClassFixture<ShortStraightRun>, IDisposable
{
    private const string BriefUntil = "6";

    private readonly Workplace _place = new();

    /// <summary>A run that need not last until something has happened to it.</summary>
    internal static string[] Brief { get; } = ["run", "tube.yaml", "--until", BriefUntil, "--set", "run.checkpoint=2", "--quiet"];

    internal static string[] Run => ShortStraightRun.Arguments;

    internal Workplace Place => _place;

    protected string StraightDigest => straight.Digest;

    public void Dispose()
    {
        _place.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static int Call(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    protected static void SendTo(int process, string signal) =>
        Assert.Equal(0, Call("kill", "-s", signal, process.ToString(CultureInfo.InvariantCulture)));

    private protected static void WaitFor(ActorMdProcess launch, Func<bool> condition, bool mayEnd = false)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.False(launch.HasExited && !mayEnd, "the run ended too early");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(120), "what was waited for did not happen");
            Thread.Sleep(5);
        }
    }

    private protected void KillAt(ActorMdProcess launch, string folder, long checkpoint, Func<IReadOnlyDictionary<int, int>, int> choose)
    {
        WaitFor(launch, () => NewestCheckpoint(folder) >= checkpoint && JobProcesses.RanksOf(launch.Id).Count == 3);
        string log = folder + "/launch.jsonl";
        int before = CountOf(log, "Attempt {Attempt}");
        SendTo(choose(JobProcesses.RanksOf(launch.Id)), "KILL");
        // The job that dies must not be taken for the next one.
        WaitFor(launch, () => CountOf(log, "Attempt {Attempt}") > before, mayEnd: true);
    }

    protected long NewestCheckpoint(string folder) => Directory.Exists(_place[folder + "/checkpoints"])
        ? Directory.GetFiles(_place[folder + "/checkpoints"], "*.state")
            .Select(file => long.Parse(Path.GetFileNameWithoutExtension(file)["checkpoint-".Length..], CultureInfo.InvariantCulture))
            .DefaultIfEmpty(-1).Max()
        : -1;

    protected int CountOf(string file, string text)
    {
        if (!File.Exists(_place[file]))
        {
            return 0;
        }

        using StreamReader reader = new(
            new FileStream(_place[file], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split(text).Length - 1;
    }

    protected void AssertRight(string folder)
    {
        Assert.Equal(straight.Digest, StraightRun.DigestOf(_place[folder]));
        Assert.Equal(straight.Thermo, File.ReadAllText(_place[Path.Combine(folder, "thermo.csv")]));
        _place.AssertSound(folder);
    }

    private protected void AssertBrief(string folder)
    {
        Assert.Equal(StraightDigests.At(BriefUntil), StraightRun.DigestOf(_place[folder]));
        _place.AssertSound(folder);
    }
}
