using System.Text.Json;

namespace ActorMD.Cli.Tests;

public sealed class RunCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_run_writes_its_folder_and_says_what_it_did()
    {
        ActorMdProcess.Result result = _place.Run("run", "small.yaml");

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.Code);
        string[] files = [
            .. Directory.GetFileSystemEntries(_place["runs/small"]).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["case.yaml", "checkpoints", "log.jsonl", "manifest.json", "summary.json", "thermo.csv"], files);
        Assert.Contains("mean free path", result.Output, StringComparison.Ordinal);
        Assert.Contains(Summary("runs/small").GetProperty("digest").GetString()!, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_on_standard_output_is_the_summary_and_nothing_else()
    {
        ActorMdProcess.Result result = _place.Run("run", "small.yaml", "--json");

        Assert.Equal(0, result.Code);
        Assert.Equal(File.ReadAllText(_place["runs/small/summary.json"]), result.Output);
        Assert.Equal("small", JsonDocument.Parse(result.Output).RootElement.GetProperty("name").GetString());
        Assert.Contains("mean free path", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_prints_nothing()
    {
        Assert.Equal(new ActorMdProcess.Result(0, "", ""), _place.Run("run", "small.yaml", "--quiet"));
        ActorMdProcess.Result json = _place.Run("run", "small.yaml", "--quiet", "--json", "--force");
        Assert.Equal("", json.Error);
        Assert.Equal("small", JsonDocument.Parse(json.Output).RootElement.GetProperty("name").GetString());
    }

    [Fact]
    public void A_resolved_case_runs_again_to_the_same_digest()
    {
        _place.Run("run", "small.yaml", "--seed", "9", "--set", "species.A.count=120", "--quiet");
        ActorMdProcess.Result again = _place.Run("run", "runs/small/case.yaml", "--out", "again", "--quiet");

        Assert.Equal(0, again.Code);
        Assert.Equal(170, Summary("again").GetProperty("particles").GetInt32());
        Assert.Equal(Digest("runs/small"), Digest("again"));
    }

    [Fact]
    public void A_run_is_not_overwritten_without_force()
    {
        _place.Run("run", "small.yaml", "--quiet");
        string before = File.ReadAllText(_place["runs/small/summary.json"]);
        ActorMdProcess.Result refused = _place.Run("run", "small.yaml", "--seed", "6");

        Assert.Equal(2, refused.Code);
        Assert.StartsWith("The folder already holds a run.", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_place["runs/small/summary.json"]));

        Assert.Equal(0, _place.Run("run", "small.yaml", "--seed", "6", "--force", "--quiet").Code);
        Assert.NotEqual(before, File.ReadAllText(_place["runs/small/summary.json"]));
    }

    [Theory]
    [InlineData("there is no option '--bogus'", "run", "--bogus")]
    [InlineData("'actormd run' needs a case file", "run")]
    [InlineData("no-such.yaml", "run", "no-such.yaml")]
    [InlineData("there is no runtime 'fast'", "run", "small.yaml", "--runtime", "fast")]
    [InlineData("has room for", "run", "small.yaml", "--domains", "5000x1x1")]
    [InlineData("no split of the box", "run", "small.yaml", "--domains", "2y2")]
    [InlineData("no number of threads", "run", "small.yaml", "--workers", "0")]
    [InlineData("run.until", "run", "small.yaml", "--until", "-1")]
    [InlineData("seed", "run", "small.yaml", "--seed", "1.5")]
    [InlineData("species.C", "run", "small.yaml", "--set", "species.C.count=5")]
    [InlineData("--set species.A.count", "run", "small.yaml", "--set", "species.A.count")]
    [InlineData("species.A.mass", "run", "small.yaml", "--set", "species.A.mass=-1")]
    [InlineData("no lattice fits", "run", "small.yaml", "--set", "species.A.diameter=0.2")]
    [InlineData("inside the zone of order 3", "run", "small.yaml", "--set", "zones=[{order: 3, distance: 0.5}]", "--quiet")]
    public void Wrong_input_exits_2_and_writes_nothing(string message, params string[] arguments)
    {
        ActorMdProcess.Result result = _place.Run(arguments);

        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", result.Output);
        Assert.Equal(["small.yaml"], _place.Entries);
    }

    [Fact]
    public void The_options_that_only_say_how_to_compute_do_not_change_the_result()
    {
        _place.Run("run", "small.yaml", "--out", "a", "--quiet");
        Assert.Equal(
            0, _place.Run("run", "small.yaml", "--out", "b", "--quiet", "--workers", "2", "--domains", "2x1x2", "--runtime", "local").Code);

        Assert.Equal(Digest("a"), Digest("b"));
        Assert.Equal(File.ReadAllText(_place["a/thermo.csv"]), File.ReadAllText(_place["b/thermo.csv"]));
    }

    [Fact]
    public void Run_with_resume_starts_goes_on_and_moves_the_end()
    {
        _place.Run("run", "small.yaml", "--out", "whole", "--quiet");
        Assert.Equal(0, _place.Run("run", "small.yaml", "--out", "part", "--until", "0.3", "--resume", "--quiet").Code);
        Assert.Equal(0.3, Summary("part").GetProperty("time").GetDouble());
        Assert.Equal(0, _place.Run("run", "small.yaml", "--out", "part", "--resume", "--quiet").Code);

        Assert.Equal(Digest("whole"), Digest("part"));
        Assert.Equal(File.ReadAllText(_place["whole/thermo.csv"]), File.ReadAllText(_place["part/thermo.csv"]));
        ActorMdProcess.Result other = _place.Run("run", "small.yaml", "--out", "part", "--resume", "--seed", "6");
        Assert.Equal(2, other.Code);
        Assert.Contains("another case", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_run_is_only_reported_by_resume()
    {
        _place.Run("run", "small.yaml", "--quiet");
        DateTime written = File.GetLastWriteTimeUtc(_place["runs/small/thermo.csv"]);
        ActorMdProcess.Result result = _place.Run("resume", "runs/small", "--json");

        Assert.Equal(0, result.Code);
        Assert.Equal(File.ReadAllText(_place["runs/small/summary.json"]), result.Output);
        Assert.Contains("already finished", result.Error, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_place["runs/small/thermo.csv"]));
    }

    private JsonElement Summary(string folder) =>
        JsonDocument.Parse(File.ReadAllText(_place[Path.Combine(folder, "summary.json")])).RootElement;

    private string Digest(string folder) => StraightRun.DigestOf(_place[folder]);
}
