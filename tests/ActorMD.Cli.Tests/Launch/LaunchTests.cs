using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>Real jobs of several ranks, that are killed, stopped and paused.</summary>
public sealed class LaunchTests(ShortStraightRun straight) : IClassFixture<ShortStraightRun>, IDisposable
{
    private static readonly string[] Run = ShortStraightRun.Arguments;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [MpiTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_digest_does_not_depend_on_the_number_of_ranks(int count)
    {
        ActorMdProcess.Result result = _place.Run(["launch", "-n", $"{count}", "--", .. Run, "--out", "ranks"]);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.Code);
        AssertRight("ranks");
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(_place["ranks/summary.json"])).RootElement;
        Assert.Equal("mpi", summary.GetProperty("runtime").GetString());
        Assert.Equal(count, Directory.GetFiles(_place["ranks"], "log*.jsonl").Length);
    }

    [MpiFact]
    public void A_job_that_mpirun_has_started_gives_the_same_digest()
    {
        ProcessStartInfo start = new("mpirun") { WorkingDirectory = _place.Path, RedirectStandardError = true };
        foreach (string word in (string[])
            [
                "-n", "2", "--oversubscribe", "--allow-run-as-root", "dotnet", ActorMdProcess.Program, .. Run,
                "--out", "plain", "--runtime", "mpi", "--domains", "2x2x1",
            ])
        {
            start.ArgumentList.Add(word);
        }

        using Process job = Process.Start(start)!;
        string error = job.StandardError.ReadToEnd();
        job.WaitForExit();
        Assert.Equal("", error);
        Assert.Equal(0, job.ExitCode);
        AssertRight("plain");
    }

    [MpiFact]
    public void Four_killed_ranks_and_a_killed_mpirun_do_not_change_the_digest()
    {
        using ActorMdProcess launch = ActorMdProcess.Start(_place.Path, ["launch", "-n", "3", "--", .. Run, "--out", "killed"]);
        KillAt(launch, "killed", checkpoint: 2, ranks => ranks[1]);
        KillAt(launch, "killed", checkpoint: 5, ranks => ranks[0]);
        KillAt(launch, "killed", checkpoint: 8, _ => JobProcesses.LauncherOf(launch.Id));
        KillAt(launch, "killed", checkpoint: 10, ranks => ranks[2]);
        KillAt(launch, "killed", checkpoint: 12, ranks => ranks[0]);
        ActorMdProcess.Result result = launch.Wait();

        Assert.Equal(0, result.Code);
        Assert.Equal(5, result.Error.Split("relaunching from the newest checkpoint").Length - 1);
        AssertRight("killed");
        Assert.Contains("Relaunching", File.ReadAllText(_place["killed/launch.jsonl"]), StringComparison.Ordinal);
    }

    [MpiFact]
    public void A_job_that_dies_before_its_first_checkpoint_begins_again()
    {
        using ActorMdProcess launch = ActorMdProcess.Start(_place.Path, ["launch", "-n", "2", "--", .. Run, "--out", "early"]);
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
            _place.Path, ["launch", "-n", "2", "--retries", "1", "--", .. Run, "--set", "run.checkpoint=1e9", "--out", "given-up"]);
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
        Assert.Equal(0, _place.Run("resume", "given-up", "--quiet").Code);
        Assert.Equal(straight.Digest, StraightRun.DigestOf(_place["given-up"]));
    }

    [MpiTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_to_launch_leaves_a_checkpoint(string signal)
    {
        using ActorMdProcess launch = ActorMdProcess.Start(_place.Path, ["launch", "-n", "2", "--", .. Run, "--out", "stopped"]);
        WaitFor(launch, () => CountOf("stopped/log.jsonl", "Sampled at") > 20);
        launch.Send(signal);
        ActorMdProcess.Result stopped = launch.Wait();

        Assert.Equal(130, stopped.Code);
        Assert.StartsWith("Interrupted at time ", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(0, _place.Run("launch", "-n", "3", "--", "resume", "stopped", "--quiet").Code);
        AssertRight("stopped");
    }

    [MpiFact]
    public void Paused_ranks_delay_the_run_and_nothing_else()
    {
        using ActorMdProcess launch = ActorMdProcess.Start(_place.Path, ["launch", "-n", "3", "--", .. Run, "--out", "paused"]);
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
        using (ActorMdProcess launch = ActorMdProcess.Start(_place.Path, ["launch", "-n", "2", "--", .. Run, "--out", "damaged"]))
        {
            WaitFor(launch, () => NewestCheckpoint("damaged") >= 3);
            launch.Send("INT");
            Assert.Equal(130, launch.Wait().Code);
        }

        string newest = Directory.GetFiles(_place["damaged/checkpoints"], "*.state").Max(StringComparer.Ordinal)!;
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

        ActorMdProcess.Result result = _place.Run("launch", "-n", "2", "--", "resume", "damaged");
        Assert.Equal(0, result.Code);
        Assert.Equal(
            isDamaged, result.Error.Contains("the checkpoint before it is used", StringComparison.Ordinal));
        AssertRight("damaged");
    }

    [MpiFact]
    public void Wrong_input_is_reported_once_and_nothing_is_started()
    {
        ActorMdProcess.Result missing = _place.Run("launch", "-n", "2", "--", "run", "missing.yaml");
        Assert.Equal(2, missing.Code);
        Assert.Single(missing.Error.Split("missing.yaml").Skip(1));
        ActorMdProcess.Result narrow = _place.Run(["launch", "-n", "2", "--", .. Run, "--domains", "100x1x1"]);
        Assert.Equal(2, narrow.Code);
        Assert.StartsWith("Axis x has room for ", narrow.Error, StringComparison.Ordinal);
        ActorMdProcess.Result strange = _place.Run("launch", "-n", "2", "--", "verify", "small");
        Assert.Equal(2, strange.Code);
        Assert.StartsWith("'verify' cannot be launched on several processes.", strange.Error, StringComparison.Ordinal);
        ActorMdProcess.Result twice = _place.Run(["launch", "-n", "2", "--", .. Run, "--runtime", "mpi"]);
        Assert.Equal(2, twice.Code);
        Assert.StartsWith("Launch itself chooses the runtime.", twice.Error, StringComparison.Ordinal);
        Assert.Equal(["small.yaml"], _place.Entries);
    }

    [PrivilegedMpiFact]
    public void A_full_disk_is_a_clear_error_and_nothing_is_lost()
    {
        string disk = Directory.CreateDirectory(_place["disk"]).FullName;
        Assert.Equal(0, Call("mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", disk));
        try
        {
            ActorMdProcess.Result full = _place.Run(["launch", "-n", "2", "--retries", "1", "--", .. Run, "--out", "disk/run"]);
            Assert.Equal(4, full.Code);
            Assert.Contains("No space left on device", full.Error, StringComparison.Ordinal);
            Assert.Contains("actormd resume", full.Error, StringComparison.Ordinal);
            Assert.Equal(0, Call("mount", "-o", "remount,size=10m", disk));
            Assert.Equal(0, _place.Run("launch", "-n", "2", "--", "resume", "disk/run", "--quiet").Code);
            AssertRight("disk/run");
        }
        finally
        {
            Call("umount", disk);
        }
    }

    // Two machines, as far as MPI can tell: namespaces with names and addresses of their own, joined by one cable.
    [PrivilegedMpiFact]
    public void Two_hosts_compute_what_one_does()
    {
        string tag = FormattableString.Invariant($"amd{Environment.ProcessId}"), near = tag + "a", far = tag + "b";
        string agent = _place["agent"];
        File.WriteAllText(agent, $"""
            #!/bin/sh
            # In the place of ssh: agent HOST COMMAND
            shift
            exec ip netns exec {far} unshare --uts sh -c 'hostname far; exec sh -c "$0"' "$*"

            """);
        Assert.Equal(0, Call("chmod", "+x", agent));
        try
        {
            Assert.Equal(0, Call("sh", "-ec", $"""
                ip netns add {near}; ip netns add {far}
                ip link add c{near} netns {near} type veth peer name c{far} netns {far}
                ip -n {near} addr add 10.77.0.1/24 dev c{near}; ip -n {far} addr add 10.77.0.2/24 dev c{far}
                ip -n {near} link set lo up; ip -n {far} link set lo up
                ip -n {near} link set c{near} up; ip -n {far} link set c{far} up
                """));
            string program = ActorMdProcess.Program;
            Assert.Equal(0, Call("ip", "netns", "exec", near, "unshare", "--uts", "sh", "-c", $"""
                hostname near; cd {_place.Path}; export OMPI_MCA_plm_rsh_agent={agent}
                exec dotnet {program} launch -n 4 --hosts 10.77.0.1:2,10.77.0.2:2 -- {string.Join(' ', Run)} --out hosts
                """));
            string traffic = File.ReadAllText(_place["hosts/log-rank3.jsonl"]);
            Assert.Contains("Placed here", traffic, StringComparison.Ordinal);
            AssertRight("hosts");
        }
        finally
        {
            Call("ip", "netns", "del", near);
            Call("ip", "netns", "del", far);
        }
    }

    private static int Call(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void SendTo(int process, string signal) =>
        Assert.Equal(0, Call("kill", "-s", signal, process.ToString(CultureInfo.InvariantCulture)));

    private static void WaitFor(ActorMdProcess launch, Func<bool> condition, bool mayEnd = false)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.False(launch.HasExited && !mayEnd, "the run ended too early");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(120), "what was waited for did not happen");
            Thread.Sleep(5);
        }
    }

    private void KillAt(ActorMdProcess launch, string folder, long checkpoint, Func<IReadOnlyDictionary<int, int>, int> choose)
    {
        WaitFor(launch, () => NewestCheckpoint(folder) >= checkpoint && JobProcesses.RanksOf(launch.Id).Count == 3);
        string log = folder + "/launch.jsonl";
        int before = CountOf(log, "Attempt {Attempt}");
        SendTo(choose(JobProcesses.RanksOf(launch.Id)), "KILL");
        // The job that dies must not be taken for the next one.
        WaitFor(launch, () => CountOf(log, "Attempt {Attempt}") > before, mayEnd: true);
    }

    private long NewestCheckpoint(string folder) => Directory.Exists(_place[folder + "/checkpoints"])
        ? Directory.GetFiles(_place[folder + "/checkpoints"], "*.state")
            .Select(file => long.Parse(Path.GetFileNameWithoutExtension(file)["checkpoint-".Length..], CultureInfo.InvariantCulture))
            .DefaultIfEmpty(-1).Max()
        : -1;

    private int CountOf(string file, string text)
    {
        if (!File.Exists(_place[file]))
        {
            return 0;
        }

        using StreamReader reader = new(
            new FileStream(_place[file], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split(text).Length - 1;
    }

    private void AssertRight(string folder)
    {
        Assert.Equal(straight.Digest, StraightRun.DigestOf(_place[folder]));
        Assert.Equal(straight.Thermo, File.ReadAllText(_place[Path.Combine(folder, "thermo.csv")]));
        _place.AssertSound(folder);
    }
}
