using System.Text.RegularExpressions;
using ActorMD.Files.RunFolders;
using ActorMD.Files.States;
using ActorMD.Runs.Sessions;
using ActorMD.Runs.Verification;

namespace ActorMD.Runs.Tests;

public sealed class RunVerifierTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly RunFolder _folder;

    public RunVerifierTests()
    {
        _folder = RunFolder.Create(_temporary["run"], force: false);
        using RunSession session = RunSession.Start(Cases.Mixture, Cases.Initial(Cases.Mixture), _folder);
        session.Run(new Onlooker(), CancellationToken.None);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_finished_run_is_sound()
    {
        RunVerdict verdict = RunVerifier.Verify(_folder);

        Assert.Empty(verdict.Problems);
        Assert.Equal(9, verdict.Checked.Length);
    }

    [Fact]
    public void A_missing_row_is_found() => AssertFinds(
        () => File.WriteAllLines(_folder.ThermoPath, File.ReadAllLines(_folder.ThermoPath)[..^1]), "10 rows; the case asks for 11");

    [Fact]
    public void A_changed_energy_is_found() => AssertFinds(
        () =>
        {
            string[] lines = File.ReadAllLines(_folder.ThermoPath);
            string[] fields = lines[3].Split(',');
            int energy = Array.IndexOf(lines[0].Split(','), "energy");
            fields[energy] = "1" + fields[energy];
            lines[3] = string.Join(',', fields);
            File.WriteAllLines(_folder.ThermoPath, lines);
        },
        "thermo.csv(4): the energy is 1");

    [Fact]
    public void Another_digest_is_found() => AssertFinds(
        () => Edit(_folder.SummaryPath, "sha256:[0-9a-f]", "sha256:g"), "digest is sha256:g");

    [Fact]
    public void Another_count_of_events_is_found() => AssertFinds(
        () => Edit(_folder.SummaryPath, "\"order2\": ", "\"order2\": 1"), "events.order2 is 1");

    [Fact]
    public void A_missing_summary_is_found() => AssertFinds(() => File.Delete(_folder.SummaryPath), "summary.json");

    [Fact]
    public void A_shorter_trajectory_is_found() => AssertFinds(
        () =>
        {
            using FileStream stream = File.OpenWrite(_folder.TrajectoryPath(TrajectoryFormat.ExtXyz));
            stream.SetLength(stream.Length - 1);
        },
        "trajectory.extxyz has");

    [Fact]
    public void A_damaged_checkpoint_is_found() => AssertFinds(
        () =>
        {
            string newest = Directory.GetFiles(_folder.CheckpointDirectory).Order(StringComparer.Ordinal).Last();
            byte[] bytes = File.ReadAllBytes(newest);
            bytes[bytes.Length / 3] ^= 4;
            File.WriteAllBytes(newest, bytes);
        },
        "the run is not finished");

    [Fact]
    public void Another_case_is_found() => AssertFinds(() => Edit(_folder.CasePath, "seed: 11", "seed: 12"), "another case");

    private void AssertFinds(Action damage, string complaint)
    {
        damage();
        RunVerdict verdict = RunVerifier.Verify(_folder);

        Assert.False(verdict.IsSound);
        Assert.Contains(verdict.Problems, problem => problem.Contains(complaint, StringComparison.Ordinal));
    }

    private static void Edit(string path, string pattern, string replacement)
    {
        string before = File.ReadAllText(path), after = Regex.Replace(before, pattern, replacement);
        Assert.NotEqual(before, after);
        File.WriteAllText(path, after);
    }
}
