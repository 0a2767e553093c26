using System.Diagnostics;
using System.Globalization;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>
/// Signals to any process of a run: SIGINT and SIGTERM save and stop it, SIGUSR1 saves and lets it go on. No checkpoint is due but the one
/// of the beginning, so each one that comes was asked for.
/// </summary>
public sealed class SignalTests : IDisposable
{
    private const string Until = "600";
    private const string NoCheckpoints = "run.checkpoint=1e9";
    private const int Interrupted = 130;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary><see cref="InterruptionTests"/> stops such runs with both signals.</summary>
    [Fact]
    public void A_run_in_one_process_saves()
    {
        using ActorMdProcess run = ActorMdProcess.Start(
            _place.Path, "run", "tube.yaml", "--until", Until, "--set", NoCheckpoints, "--quiet", "--out", "run");
        Saves("run", run, run.Id, run.Id, "INT");
    }

    /// <summary>Through launch and through a worker; the leading process hears of it from them.</summary>
    [Fact]
    public void An_akka_cluster_saves_when_a_worker_is_interrupted() => AkkaWorkerSaves("INT");

    [Fact, Trait("Tier", "Validation")]
    public void An_akka_cluster_saves_when_a_worker_is_terminated() => AkkaWorkerSaves("TERM");

    /// <summary>SIGTERM at a rank is mpirun's way of ending it: only a SIGINT asks for something there.</summary>
    [MpiFact]
    public void An_mpi_job_saves_when_a_rank_is_told_to()
    {
        using ActorMdProcess launch = ActorMdProcess.Start(
            _place.Path, "launch", "--runtime", "mpi", "-n", "2", "--", "run", "tube.yaml", "--until", Until, "--set", NoCheckpoints,
            "--quiet", "--out", "mpi");
        WaitFor(launch, () => CountOf("mpi", "Sampled at") > 1);
        Saves("mpi", launch, launch.Id, JobProcesses.RanksOf(launch.Id)[1], "INT");
    }

    /// <summary>
    /// Open MPI's mpirun waits for odls_base_sigkill_timeout before it tells its ranks, and as long again before it ends.
    /// </summary>
    [MpiFact]
    public void A_plain_mpirun_saves_when_it_is_interrupted() => PlainMpirunSaves("INT");

    [MpiFact, Trait("Tier", "Validation")]
    public void A_plain_mpirun_saves_when_it_is_terminated() => PlainMpirunSaves("TERM");

    /// <summary>
    /// A node that only computes hands the wish for a checkpoint on, and leaves when it is told to stop; the others go on.
    /// </summary>
    [Fact]
    public void A_node_that_is_told_to_stop_leaves_and_the_run_goes_on()
    {
        using HandMadeCluster cluster = new(_place, 2, Until, "--set", NoCheckpoints);
        using ActorMdProcess node = cluster.StartNode(1);
        WaitFor(cluster.Run, () => CountOf("hand", "Sampled at") > 1);
        node.Send("USR1");
        WaitFor(cluster.Run, () => CountOf("hand", "Wrote a checkpoint") == 2);
        node.Send("INT");
        ActorMdProcess.Result left = node.Wait();
        Assert.Equal(Interrupted, left.Code);
        Assert.Contains("Leaving the cluster; the other nodes go on.", left.Error, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Run.Wait().Code);
        Assert.Equal(StraightDigests.At(Until), StraightRun.DigestOf(_place["hand"]));
    }

    private static void WaitFor(ActorMdProcess process, Func<bool> condition) =>
        WaitUntil(condition, () => process.HasExited ? process.Wait().Error : null);

    private static void WaitUntil(Func<bool> condition, Func<string?> ended)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (ended() is { } error)
            {
                Assert.Fail("the run ended too early: " + error);
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "what was waited for did not happen");
            Thread.Sleep(5);
        }
    }

    private void PlainMpirunSaves(string signal)
    {
        ProcessStartInfo start = new("env") { WorkingDirectory = _place.Path, RedirectStandardError = true };
        foreach (string word in (string[])
            [
                "--default-signal=INT", "mpirun", "-n", "2", "--oversubscribe", "--allow-run-as-root", "--mca", "odls_base_sigkill_timeout",
                "3", "dotnet",
                ActorMdProcess.Program, "run", "tube.yaml", "--until", Until, "--set", NoCheckpoints, "--quiet", "--out", "plain",
                "--runtime", "mpi",
            ])
        {
            start.ArgumentList.Add(word);
        }

        using Process job = Process.Start(start)!;
        Task<string> error = job.StandardError.ReadToEndAsync();
        try
        {
            WaitUntil(() => CountOf("plain", "Sampled at") > 1, () => job.HasExited ? error.Result : null);
            AkkaJob.Send(job.Id, "USR1");
            WaitUntil(() => CountOf("plain", "Wrote a checkpoint") > 1, () => job.HasExited ? error.Result : null);
            AkkaJob.Send(job.Id, signal);
            Assert.True(job.WaitForExit(TimeSpan.FromSeconds(60)), "mpirun did not end");
        }
        finally
        {
            job.Kill();
        }

        Assert.Equal(1, CountOf("plain", "Interrupted at"));
        Resumes("plain");
    }

    private void AkkaWorkerSaves(string signal)
    {
        using AkkaJob job = AkkaJob.Start(_place, "akka", 2, Until, "--set", NoCheckpoints);
        job.WaitUntilWell(2);
        int worker = job.Nodes.First(node => node.Key != job.Leading).Value;
        Saves("akka", job.Launch, job.Launch.Id, worker, signal);
    }

    // USR1 to one process and to another, then the signal that stops to the second.
    private void Saves(string folder, ActorMdProcess process, int first, int second, string signal)
    {
        WaitFor(process, () => CountOf(folder, "Sampled at") > 1);
        AkkaJob.Send(first, "USR1");
        WaitFor(process, () => CountOf(folder, "Wrote a checkpoint") > 1);
        // mpirun tells all ranks, and each of them asks for one.
        int before = CountOf(folder, "Sampled at");
        WaitFor(process, () => CountOf(folder, "Sampled at") > before + 2);
        before = CountOf(folder, "Wrote a checkpoint");
        AkkaJob.Send(second, "USR1");
        WaitFor(process, () => CountOf(folder, "Wrote a checkpoint") > before);
        int sampled = CountOf(folder, "Sampled at");
        WaitFor(process, () => CountOf(folder, "Sampled at") > sampled + 2); // or there would be nothing new to save
        before = CountOf(folder, "Wrote a checkpoint");
        AkkaJob.Send(second, signal);
        ActorMdProcess.Result result = process.Wait();
        Assert.True(result.Code == Interrupted, string.Create(CultureInfo.InvariantCulture, $"{result.Code}: {result.Error}"));
        Assert.True(CountOf(folder, "Wrote a checkpoint") > before);
        Resumes(folder);
    }

    private void Resumes(string folder)
    {
        Assert.Equal(0, _place.Run("resume", folder, "--quiet").Code);
        Assert.Equal(StraightDigests.At(Until), StraightRun.DigestOf(_place[folder]));
    }

    private int CountOf(string folder, string beginning) =>
        LoggedEvent.Read(Path.Combine(_place[folder], "log.jsonl")).Count(logged => logged.Says(beginning));
}
