using System.Diagnostics;

namespace ActorMD.Cli.Tests;

/// <summary>Whatever a killed process leaves can be resumed, and nothing else is left: kills at the moments when files appear.</summary>
public sealed class KillTests : IClassFixture<KillTests.Undisturbed>, IDisposable
{
    private static readonly string[] Run = [
        "run", "small.yaml", "--until", "20", "--set", "run.checkpoint=2", "--set", "output.trajectory={ every: 1 }", "--quiet"];
    private static readonly string[] Slow = ["run", "slow.yaml", "--quiet"];
    private static readonly string[] Ensemble = ["ensemble", "small.yaml", "--until", "4", "--replicas", "8", "--workers", "2", "--quiet"];
    private static readonly string[] Kinetic = [
        "boltzmann", "small.yaml", "--until", "4", "--particles", "5000", "--runs", "3", "--refine", "--quiet"];

    private const string SlowCase = """
        name: slow
        box: { lengths: 1 }
        species:
          - { name: A, count: 3500, mass: 1, diameter: 0.05 }
        run: { until: 0.05, sample: 0.01 }

        """;

    private readonly Workplace _place = new();
    private readonly Undisturbed _undisturbed;

    public KillTests(Undisturbed undisturbed)
    {
        _undisturbed = undisturbed;
        File.WriteAllText(_place["slow.yaml"], SlowCase);
    }

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("case.yaml")]
    [InlineData("thermo.csv")]
    [InlineData("log.jsonl")]
    [InlineData("checkpoints/checkpoint-00000000.state")]
    [InlineData("checkpoints/checkpoint-00000003.state")]
    [InlineData("manifest.json")]
    public void A_run(string moment) => AssertGoesOn(Run, moment, "thermo.csv", "trajectory.extxyz");

    [Theory]
    [InlineData("case.yaml", 0)]
    [InlineData("case.yaml", 100)]
    [InlineData("case.yaml", 300)]
    public void A_run_that_looks_for_its_initial_state(string moment, int milliseconds) =>
        AssertGoesOn(Slow, moment, milliseconds, "thermo.csv");

    [Theory]
    [InlineData("case.yaml")]
    [InlineData("replicas.csv")]
    [InlineData("checkpoints/ensemble.state")]
    [InlineData("checkpoints/ensemble-before.state")]
    [InlineData("manifest.json")]
    public void An_ensemble(string moment) => AssertGoesOn(Ensemble, moment, "replicas.csv", "thermo_errors.csv");

    [Theory]
    [InlineData("case.yaml")]
    [InlineData("checkpoints/solution.kinetic")]
    [InlineData("thermo_errors.csv")]
    [InlineData("manifest.json")]
    public void A_kinetic_solution(string moment) => AssertGoesOn(Kinetic, moment, "thermo.csv", "thermo_errors.csv");

    [Theory]
    [InlineData("study.yaml")]
    [InlineData("limit.ensemble")]
    [InlineData("convergence.csv")]
    [InlineData("manifest.json")]
    public void A_study(string moment)
    {
        File.WriteAllText(
            _place["study.yaml"],
            "name: s\ncase: small.yaml\nladder: [50, 100]\ntimes: [0.1]\nbins: { count: 4 }\nreplicas: { min: 6, max: 6 }\nreference: { "
                + "runs: 2, particles: 2000 }\n");
        string[] arguments = ["converge", "study.yaml", "--force"];
        File.WriteAllText(
            _place["small.yaml"], File.ReadAllText(_place["small.yaml"]).Replace("lattice", "conditioned", StringComparison.Ordinal));
        KillAt(arguments, moment, 0);
        ActorMdProcess.Result resumed = _place.Run("resume", "killed");
        Assert.Equal("", resumed.Error.Contains("mistake", StringComparison.Ordinal) ? resumed.Error : "");
        Assert.Contains(resumed.Code, (int[])[0, 3]); // what the study finds, not whether it can go on
        _place.AssertSound("killed");
        Assert.Contains("the study is finished", _place.Verify("killed").Checked);
    }

    [Theory]
    [InlineData("boltzmann")]
    [InlineData("ensemble")]
    [InlineData("run")]
    public void Kills_at_any_time(string command)
    {
        string[] arguments = command switch { "run" => Run, "ensemble" => Ensemble, _ => Kinetic };
        Random moments = new(command.Length);
        int kills = 0;
        string[] next = [.. arguments, "--out", "killed"];
        while (kills < 5)
        {
            using ActorMdProcess process = ActorMdProcess.Start(_place.Path, next);
            Thread.Sleep(moments.Next(50, 400));
            process.Send("KILL");
            if (process.Wait().Code == 0)
            {
                break;
            }

            kills++;
            AssertNothingIsLeftBehind();
            next = File.Exists(_place["killed/case.yaml"]) ? ["resume", "killed", "--quiet"] : next;
        }

        Assert.Equal(0, _place.Run(next).Code);
        AssertSame(arguments, []);
    }

    private void AssertGoesOn(string[] arguments, string moment, params string[] files) => AssertGoesOn(arguments, moment, 0, files);

    private void AssertGoesOn(string[] arguments, string moment, int milliseconds, params string[] files)
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

    private void AssertSame(string[] arguments, string[] files)
    {
        string straight = _undisturbed.FolderOf(arguments);
        Assert.Equal(StraightRun.DigestOf(straight), StraightRun.DigestOf(_place["killed"]));
        Assert.All(files, file => Assert.Equal(File.ReadAllText(Path.Combine(straight, file)), File.ReadAllText(_place[$"killed/{file}"])));
        _place.AssertSound("killed");
    }

    private void KillAt(string[] arguments, string moment, int milliseconds)
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

    private void AssertNothingIsLeftBehind()
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
