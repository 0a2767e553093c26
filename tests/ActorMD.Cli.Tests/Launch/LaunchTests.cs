using System.Diagnostics;
using System.Text.Json;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>Real jobs of several ranks: any number of them, started by launch or by mpirun, on one machine or two.</summary>
public sealed class LaunchTests(ShortStraightRun straight) : MpiJobTests(straight)
{
    [MpiTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_digest_does_not_depend_on_the_number_of_ranks(int count)
    {
        ActorMdProcess.Result result = Place.Run(["launch", "-n", $"{count}", "--", .. Brief, "--out", "ranks"]);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.Code);
        AssertBrief("ranks");
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(Place["ranks/summary.json"])).RootElement;
        Assert.Equal("mpi", summary.GetProperty("runtime").GetString());
        Assert.Equal(count, Directory.GetFiles(Place["ranks"], "log*.jsonl").Length);
    }

    [MpiFact]
    public void A_job_that_mpirun_has_started_gives_the_same_digest()
    {
        ProcessStartInfo start = new("mpirun") { WorkingDirectory = Place.Path, RedirectStandardError = true };
        foreach (string word in (string[])
            [
                "-n", "2", "--oversubscribe", "--allow-run-as-root", "dotnet", ActorMdProcess.Program, .. Brief,
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
        AssertBrief("plain");
    }

    [MpiTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_to_launch_leaves_a_checkpoint(string signal)
    {
        using ActorMdProcess launch = ActorMdProcess.Start(Place.Path, ["launch", "-n", "2", "--", .. Run, "--out", "stopped"]);
        WaitFor(launch, () => CountOf("stopped/log.jsonl", "Sampled at") > 20);
        launch.Send(signal);
        ActorMdProcess.Result stopped = launch.Wait();

        Assert.Equal(130, stopped.Code);
        // A line among others: when ranks of a busy machine end at different times, the MPI library may have something to say, too.
        Assert.Contains(stopped.Error.Split('\n'), line => line.StartsWith("Interrupted at time ", StringComparison.Ordinal));
        Assert.Equal(0, Place.Run("launch", "-n", "3", "--", "resume", "stopped", "--quiet").Code);
        AssertRight("stopped");
    }

    [MpiFact]
    public void Wrong_input_is_reported_once_and_nothing_is_started()
    {
        ActorMdProcess.Result missing = Place.Run("launch", "-n", "2", "--", "run", "missing.yaml");
        Assert.Equal(2, missing.Code);
        Assert.Single(missing.Error.Split("missing.yaml").Skip(1));
        ActorMdProcess.Result narrow = Place.Run(["launch", "-n", "2", "--", .. Run, "--domains", "1000x1"]);
        Assert.Equal(2, narrow.Code);
        Assert.StartsWith("Axis x has room for ", narrow.Error, StringComparison.Ordinal);
        ActorMdProcess.Result strange = Place.Run("launch", "-n", "2", "--", "verify", "small");
        Assert.Equal(2, strange.Code);
        Assert.StartsWith("'verify' cannot be launched on several processes.", strange.Error, StringComparison.Ordinal);
        ActorMdProcess.Result twice = Place.Run(["launch", "-n", "2", "--", .. Run, "--runtime", "mpi"]);
        Assert.Equal(2, twice.Code);
        Assert.StartsWith("Launch itself chooses the runtime.", twice.Error, StringComparison.Ordinal);
        Assert.Equal(["small.yaml"], Place.Entries);
    }

    [PrivilegedMpiFact]
    public void A_full_disk_is_a_clear_error_and_nothing_is_lost()
    {
        string disk = Directory.CreateDirectory(Place["disk"]).FullName;
        Assert.Equal(0, Call("mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", disk));
        try
        {
            ActorMdProcess.Result full = Place.Run(["launch", "-n", "2", "--retries", "1", "--", .. Run, "--out", "disk/run"]);
            Assert.Equal(4, full.Code);
            Assert.Contains("No space left on device", full.Error, StringComparison.Ordinal);
            Assert.Contains("actormd resume", full.Error, StringComparison.Ordinal);
            Assert.Equal(0, Call("mount", "-o", "remount,size=10m", disk));
            Assert.Equal(0, Place.Run("launch", "-n", "2", "--", "resume", "disk/run", "--quiet").Code);
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
        string agent = Place["agent"];
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
                hostname near; cd {Place.Path}; export OMPI_MCA_plm_rsh_agent={agent}
                exec dotnet {program} launch -n 4 --hosts 10.77.0.1:2,10.77.0.2:2 -- {string.Join(' ', Brief)} --out hosts
                """));
            string traffic = File.ReadAllText(Place["hosts/log-rank3.jsonl"]);
            Assert.Contains("Placed here", traffic, StringComparison.Ordinal);
            AssertBrief("hosts");
        }
        finally
        {
            Call("ip", "netns", "del", near);
            Call("ip", "netns", "del", far);
        }
    }
}
