namespace ActorMD.Cli.Tests.Launch;

/// <summary>Real jobs of several ranks that are killed, paused and damaged.</summary>
public sealed class LaunchFaultTests(ShortStraightRun straight) : MpiJobTests(straight)
{
    [MpiFact]
    public void Four_killed_ranks_and_a_killed_mpirun_do_not_change_the_digest()
    {
        using ActorMdProcess launch = ActorMdProcess.Start(Place.Path, ["launch", "-n", "3", "--", .. Run, "--out", "killed"]);
        KillAt(launch, "killed", checkpoint: 2, ranks => ranks[1]);
        KillAt(launch, "killed", checkpoint: 5, ranks => ranks[0]);
        KillAt(launch, "killed", checkpoint: 8, _ => JobProcesses.LauncherOf(launch.Id));
        KillAt(launch, "killed", checkpoint: 10, ranks => ranks[2]);
        KillAt(launch, "killed", checkpoint: 12, ranks => ranks[0]);
        ActorMdProcess.Result result = launch.Wait();

        Assert.Equal(0, result.Code);
        Assert.Equal(5, result.Error.Split("relaunching from the newest checkpoint").Length - 1);
        AssertRight("killed");
        Assert.Contains("Relaunching", File.ReadAllText(Place["killed/launch.jsonl"]), StringComparison.Ordinal);
    }

    [MpiFact]
    public void A_job_that_dies_before_its_first_checkpoint_begins_again()
    {
        using ActorMdProcess launch = ActorMdProcess.Start(Place.Path, ["launch", "-n", "2", "--", .. Run, "--out", "early"]);
        WaitFor(launch, () => JobProcesses.RanksOf(launch.Id).Count == 2);
        SendTo(JobProcesses.RanksOf(launch.Id)[1], "KILL");
        ActorMdProcess.Result result = launch.Wait();

        Assert.Equal(0, result.Code);
        Assert.Contains("The job failed with code 137; relaunching from the ", result.Error, StringComparison.Ordinal);
        AssertRight("early");
    }

    [MpiFact]
    public void A_job_that_gets_nowhere_is_given_up_and_can_be_resumed()
    {
        using ActorMdProcess launch = ActorMdProcess.Start(
            Place.Path, ["launch", "-n", "2", "--retries", "1", "--", .. Run, "--set", "run.checkpoint=1e9", "--out", "given-up"]);
        for (int k = 0; k < 2; k++)
        {
            int before = k;
            WaitFor(
                launch, () => CountOf("given-up/log.jsonl", "Sampled at") > 3 * (before + 1) && JobProcesses.RanksOf(launch.Id).Count == 2);
            SendTo(JobProcesses.RanksOf(launch.Id)[1], "KILL");
            WaitFor(launch, () => CountOf("given-up/launch.jsonl", "Attempt {Attempt}") > before, mayEnd: true);
        }

        ActorMdProcess.Result result = launch.Wait();
        Assert.Equal(4, result.Code);
        Assert.Contains(
            "The job failed 2 times in a row without a new checkpoint, last with code 137.", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, Place.Run("resume", "given-up", "--quiet").Code);
        Assert.Equal(StraightDigest, StraightRun.DigestOf(Place["given-up"]));
    }

    [MpiFact]
    public void Paused_ranks_delay_the_run_and_nothing_else()
    {
        using ActorMdProcess launch = ActorMdProcess.Start(Place.Path, ["launch", "-n", "3", "--", .. Run, "--out", "paused"]);
        WaitFor(launch, () => CountOf("paused/log.jsonl", "Sampled at") > 10);
        IReadOnlyDictionary<int, int> ranks = JobProcesses.RanksOf(launch.Id);
        foreach (int rank in (int[])[2, 0, 1])
        {
            SendTo(ranks[rank], "STOP");
            Thread.Sleep(300);
            SendTo(ranks[rank], "CONT");
        }

        ActorMdProcess.Result result = launch.Wait();
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.Code);
        AssertRight("paused");
    }

    [MpiTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_or_lost_checkpoint_is_passed_over(bool isDamaged)
    {
        using (ActorMdProcess launch = ActorMdProcess.Start(Place.Path, ["launch", "-n", "2", "--", .. Run, "--out", "damaged"]))
        {
            WaitFor(launch, () => NewestCheckpoint("damaged") >= 3);
            launch.Send("INT");
            Assert.Equal(130, launch.Wait().Code);
        }

        string newest = Directory.GetFiles(Place["damaged/checkpoints"], "*.state").Max(StringComparer.Ordinal)!;
        if (isDamaged)
        {
            byte[] bytes = File.ReadAllBytes(newest);
            bytes[bytes.Length / 2] ^= 4;
            File.WriteAllBytes(newest, bytes);
        }
        else
        {
            File.Delete(newest);
        }

        ActorMdProcess.Result result = Place.Run("launch", "-n", "2", "--", "resume", "damaged");
        Assert.Equal(0, result.Code);
        Assert.Equal(
            isDamaged, result.Error.Contains("the checkpoint before it is used", StringComparison.Ordinal));
        AssertRight("damaged");
    }
}
