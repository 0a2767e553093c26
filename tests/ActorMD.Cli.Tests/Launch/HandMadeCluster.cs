using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorMD.Cli.Tests.Launch;

/// <summary>A cluster whose processes are started by hand, as cluster-config/one-machine.conf describes it: one <c>run</c> and nodes that help it.</summary>
internal sealed class HandMadeCluster : IDisposable
{
    private readonly Workplace _place;
    private readonly int _nodeCount;
    private readonly string _until;
    private readonly string[] _options;
    private readonly int[] _ports = FreePorts(3);

    /// <summary>Starts the run.</summary>
    /// <param name="place">Where the case is; the run folder is <c>hand</c>.</param>
    /// <param name="nodeCount">How many nodes it waits for, itself included.</param>
    /// <param name="until">End of the run.</param>
    /// <param name="options">More of the run.</param>
    public HandMadeCluster(Workplace place, int nodeCount, string until, params string[] options)
    {
        _place = place;
        _nodeCount = nodeCount;
        _until = until;
        _options = options;
        Run = Start("--force");
    }

    /// <summary>The run that was started last.</summary>
    public ActorMdProcess Run { get; private set; }

    /// <summary>Ends the process of the run at once, and starts it again at its old address.</summary>
    public void KillAndResume()
    {
        Run.Send("KILL");
        Run.Wait();
        Run.Dispose();
        Run = Start("--resume");
    }

    /// <summary>Starts a node.</summary>
    /// <param name="number">1 or 2: each has a port of its own.</param>
    public ActorMdProcess StartNode(int number) => ActorMdProcess.Start(_place.Path, "node", "--config", Config(number), "--workers", "1");

    /// <summary>How the cluster calls a node, but for the number of its process.</summary>
    public string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1-{_ports[number]}-");

    public void Dispose() => Run.Dispose();

    private ActorMdProcess Start(string how) => ActorMdProcess.Start(
        _place.Path,
        [
            "run", "tube.yaml", "--until", _until, "--domains", "2x1x1", "--quiet", "--out", "hand", how,
            "--runtime", "akka", "--cluster-config", Config(0),
            .. _options,
        ]);

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Stop());
        return ports;
    }

    private string Config(int number)
    {
        string path = _place[FormattableString.Invariant($"hand-{number}.conf")];
        File.WriteAllText(path, FormattableString.Invariant($$"""
            actormd {
              port = {{_ports[number]}}
              seeds = ["127.0.0.1:{{_ports[0]}}"]
              lease-folder = "hand-lease"
              nodes = {{_nodeCount}}
            }
            """));
        return path;
    }
}
