using System.Net;
using System.Net.Sockets;
using ActorMD.Actors.Security;
using ActorMD.Actors.Settings;

namespace ActorMD.Actors.Tests.Clusters;

/// <summary>Nodes in the test's process, on ports of the loopback address; the first one has the lowest address.</summary>
internal sealed class TestCluster : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actormd-akka-test-");
    private readonly List<TestNode> _nodes = [];
    private readonly string _settings;

    /// <param name="count">Nodes to begin with.</param>
    /// <param name="settings">HOCON, above that of the tests.</param>
    /// <param name="isTls">Whether the nodes have a certificate, which all share.</param>
    /// <param name="before">Gets the ports before a node is there; the last ones are free for strangers, and are dialled.</param>
    /// <param name="strangerCount">How many.</param>
    public TestCluster(int count, string settings = "", bool isTls = true, Action<int[]>? before = null, int strangerCount = 1)
    {
        _settings = settings;
        if (isTls)
        {
            CertificateFiles.Make(_folder.FullName, TimeSpan.FromDays(1));
            CertificateSettings = SettingsOf(_folder.FullName);
        }

        Ports = [.. FreePorts(count + strangerCount).Order()];
        before?.Invoke(Ports);
        for (int k = 0; k < count; k++)
        {
            Start(Ports[k]);
        }

        foreach (TestNode node in _nodes)
        {
            node.WaitFor(waiting => waiting.Members.Count == count, $"{count} members");
        }
    }

    /// <summary>HOCON that gives a node the certificate of the cluster.</summary>
    public string CertificateSettings { get; } = "";

    /// <summary>Of the nodes, and more for newcomers.</summary>
    public int[] Ports { get; }

    public IReadOnlyList<TestNode> Nodes => _nodes;

    /// <summary>HOCON that gives a node the certificate in a folder.</summary>
    public static string SettingsOf(string folder) => $$"""
        actormd.certificate-file = "{{Path.Combine(folder, CertificateFiles.CertificateName)}}"
        actormd.certificate-key-file = "{{Path.Combine(folder, CertificateFiles.KeyName)}}"

        """;

    /// <summary>Starts a node more.</summary>
    /// <param name="port">Where it listens.</param>
    /// <param name="settings">HOCON above that of the cluster.</param>
    public TestNode Start(int port, string settings = "")
    {
        string config = Path.Combine(_folder.FullName, $"{port}.conf");
        File.WriteAllText(config, $$"""
            akka.cluster.failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 2s }
            akka.cluster.split-brain-resolver { stable-after = 1s, lease-majority.acquire-lease-delay-for-minority = 4s }
            akka.cluster.down-removal-margin = 100ms
            actormd.seeds = [{{string.Join(", ", Ports.Select(seed => $"\"127.0.0.1:{seed}\""))}}]
            actormd.lease-folder = lease
            {{CertificateSettings}}
            {{_settings}}
            {{settings}}
            """);
        TestNode node = new(new AkkaOptions
        {
            ConfigPath = config,
            Port = port,
            CanCoordinate = true,
        });
        _nodes.Add(node);
        return node;
    }

    public void Dispose()
    {
        foreach (TestNode node in _nodes)
        {
            node.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Stop());
        return ports;
    }
}
