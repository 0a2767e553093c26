using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorMD.Actors.Security;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Runs.Output;
using Serilog.Core;

namespace ActorMD.Cli.Clusters;

/// <summary>Starts the nodes of an Akka.NET cluster on this machine, and starts those again that die.</summary>
/// <remarks>
/// The cluster goes on without the dead by itself. Every process can lead the run; one that is started again joins the others at its
/// old address. They talk on a loopback address only, by TLS with a certificate that is made for this launch and forgotten with it.
/// </remarks>
internal sealed class AkkaLauncher : ILauncher
{
    private const int KillSignal = 9;
    // The certificate is gone when the run ends; no run lasts so long.
    private static readonly TimeSpan CertificateTime = TimeSpan.FromDays(400);
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
            int[] ports = FreePorts(plan.Count);
            return Run(plan, WriteConfigs(ports, folder.FullName), FormattableString.Invariant($"127.0.0.1:{ports[0]}"), signals);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Run(LaunchPlan plan, string[] configs, string first, LaunchSignals signals)
    {
        CheckpointStore checkpoints = new(plan.Folder.CheckpointDirectory);
        LaunchedNode?[] nodes = [.. configs.Select(config => Begin(plan, config, first))];
        long? newest = checkpoints.NewestNumber;
        int fruitlessCount = 0, deathCount = 0;
        int? code = null;
        long ended = 0;
        using IDisposable forwarding = signals.Forward(signal => Tell(nodes, signal));
        while (Array.Exists(nodes, node => node is not null))
        {
            Thread.Sleep(LookInterval);
            if (code is not null && Stopwatch.GetElapsedTime(ended) > EndTime)
            {
                Tell(nodes, KillSignal);
            }

            for (int k = 0; k < nodes.Length; k++)
            {
                if (nodes[k] is not { Process.HasExited: true } dead)
                {
                    continue;
                }

                int result = dead.Process.ExitCode;
                TimeSpan age = Stopwatch.GetElapsedTime(dead.Started);
                dead.Process.Dispose();
                nodes[k] = null;
                if (code is not null || signals.IsStopWanted)
                {
                    // Those that the leading one has dismissed end well, also when it was interrupted.
                    code = result == ExitCode.Interrupted ? result : code ?? result;
                    ended = ended == 0 ? Stopwatch.GetTimestamp() : ended;
                    continue;
                }

                if (result == ExitCode.Done || result == ExitCode.PhysicsViolated || (result == ExitCode.WrongInput && deathCount == 0))
                {
                    code = result;
                    ended = Stopwatch.GetTimestamp();
                    if (result != ExitCode.Done)
                    {
                        Tell(nodes, KillSignal);
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
                        FormattableString.Invariant($"nodes died {fruitlessCount} times without a new checkpoint, the last with code {result}"),
                        $"once the cause is found, continue with 'actormd resume {plan.Folder.Directory}'");
                    Tell(nodes, KillSignal);
                    code = ExitCode.RuntimeFailure;
                    ended = Stopwatch.GetTimestamp();
                    continue;
                }

                if (age < YoungAge)
                {
                    Thread.Sleep(YoungAge - age);
                }

                Console.Error.WriteLine(FormattableString.Invariant($"Node {k + 1} died with code {result}; starting it again."));
                nodes[k] = Begin(plan, configs[k], first: null);
                log.Information("Started node {Number} again as process {Process}", k + 1, nodes[k]!.Process.Id);
            }
        }

        return code ?? ExitCode.RuntimeFailure;
    }

    private static void Tell(LaunchedNode?[] nodes, int signal)
    {
        foreach (LaunchedNode node in nodes.OfType<LaunchedNode>())
        {
            if (!node.Process.HasExited)
            {
                MpiLauncher.Kill(node.Process.Id, signal);
            }
        }
    }

    // With the address of the first node for the beginning: it need not ask the others whether there is a cluster already.
    private static LaunchedNode Begin(LaunchPlan plan, string config, string? first)
    {
        // A session of its own: Ctrl-C at the terminal is for launch alone, which asks the nodes to save.
        List<string> words = MpiLauncher.FindOnPath("setsid") is { } setsid ? [setsid] : [];
        words.AddRange(OwnProgram.Words);
        words.AddRange(plan.Command.Where(word => word is not ("--force" or "--resume")));
        if (plan.Command[0] == "run")
        {
            words.Add(first is not null && plan.Command.Contains("--force") ? "--force" : "--resume");
        }

        if (!plan.Command.Contains("--workers"))
        {
            words.AddRange(["--workers", FormattableString.Invariant($"{Math.Max(1, Environment.ProcessorCount / plan.Count)}")]);
        }

        words.AddRange(["--runtime", "akka", "--cluster-config", config]);
        ProcessStartInfo start = new(words[0], words[1..]);
        if (first is not null)
        {
            start.Environment["ACTORMD_SEEDS"] = first;
        }

        return new LaunchedNode(Process.Start(start)!, Stopwatch.GetTimestamp());
    }

    // One file a node; they are readable by this user only, as is the folder.
    private static string[] WriteConfigs(int[] ports, string folder)
    {
        CertificateFiles.Make(folder, CertificateTime);
        string seeds = string.Join(", ", ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"\"127.0.0.1:{port}\"")));
        string[] paths = new string[ports.Length];
        for (int k = 0; k < ports.Length; k++)
        {
            paths[k] = Path.Combine(folder, FormattableString.Invariant($"node-{k + 1}.conf"));
            File.WriteAllText(paths[k], FormattableString.Invariant($$"""
                actormd {
                  host = "127.0.0.1"
                  port = {{ports[k]}}
                  seeds = [{{seeds}}]
                  nodes = {{ports.Length}}
                  certificate-file = "{{CertificateFiles.CertificateName}}"
                  certificate-key-file = "{{CertificateFiles.KeyName}}"
                  lease-folder = "lease"
                }
                # Only the first of the seeds may form a cluster, and waits for the others before it does.
                akka.cluster.seed-node-timeout = {{(k == 0 ? "3s" : "300ms")}}

                """));
        }

        return paths;
    }

    // Held all at once, so that they differ, and let go for the nodes.
    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Stop();
        }

        return ports;
    }

    private sealed record LaunchedNode(Process Process, long Started);
}
