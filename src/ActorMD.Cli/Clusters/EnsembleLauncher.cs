using System.Diagnostics;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using ActorMD.Runs.Output;
using Serilog.Core;

namespace ActorMD.Cli.Clusters;

/// <summary>Starts the nodes of an ensemble on this machine, and starts those again that die: they share the run folder only.</summary>
internal sealed class EnsembleLauncher : ILauncher
{
    private const int KillSignal = 9;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public string Runtime => "akka";

    /// <inheritdoc/>
    public string? Missing => null;

    /// <inheritdoc/>
    public int Launch(LaunchPlan plan)
    {
        if (plan.Hosts is not null)
        {
            throw new InputFaultException(new InputFault(
                "--hosts", null, null, "launch starts the nodes of an ensemble on this machine only",
                "use --runtime mpi, or start one on each machine: actormd ensemble ... --node K/N"));
        }

        using LaunchSignals signals = new();
        Process?[] nodes = [.. Enumerable.Range(0, plan.Count).Select(node => Begin(plan, node, isFirst: true))];
        using IDisposable forwarding = signals.Forward(signal => Tell(nodes, signal));
        LaunchProgress progress = new(plan.Folder);
        int? code = null;
        long ended = 0;
        while (Array.Exists(nodes, node => node is not null))
        {
            Thread.Sleep(LookInterval);
            if (code is not null && Stopwatch.GetElapsedTime(ended) > EndTime)
            {
                Tell(nodes, KillSignal);
            }

            for (int k = 0; k < nodes.Length; k++)
            {
                if (nodes[k] is not { HasExited: true } dead)
                {
                    continue;
                }

                int result = dead.ExitCode;
                nodes[k] = null;
                dead.Dispose();
                bool isWell = result is ExitCode.Done or ExitCode.Interrupted, isOver = code is not null || signals.IsStopWanted;
                bool isFault = result is ExitCode.WrongInput or ExitCode.PhysicsViolated;
                if (!isOver && !isWell && !isFault && progress.MayTryAgain(plan.RetriesMax))
                {
                    Console.Error.WriteLine(FormattableString.Invariant($"Node {k + 1} died with code {result}; starting it again."));
                    using Logger log = RunLog.Open(plan.Folder.NodeLogPath("launch"), plan.Folder.Name, "launch");
                    log.Warning("Node {Number} ended with code {Code} and is started again", k + 1, result);
                    nodes[k] = Begin(plan, k, isFirst: false);
                    continue;
                }

                // The first node has the result; the others end when they have nothing left to compute.
                if (k == 0 || !isWell)
                {
                    code ??= isWell || isFault ? result : ExitCode.RuntimeFailure;
                    ended = ended == 0 ? Stopwatch.GetTimestamp() : ended;
                    if (!isWell)
                    {
                        Tell(nodes, KillSignal);
                    }
                }
            }
        }

        return code ?? ExitCode.RuntimeFailure;
    }

    private static void Tell(Process?[] nodes, int signal)
    {
        foreach (Process node in nodes.OfType<Process>())
        {
            if (!node.HasExited)
            {
                MpiLauncher.Kill(node.Id, signal);
            }
        }
    }

    private static Process Begin(LaunchPlan plan, int node, bool isFirst)
    {
        // A session of its own: Ctrl-C at the terminal is for launch alone, which asks the nodes to save.
        List<string> words = MpiLauncher.FindOnPath("setsid") is { } setsid ? [setsid] : [];
        words.AddRange(OwnProgram.Words);
        words.AddRange(isFirst ? plan.Command : [.. plan.Command.Where(word => word is not ("--force" or "--resume")), "--resume"]);
        words.AddRange(["--node", FormattableString.Invariant($"{node + 1}/{plan.Count}")]);
        if (!plan.Command.Contains("--workers"))
        {
            words.AddRange(["--workers", FormattableString.Invariant($"{Math.Max(1, Environment.ProcessorCount / plan.Count)}")]);
        }

        return Process.Start(new ProcessStartInfo(words[0], words[1..]))!;
    }
}
