using System.Diagnostics;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Runs.Output;
using Serilog.Core;

namespace ActorMD.Cli.Clusters;

/// <summary>Starts the nodes of an Akka.NET cluster on this machine, and starts those again that die.</summary>
/// <remarks>
/// The cluster goes on without the dead by itself. Every process can lead the run. They talk on a loopback address only, by TLS with a
/// certificate that is made for this launch and forgotten with it.
/// </remarks>
internal sealed class AkkaLauncher : ILauncher
{
    internal const int KillSignal = 9;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan YoungAge = TimeSpan.FromSeconds(2);

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
                "--hosts", null, null, "launch starts the nodes of an Akka.NET cluster on this machine only",
                "use scripts/launch-cluster for several machines, or --runtime mpi"));
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("actormd-launch-");
        try
        {
            using LaunchSignals signals = new();
            return Run(plan, new LaunchedNodes(plan, folder.FullName), signals);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Run(LaunchPlan plan, LaunchedNodes nodes, LaunchSignals signals)
    {
        CheckpointStore checkpoints = new(plan.Folder.CheckpointDirectory);
        long? newest = checkpoints.NewestNumber;
        int fruitlessCount = 0, deathCount = 0;
        int? code = null;
        long ended = 0;
        using IDisposable forwarding = signals.Forward(nodes.Tell);
        while (nodes.IsAnyThere)
        {
            Thread.Sleep(LookInterval);
            if (code is not null && Stopwatch.GetElapsedTime(ended) > EndTime)
            {
                nodes.Tell(KillSignal);
            }

            nodes.EndStranded();
            for (int k = 0; k < nodes.Count; k++)
            {
                if (nodes.TakeEnded(k) is not ({ } result, { } age))
                {
                    continue;
                }

                if (code is not null || signals.IsStopWanted)
                {
                    // Those that the leading one has dismissed end well, also when it was interrupted.
                    code = result == ExitCode.Interrupted ? result : code ?? result;
                    ended = ended == 0 ? Stopwatch.GetTimestamp() : ended;
                    continue;
                }

                bool isFinal = result is ExitCode.Done or ExitCode.PhysicsViolated or ExitCode.Interrupted
                    || (result == ExitCode.WrongInput && deathCount == 0);
                if (isFinal)
                {
                    code = result;
                    ended = Stopwatch.GetTimestamp();
                    if (result is not (ExitCode.Done or ExitCode.Interrupted))
                    {
                        nodes.Tell(KillSignal);
                    }

                    continue;
                }

                deathCount++;
                using Logger log = RunLog.Open(plan.Folder.NodeLogPath("launch"), plan.Folder.Name, "launch");
                log.Warning("Node {Number} ended with code {Code} after {Seconds} s", k + 1, result, Math.Round(age.TotalSeconds, 3));
                fruitlessCount = checkpoints.NewestNumber == newest ? fruitlessCount + 1 : 1;
                newest = checkpoints.NewestNumber;
                if (fruitlessCount > plan.RetriesMax)
                {
                    log.Error("Gave up after {Deaths} deaths without a new checkpoint", fruitlessCount);
                    ErrorReport.Write(
                        FormattableString.Invariant(
                            $"nodes died {fruitlessCount} times without a new checkpoint, the last with code {result}"),
                        $"once the cause is found, continue with 'actormd resume {plan.Folder.Directory}'");
                    nodes.Tell(KillSignal);
                    code = ExitCode.RuntimeFailure;
                    ended = Stopwatch.GetTimestamp();
                    continue;
                }

                if (age < YoungAge)
                {
                    Thread.Sleep(YoungAge - age);
                }

                Console.Error.WriteLine(FormattableString.Invariant($"Node {k + 1} died with code {result}; starting it again."));
                log.Information("Started node {Number} again as process {Process}", k + 1, nodes.BeginAgain(k));
            }
        }

        return code ?? ExitCode.RuntimeFailure;
    }
}
