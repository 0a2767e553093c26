namespace ActorMD.Cli.Tests.Faults;

/// <summary>
/// What a run asks of the file system, one after the other: the process is killed there, or the disk is full, read-only or broken from
/// there on. What is left can always be resumed to the same bits. The default tests take the step in the middle, the validation tier all.
/// </summary>
public sealed class EveryStepTests : IDisposable
{
    private const int FewSteps = 1;

    private static readonly string[] Run =
        ["run", "small.yaml", "--until", "0.5", "--set", "run.checkpoint=0.2", "--set", "output.trajectory={ every: 0.25 }", "--quiet"];

    private static readonly string[] Files = ["thermo.csv", "trajectory.extxyz"];

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [ShimTheory]
    [InlineData("fsync")]
    [InlineData("linkat")]
    public void A_run_that_is_killed_at_some_steps_is_resumed_to_the_same_bits(string call) => KillAt(call, FewSteps);

    [ShimTheory, Trait("Tier", "Validation")]
    [InlineData("mkdir")]
    [InlineData("pwrite64")]
    [InlineData("fsync")]
    [InlineData("linkat")]
    [InlineData("rename")]
    [InlineData("unlink")]
    [InlineData("ftruncate")]
    public void A_run_that_is_killed_at_any_step_is_resumed_to_the_same_bits(string call) => KillAt(call, int.MaxValue);

    [ShimTheory]
    [InlineData("fsync", "EIO")]
    public void A_disk_that_fails_from_some_steps_on_ends_a_run_with_a_sentence_and_loses_nothing(string call, string error) =>
        FailFrom(call, error, FewSteps);

    [ShimTheory, Trait("Tier", "Validation")]
    [InlineData("pwrite64", "ENOSPC")]
    [InlineData("pwrite64", "EIO")]
    [InlineData("fsync", "EIO")]
    [InlineData("linkat", "EROFS")]
    [InlineData("rename", "EROFS")]
    [InlineData("mkdir", "EROFS")]
    [InlineData("unlink", "EROFS")]
    public void A_disk_that_fails_from_any_step_on_ends_a_run_with_a_sentence_and_loses_nothing(string call, string error) =>
        FailFrom(call, error, int.MaxValue);

    private void KillAt(string call, int stepCountMax)
    {
        Shim shim = new(_place.Path);
        int count = shim.Count(call, [.. Run, "--out", "whole"]);
        Assert.True(count > 0, $"a run does not ask for {call}");
        foreach (int number in Steps(count, stepCountMax))
        {
            Assert.Equal(128 + 9, shim.KillAt(call, number, [.. Run, "--out", "killed"]).Code);
            AssertGoesOn("killed", $"{call} {number} of {count}");
        }
    }

    private void FailFrom(string call, string error, int stepCountMax)
    {
        Shim shim = new(_place.Path);
        int count = shim.Count(call, [.. Run, "--out", "whole"]), refused = 0;
        foreach (int number in Steps(count, stepCountMax))
        {
            ActorMdProcess.Result failed = shim.FailFrom(call, error, number, [.. Run, "--out", "failed"]);
            string step = $"{call} {number} of {count}: {failed.Error}";
            Assert.DoesNotContain("mistake", failed.Error, StringComparison.Ordinal);
            Assert.True(failed.Code is 0 or 2 or 4, $"{step}: exit code {failed.Code}");
            Assert.True((failed.Code == 0) == (failed.Error.Length == 0), step);
            refused += failed.Code == 0 ? 0 : 1;
            AssertGoesOn("failed", step);
        }

        // A file that gets no name by linkat is written beside its place: nothing is lost.
        Assert.True(call == "linkat" || refused > 0, $"no {error} of {count} at {call} was noticed");
    }

    private static IEnumerable<int> Steps(int count, int max) => count <= max
        ? Enumerable.Range(1, count)
        : Enumerable.Range(0, max).Select(k => 1 + (int)((2L * k + 1) * count / (2 * max)));

    private void AssertGoesOn(string folder, string step)
    {
        string[] next = File.Exists(_place[$"{folder}/case.yaml"]) ? ["resume", folder, "--quiet"] : [.. Run, "--out", folder];
        ActorMdProcess.Result resumed = _place.Run(next);
        Assert.True(resumed.Code == 0, $"{step}: {resumed.Error}");
        Assert.True(StraightRun.DigestOf(_place["whole"]) == StraightRun.DigestOf(_place[folder]), $"{step}: another digest");
        Assert.All(Files, file => Assert.Equal(File.ReadAllText(_place[$"whole/{file}"]), File.ReadAllText(_place[$"{folder}/{file}"])));
        _place.AssertSound(folder);
        Directory.Delete(_place[folder], recursive: true);
    }
}
