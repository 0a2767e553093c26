using System.Diagnostics;

namespace ActorMD.Cli.Tests;

/// <summary>Kills at the moments when files appear: whatever is left can be resumed, and nothing else is left.</summary>
public abstract class Killing : IClassFixture<Killing.Undisturbed>, IDisposable
{
    protected static readonly string[] Run = [
        "run", "small.yaml", "--until", "20", "--set", "run.checkpoint=2", "--set", "output.trajectory={ every: 1 }", "--quiet"];
    protected static readonly string[] Slow = ["run", "slow.yaml", "--quiet"];
    protected static readonly string[] Ensemble = [
        "ensemble", "small.yaml", "--until", "4", "--replicas", "8", "--workers", "2", "--quiet"];
    protected static readonly string[] Kinetic = [
        "boltzmann", "small.yaml", "--until", "4", "--particles", "5000", "--runs", "3", "--refine", "--quiet"];

    private const string SlowCase = """
        name: slow
        box: { lengths: 1 }
        species:
          - { name: A, count: 3500, mass: 1, diameter: 0.05 }
        run: { until: 0.05, sample: 0.01 }

        """;

    private protected readonly Workplace _place = new();
    private readonly Undisturbed _undisturbed;

    protected Killing(Undisturbed undisturbed)
    {
        _undisturbed = undisturbed;
        File.WriteAllText(_place["slow.yaml"], SlowCase);
    }

    public void Dispose()
    {
        _place.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void AssertGoesOn(string[] arguments, string moment, params string[] files) =>
        AssertGoesOn(arguments, moment, 0, files);

    private protected void AssertGoesOn(string[] arguments, string moment, int milliseconds, params string[] files)
    {
        KillAt(arguments, moment, milliseconds);
        AssertNothingIsLeftBehind();
        ActorMdProcess.Result resumed = _place.Run("resume", "killed", "--quiet");
        Assert.DoesNotContain("checkpoint", resumed.Error, StringComparison.Ordinal); // nothing was damaged
        Assert.Equal(0, resumed.Code);
        AssertSame(arguments, files);

        // The other way of going on, with and without a checkpoint.
        if (arguments[0] == "run" && milliseconds == 0 && moment is "case.yaml" or "checkpoints/checkpoint-00000003.state")
        {
            Directory.Delete(_place["killed"], recursive: true);
            KillAt(arguments, moment, milliseconds);
            Assert.Equal(0, _place.Run([.. arguments, "--out", "killed", "--resume"]).Code);
            AssertSame(arguments, files);
        }
    }

    private protected void AssertSame(string[] arguments, string[] files)
    {
        string straight = _undisturbed.FolderOf(arguments);
        Assert.Equal(StraightRun.DigestOf(straight), StraightRun.DigestOf(_place["killed"]));
        Assert.All(files, file => Assert.Equal(File.ReadAllText(Path.Combine(straight, file)), File.ReadAllText(_place[$"killed/{file}"])));
        _place.AssertSound("killed");
    }

    private protected void KillAt(string[] arguments, string moment, int milliseconds)
    {
        using ActorMdProcess process = ActorMdProcess.Start(_place.Path, [.. arguments, "--out", "killed"]);
        Stopwatch watch = Stopwatch.StartNew();
        string path = _place[Path.Combine("killed", moment)];
        while (!File.Exists(path))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{moment} did not appear");
            Assert.False(process.HasExited && !File.Exists(path), $"ended without {moment}");
            Thread.Sleep(1); // the process needs the core more
        }

        Thread.Sleep(milliseconds);
        process.Send("KILL");
        process.Wait();
    }

    private protected void AssertNothingIsLeftBehind()
    {
        string folder = _place["killed"];
        if (Directory.Exists(folder))
        {
            Assert.DoesNotContain(
                Directory.GetFiles(folder, "*", SearchOption.AllDirectories),
                path => path.EndsWith(".tmp", StringComparison.Ordinal) || path.Contains("lock", StringComparison.Ordinal));
        }
    }

    /// <summary>The same commands without a kill, each run once.</summary>
    public sealed class Undisturbed : IDisposable
    {
        private readonly Workplace _place = new();

        public Undisturbed() => File.WriteAllText(_place["slow.yaml"], SlowCase);

        public void Dispose() => _place.Dispose();

        /// <summary>Where a command has put its results.</summary>
        internal string FolderOf(string[] arguments)
        {
            string name = arguments[0] + "-" + arguments[1];
            if (!Directory.Exists(_place[name]))
            {
                Assert.Equal(0, _place.Run([.. arguments, "--out", name]).Code);
            }

            return _place[name];
        }
    }
}
