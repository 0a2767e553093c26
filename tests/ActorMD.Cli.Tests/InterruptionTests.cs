using System.Diagnostics;

namespace ActorMD.Cli.Tests;

/// <summary>Real processes that are stopped by real signals.</summary>
public sealed class InterruptionTests(StraightRun straight) : IClassFixture<StraightRun>, IDisposable
{
    private static readonly string[] LongRun = StraightRun.Arguments;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")] // a closed terminal
    public void A_signal_leaves_a_checkpoint_from_which_the_run_goes_on_to_the_same_digest(string signal)
    {
        using ActorMdProcess process = ActorMdProcess.Start(_place.Path, [.. LongRun, "--out", "stopped"]);
        WaitForRows(process, "stopped", count: 100);
        process.Send(signal);
        ActorMdProcess.Result stopped = process.Wait();

        Assert.Equal(130, stopped.Code);
        Assert.StartsWith("Interrupted at time ", stopped.Error, StringComparison.Ordinal);
        Assert.Contains("actormd resume", stopped.Error, StringComparison.Ordinal);
        Assert.Equal("", stopped.Output);
        Assert.False(File.Exists(_place["stopped/summary.json"]));
        _place.AssertUnsound("stopped");

        AssertResumes("stopped");
    }

    [Fact]
    public void A_killed_run_goes_on_from_its_last_checkpoint_to_the_same_digest()
    {
        using ActorMdProcess process = ActorMdProcess.Start(_place.Path, [.. LongRun, "--out", "killed"]);
        WaitForRows(process, "killed", count: 300);
        process.Send("KILL");
        Assert.Equal(128 + 9, process.Wait().Code);

        AssertResumes("killed");
    }

    [Fact]
    public void A_kinetic_solution_that_was_stopped_goes_on_to_the_same_digest()
    {
        string[] arguments = [
            "boltzmann", "small.yaml", "--until", "15", "--particles", "20000", "--runs", "2", "--workers", "1", "--quiet"];
        using ActorMdProcess process = ActorMdProcess.Start(_place.Path, [.. arguments, "--out", "stopped"]);
        WaitForRows(process, "stopped", count: 20);
        process.Send("TERM");
        ActorMdProcess.Result stopped = process.Wait();
        Assert.Equal(130, stopped.Code);
        Assert.Contains("actormd resume", stopped.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_place["stopped/summary.json"]));

        Assert.Equal(0, _place.Run("resume", "stopped", "--quiet").Code);
        Assert.Equal(0, _place.Run([.. arguments, "--out", "whole"]).Code);
        Assert.Equal(StraightRun.DigestOf(_place["whole"]), StraightRun.DigestOf(_place["stopped"]));
        Assert.Equal(File.ReadAllText(_place["whole/thermo.csv"]), File.ReadAllText(_place["stopped/thermo.csv"]));
        _place.AssertSound("stopped");
    }

    [Fact]
    public void Two_processes_cannot_write_the_same_run()
    {
        string[] endless = ["run", "small.yaml", "--until", "1e6", "--set", "run.checkpoint=20", "--quiet", "--out", "shared"];
        using ActorMdProcess first = ActorMdProcess.Start(_place.Path, endless);
        WaitForRows(first, "shared", count: 50);
        Assert.All(
            (string[][])
            [
                ["resume", "shared"],
                [.. endless, "--force"],
                ["run", "small.yaml", "--set", "run.checkpoint=20", "--out", "shared", "--resume", "--until", "2e6"],
            ],
            arguments =>
            {
                ActorMdProcess.Result second = _place.Run(arguments);
                Assert.Equal(2, second.Code);
                Assert.StartsWith("Another process is running this run.", second.Error, StringComparison.Ordinal);
            });
        first.Send("INT");
        Assert.Equal(130, first.Wait().Code);
        _place.AssertUnsound("shared"); // sound, but not at its end
    }

    private void AssertResumes(string folder)
    {
        ActorMdProcess.Result resumed = _place.Run("resume", folder, "--json");
        Assert.Equal(0, resumed.Code);
        Assert.StartsWith("Resumed ", resumed.Error, StringComparison.Ordinal);
        Assert.Matches("expected cost of what is left.* MB of memory", resumed.Error);
        Assert.Equal(straight.Digest, StraightRun.DigestOf(_place[folder]));
        Assert.Equal(straight.Thermo, File.ReadAllText(_place[Path.Combine(folder, "thermo.csv")]));
        _place.AssertSound(folder);
    }

    private void WaitForRows(ActorMdProcess process, string folder, int count)
    {
        string thermo = _place[Path.Combine(folder, "thermo.csv")];
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            Assert.False(process.HasExited, "the run ended before it could be interrupted");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(150), "no rows appeared");
            if (File.Exists(thermo) && CountLines(thermo) > count)
            {
                return;
            }

            Thread.Sleep(10);
        }
    }

    private static int CountLines(string path)
    {
        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Count(c => c == '\n');
    }
}
