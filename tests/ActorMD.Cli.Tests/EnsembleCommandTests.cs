using System.Diagnostics;
using System.Text.Json;

namespace ActorMD.Cli.Tests;

public sealed class EnsembleCommandTests : IDisposable
{
    private static readonly string[] LongEnsemble = [
        "ensemble", "small.yaml", "--until", "60", "--replicas", "12", "--quiet", "--workers", "2"];

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Means_have_standard_errors_and_the_folder_is_sound()
    {
        ActorMdProcess.Result result = _place.Run("ensemble", "small.yaml", "--replicas", "5", "--json");
        Assert.Equal(0, result.Code);
        JsonElement summary = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(5, summary.GetProperty("ensemble").GetProperty("replicas").GetInt32());
        Assert.True(summary.GetProperty("ensemble").GetProperty("standard_errors").GetProperty("Z").GetDouble() > 0);
        Assert.Contains(" +- ", result.Error, StringComparison.Ordinal);
        _place.AssertSound("runs/small-ensemble");

        ActorMdProcess.Result more = _place.Run("ensemble", "small.yaml", "--replicas", "6", "--resume");
        Assert.Equal(0, more.Code);
        Assert.Contains("after 5 of 6 replicas", more.Output, StringComparison.Ordinal);
        Assert.Matches("expected cost of what is left.* MB of memory", more.Output);
        _place.AssertSound("runs/small-ensemble");
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("KILL", 128 + 9)]
    public void A_stopped_ensemble_goes_on_to_the_same_digest(string signal, int code)
    {
        Assert.Equal(0, _place.Run([.. LongEnsemble, "--out", "straight"]).Code);
        using (ActorMdProcess process = ActorMdProcess.Start(_place.Path, [.. LongEnsemble, "--out", "stopped"]))
        {
            WaitForReplica(process, "stopped");
            process.Send(signal);
            Assert.Equal(code, process.Wait().Code);
        }

        Assert.False(File.Exists(_place["stopped/summary.json"]));
        _place.AssertUnsound("stopped");
        Assert.Equal(0, _place.Run("resume", "stopped", "--workers", "1").Code);
        Assert.Equal(StraightRun.DigestOf(_place["straight"]), StraightRun.DigestOf(_place["stopped"]));
        Assert.Equal(File.ReadAllText(_place["straight/replicas.csv"]), File.ReadAllText(_place["stopped/replicas.csv"]));
        _place.AssertSound("stopped");
        Assert.Contains("already finished", _place.Run("resume", "stopped").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("many")]
    public void An_impossible_number_of_replicas_is_refused(string replicas)
    {
        ActorMdProcess.Result result = _place.Run("ensemble", "small.yaml", "--replicas", replicas);
        Assert.Equal(2, result.Code);
        Assert.Equal(["small.yaml"], _place.Entries);
    }

    [Fact]
    public void Replicas_that_would_all_be_alike_are_refused()
    {
        Assert.Equal(0, _place.Run("sample", "small.yaml", "--out", "start.extxyz").Code);
        ActorMdProcess.Result result = _place.Run(
            "ensemble", "small.yaml", "--replicas", "3", "--set", "initial.positions={ method: file, file: start.extxyz }", "--set",
            "initial.velocities=file");
        Assert.Equal(2, result.Code);
        Assert.Contains("the same run", result.Error, StringComparison.Ordinal);
    }

    private void WaitForReplica(ActorMdProcess process, string folder)
    {
        string log = _place[Path.Combine(folder, "log.jsonl")];
        Stopwatch watch = Stopwatch.StartNew();
        while (!File.Exists(log) || !Text(log).Contains("ended with digest", StringComparison.Ordinal))
        {
            Assert.False(process.HasExited, "the ensemble ended before it could be interrupted");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(150), "no replica ended");
            Thread.Sleep(10);
        }
    }

    private static string Text(string path)
    {
        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
