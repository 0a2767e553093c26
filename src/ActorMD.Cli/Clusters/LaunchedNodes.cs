using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorMD.Actors.Networks;
using ActorMD.Actors.Security;

namespace ActorMD.Cli.Clusters;

/// <summary>The processes of a launched Akka.NET cluster: starts them, and those again that have died.</summary>
/// <remarks>
/// A node that is started again gets a port that was not used before, and asks those that are members for admission. So it is never taken
/// for the one that died, and never forms a cluster beside the one that goes on.
/// </remarks>
internal sealed class LaunchedNodes
{
    private const string Host = "127.0.0.1";
    private const string LeaseName = "lease";

    // The certificate is gone when the run ends; no run lasts so long.
    private static readonly TimeSpan CertificateTime = TimeSpan.FromDays(400);
    private static readonly TimeSpan AdmissionTime = TimeSpan.FromSeconds(15);

    private readonly LaunchPlan _plan;
    private readonly string _folder;
    private readonly NodeRegister _register;
    private readonly LaunchedNode?[] _nodes;
    private int _startCount;

    /// <summary>Starts all of them; the first one forms the cluster.</summary>
    /// <param name="plan">What is to be launched.</param>
    /// <param name="folder">For their settings and their certificate: readable by this user only.</param>
    public LaunchedNodes(LaunchPlan plan, string folder)
    {
        _plan = plan;
        _folder = folder;
        _register = new NodeRegister(Path.Combine(folder, LeaseName));
        CertificateFiles.Make(folder, CertificateTime);
        int[] ports = FreePorts(plan.Count);
        _nodes = [.. ports.Select((port, k) => Begin(k, port, [ports[0]], isFirst: true))];
    }

    /// <summary>How many there are when all are well.</summary>
    public int Count => _nodes.Length;

    /// <summary>Whether one is there.</summary>
    public bool IsAnyThere => Array.Exists(_nodes, node => node is not null);

    /// <summary>Takes a process that has ended out.</summary>
    /// <returns>Its exit code and how long it lived; null: it lives, or is not there.</returns>
    public (int Code, TimeSpan Age)? TakeEnded(int number)
    {
        if (_nodes[number] is not { Process.HasExited: true } ended)
        {
            return null;
        }

        _nodes[number] = null;
        int code = ended.Process.ExitCode;
        ended.Process.Dispose();
        return (code, Stopwatch.GetElapsedTime(ended.Started));
    }

    /// <summary>Starts one again.</summary>
    /// <returns>The number of its process.</returns>
    public int BeginAgain(int number)
    {
        LaunchedNode[] others = [.. _nodes.OfType<LaunchedNode>().Where(node => !node.Process.HasExited)];
        int port = FreePorts(1)[0];
        int[] seeds = [.. others.Where(HasJoined).Select(node => node.Port)];
        if (seeds.Length == 0)
        {
            // The cluster is gone, or was not there yet: one process forms it.
            seeds = [Array.Find(others, node => node.Seeds.Contains(node.Port))?.Port ?? port];
        }

        LaunchedNode begun = Begin(number, port, seeds, isFirst: false);
        _nodes[number] = begun;
        return begun.Process.Id;
    }

    /// <summary>Ends nodes that cannot be admitted any more: all that they ask have died before.</summary>
    public void EndStranded()
    {
        foreach (LaunchedNode node in _nodes.OfType<LaunchedNode>())
        {
            bool isStranded = Stopwatch.GetElapsedTime(node.Started) > AdmissionTime && !HasJoined(node)
                && !_nodes.OfType<LaunchedNode>().Any(other => !other.Process.HasExited && node.Seeds.Contains(other.Port));
            if (isStranded)
            {
                MpiLauncher.Kill(node.Process.Id, AkkaLauncher.KillSignal);
            }
        }
    }

    /// <summary>Sends all of them a signal.</summary>
    public void Tell(int signal)
    {
        foreach (LaunchedNode node in _nodes.OfType<LaunchedNode>())
        {
            if (!node.Process.HasExited)
            {
                MpiLauncher.Kill(node.Process.Id, signal);
            }
        }
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

    private bool HasJoined(LaunchedNode node) => _register.HasJoined(Host, node.Port);

    private LaunchedNode Begin(int number, int port, int[] seeds, bool isFirst)
    {
        // A session of its own: Ctrl-C at the terminal is for launch alone, which asks the nodes to save.
        List<string> words = MpiLauncher.FindOnPath("setsid") is { } setsid ? [setsid] : [];
        words.AddRange(OwnProgram.Words);
        words.AddRange(_plan.Command.Where(word => word is not ("--force" or "--resume")));
        if (_plan.Command[0] == "run")
        {
            words.Add(isFirst && _plan.Command.Contains("--force") ? "--force" : "--resume");
        }

        if (!_plan.Command.Contains("--workers"))
        {
            words.AddRange(["--workers", FormattableString.Invariant($"{Math.Max(1, Environment.ProcessorCount / _plan.Count)}")]);
        }

        words.AddRange(["--runtime", "akka", "--cluster-config", WriteConfig(number, port, seeds)]);
        ProcessStartInfo start = new(words[0], words[1..]);
        start.Environment[LaunchWatch.Variable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return new LaunchedNode(Process.Start(start)!, port, seeds, Stopwatch.GetTimestamp());
    }

    private string WriteConfig(int number, int port, int[] seeds)
    {
        string path = Path.Combine(_folder, FormattableString.Invariant($"node-{number + 1}-{++_startCount}.conf"));
        string seedList = string.Join(", ", seeds.Select(seed => string.Create(CultureInfo.InvariantCulture, $"\"{Host}:{seed}\"")));
        File.WriteAllText(path, FormattableString.Invariant($$"""
            actormd {
              host = "{{Host}}"
              port = {{port}}
              seeds = [{{seedList}}]
              nodes = {{_plan.Count}}
              certificate-file = "{{CertificateFiles.CertificateName}}"
              certificate-key-file = "{{CertificateFiles.KeyName}}"
              lease-folder = "{{LeaseName}}"
            }
            # How soon members that have not answered are asked again.
            akka.cluster.seed-node-timeout = 300ms

            """));
        return path;
    }

    /// <param name="Process">The process.</param>
    /// <param name="Port">Where it listens.</param>
    /// <param name="Seeds">The nodes that it asks for admission; itself: it forms the cluster.</param>
    /// <param name="Started">Time stamp.</param>
    private sealed record LaunchedNode(Process Process, int Port, int[] Seeds, long Started);
}
