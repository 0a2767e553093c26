using System.Diagnostics;
using System.Runtime.InteropServices;
using ActorMD.Actors.Mpi;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Runs.Monitoring;
using ActorMD.Runs.Output;
using ActorMD.Runs.Sessions;
using Serilog.Core;

namespace ActorMD.Cli.Clusters;

/// <summary>Starts ranks with the mpirun of Open MPI.</summary>
/// <remarks>
/// When a rank dies, mpirun ends the others; then the run is resumed from its newest checkpoint by a new job. That goes on as long as
/// new checkpoints appear.
/// </remarks>
internal sealed class MpiLauncher : ILauncher
{
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string Runtime => "mpi";

    /// <inheritdoc/>
    public string? Missing => MpiNetwork.IsAvailable && FindOnPath("mpirun") is not null
        ? null
        : "there is no MPI on this machine: install Open MPI (Debian and Ubuntu: package openmpi-bin)";

    /// <inheritdoc/>
    public int Launch(LaunchPlan plan)
    {
        using LaunchSignals signals = new();
        LaunchProgress progress = new(plan.Folder);
        IReadOnlyList<string> command = plan.Command;
        if (command[0] == "run" && !command.Contains("--resume") && File.Exists(plan.Folder.LaunchLogPath))
        {
            File.Delete(plan.Folder.LaunchLogPath); // of an earlier run
        }

        for (int attempt = 1; ; attempt++)
        {
            long started = Stopwatch.GetTimestamp();
            int code = RunJob(plan, command, signals);
            if (code == ExitCode.Interrupted)
            {
                TellInterrupted(plan.Folder);
            }

            if (code is ExitCode.Done or ExitCode.WrongInput or ExitCode.PhysicsViolated or ExitCode.Interrupted)
            {
                return code;
            }

            long ended = Stopwatch.GetTimestamp();
            using Logger log = RunLog.Open(plan.Folder.LaunchLogPath, plan.Folder.Name, "launch");
            log.Warning(
                "Attempt {Attempt} ended with code {Code} after {Seconds} s", attempt, code,
                Math.Round(Stopwatch.GetElapsedTime(started, ended).TotalSeconds, 3));
            if (signals.IsStopWanted)
            {
                return Stopped(plan, code);
            }

            if (!progress.MayTryAgain(plan.RetriesMax))
            {
                int fruitlessCount = progress.FruitlessCount;
                log.Error("Gave up after {Attempts} attempts without a new checkpoint", fruitlessCount);
                ErrorReport.Write(
                    FormattableString.Invariant(
                        $"the job failed {fruitlessCount} times in a row without a new checkpoint, last with code {code}"),
                    $"once the cause is found, continue with 'actormd resume {plan.Folder.Directory}'");
                return ExitCode.RuntimeFailure;
            }

            WaitForLock(plan.Folder);
            (command, string how) = Again(plan);
            log.Warning("Relaunching {How}", how);
            Console.Error.WriteLine(FormattableString.Invariant($"The job failed with code {code}; relaunching {how}."));
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    internal static extern int Kill(int process, int signal);

    // From the log: its last line of this kind is of the job that has just ended.
    private static void TellInterrupted(RunFolder folder)
    {
        IEnumerable<string> lines = File.Exists(folder.LogPath) ? File.ReadLines(folder.LogPath) : [];
        LogEntry? last = lines.Select(LogEntry.TryParse).OfType<LogEntry>().LastOrDefault(entry => entry.Says("Interrupted"));
        if ((last?.Number("Checkpoint") ?? last?.Number("time")) is { } time)
        {
            RunView.TellInterrupted(time, folder);
        }
    }

    private static int Stopped(LaunchPlan plan, int code)
    {
        ErrorReport.Write(
            FormattableString.Invariant($"the job ended with code {code} before it could write a checkpoint"),
            $"continue from the one before with 'actormd resume {plan.Folder.Directory}'");
        return ExitCode.Interrupted;
    }

    // The same command, from where the run stands: its folder is this launch's own by now.
    private static (IReadOnlyList<string> Command, string How) Again(LaunchPlan plan)
    {
        if (plan.Command[0] == "ensemble")
        {
            string[] again = [.. plan.Command.Where(token => token is not ("--force" or "--resume")), "--resume"];
            return (again, "from what the nodes have written");
        }

        if (plan.Command[0] != "run")
        {
            return (plan.Command, "from the newest checkpoint");
        }

        bool hasCheckpoint;
        try
        {
            new CheckpointStore(plan.Folder.CheckpointDirectory).ReadNewestSound(out _);
            hasCheckpoint = true;
        }
        catch (InputFaultException)
        {
            hasCheckpoint = false;
        }

        IEnumerable<string> rest = plan.Command.Where(token => token is not ("--force" or "--resume"));
        return hasCheckpoint
            ? ([.. rest, "--resume"], "from the newest checkpoint")
            : ([.. rest, "--force"], "from the beginning, since there is no sound checkpoint yet");
    }

    // The last of the old ranks may be about to die.
    private static void WaitForLock(RunFolder folder)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                RunSession.ThrowIfRunning(folder);
                return;
            }
            catch (InputFaultException) when (Stopwatch.GetElapsedTime(started) < LockTime)
            {
                Thread.Sleep(20);
            }
        }
    }

    private static int RunJob(LaunchPlan plan, IReadOnlyList<string> command, LaunchSignals signals)
    {
        using Process job = Process.Start(Describe(plan, command))!;
        using (signals.Forward(signal => Kill(job.Id, signal)))
        {
            job.WaitForExit();
        }

        return job.ExitCode;
    }

    private static ProcessStartInfo Describe(LaunchPlan plan, IReadOnlyList<string> command)
    {
        // A session of its own: Ctrl-C at the terminal is for launch alone, which asks the ranks to save.
        List<string> words = FindOnPath("setsid") is { } setsid ? [setsid] : [];
        words.AddRange(["mpirun", "-q", "-n", FormattableString.Invariant($"{plan.Count}"), "--oversubscribe", "--bind-to", "none"]);
        // When a rank has died, the others have nothing to save: mpirun need not wait a second for them.
        words.AddRange(["--mca", "odls_base_sigkill_timeout", "0"]);
        if (Environment.UserName == "root")
        {
            words.Add("--allow-run-as-root");
        }

        if (plan.Hosts is not null)
        {
            words.AddRange(["--host", plan.Hosts]);
        }
        else if (FindOnPath("ssh") is null)
        {
            words.AddRange(["--mca", "plm", "isolated"]); // mpirun wants a way to other machines, unless told that there are none
        }

        words.AddRange(["-x", MpiEnvironment.LaunchedVariable, "-x", "TERM"]);
        words.AddRange(OwnProgram.Words);
        words.AddRange(command);
        words.AddRange(["--runtime", "mpi"]);
        ProcessStartInfo start = new(words[0], words[1..]);
        start.Environment[MpiEnvironment.LaunchedVariable] = "1";
        start.Environment["TERM"] = "dumb"; // the ranks write into pipes that mpirun makes look like a terminal
        return start;
    }

    internal static string? FindOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
