namespace ActorMD.Cli.Tests;

/// <summary>verify holds every file of every kind of folder to what was written.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Every_file_of_a_run() =>
        AssertAllChangesAreFound("run", "small.yaml", "--set", "output={ trajectory: { every: 0.1 }, events: {} }");

    [Fact]
    public void Every_file_of_a_stopped_run()
    {
        using (
            ActorMdProcess process = ActorMdProcess.Start(_place.Path, "run", "small.yaml", "--until", "1e5", "--quiet", "--out", "done"))
        {
            SpinWait.SpinUntil(() => File.Exists(_place["done/checkpoints/checkpoint-00000002.state"]), TimeSpan.FromSeconds(60));
            process.Send("TERM");
            Assert.Equal(130, process.Wait().Code);
        }

        AssertAllChangesAreFound();
    }

    [Fact]
    public void Every_file_of_an_ensemble() => AssertAllChangesAreFound("ensemble", "small.yaml", "--replicas", "4");

    [Fact]
    public void Every_file_of_a_kinetic_solution() =>
        AssertAllChangesAreFound("boltzmann", "small.yaml", "--particles", "2000", "--cells", "2x2x2");

    [Fact]
    public void Every_file_of_a_study()
    {
        File.WriteAllText(
            _place["small.yaml"], File.ReadAllText(_place["small.yaml"]).Replace("lattice", "conditioned", StringComparison.Ordinal));
        File.WriteAllText(
            _place["study.yaml"],
            "name: s\ncase: small.yaml\nladder: [50, 100]\ntimes: [0.1]\nbins: { count: 4 }\nreplicas: { min: 6, max: 6 }\nreference: { "
                + "runs: 2, particles: 2000 }\n");
        AssertAllChangesAreFound("converge", "study.yaml", "--force");
    }

    [Fact]
    public void A_log_may_grow_and_nothing_else_may()
    {
        Assert.Equal(0, _place.Run("run", "small.yaml", "--quiet", "--out", "done").Code);
        File.AppendAllText(_place["done/log.jsonl"], "{}\n");
        Assert.Equal(0, _place.Run("verify", "done").Code);
        File.AppendAllText(_place["done/case.yaml"], "# more\n");
        Assert.Contains("case.yaml(", _place.Run("verify", "done").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_run_without_its_manifest_is_not_sound()
    {
        Assert.Equal(0, _place.Run("run", "small.yaml", "--quiet", "--out", "done").Code);
        File.Delete(_place["done/manifest.json"]);
        ActorMdProcess.Result result = _place.Run("verify", "done");
        Assert.Equal(3, result.Code);
        Assert.Contains("manifest is missing", result.Error, StringComparison.Ordinal);
    }

    // One digit, or bit, in the middle of each.
    private void AssertAllChangesAreFound(params string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Assert.Contains(_place.Run([.. arguments, "--out", "done"]).Code, (int[])[0, 3]);
        }

        string[] files = Directory.GetFiles(_place["done"], "*", SearchOption.AllDirectories);
        Assert.True(files.Length > 5);
        Assert.All(files, path =>
        {
            byte[] before = File.ReadAllBytes(path);
            byte[] after = (byte[])before.Clone();
            int at = Array.FindIndex(before, before.Length / 2, b => b is >= (byte)'0' and <= (byte)'8');
            at = at < 0 ? before.Length / 2 : at;
            after[at]++;
            File.WriteAllBytes(path, after);
            string problems = string.Join('\n', _place.Verify("done").Problems);
            File.WriteAllBytes(path, before);

            string line = FormattableString.Invariant($"({1 + before.AsSpan(0, at).Count((byte)'\n')})");
            bool isText = Path.GetExtension(path) is ".csv" or ".yaml" or ".extxyz" or ".jsonl"
                || path.EndsWith("summary.json", StringComparison.Ordinal);
            Assert.Contains(isText ? path + line : path, problems, StringComparison.Ordinal);
        });
    }
}
