using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ActorMD.Actors.Tests;

/// <summary>Nodes in the test's process, on ports of the loopback address; the first one has the lowest address.</summary>
internal sealed class TestCluster : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actormd-akka-test-");
    private readonly List<TestNode> _nodes = [];
    private readonly string _settings;

    /// <param name="count">Nodes to begin with.</param>
    /// <param name="settings">HOCON, above that of the tests.</param>
    public TestCluster(int count, string settings = "")
    {
        _settings = settings;
        File.WriteAllBytes(SecretPath, RandomNumberGenerator.GetBytes(32));
        Ports = [.. FreePorts(count + 1).Order()];
        for (int k = 0; k < count; k++)
        {
            Start(Ports[k]);
        }

        foreach (TestNode node in _nodes)
        {
            node.WaitFor(waiting => waiting.Members.Count == count, $"{count} members");
        }
    }

    public string SecretPath => Path.Combine(_folder.FullName, "secret");

    /// <summary>Of the nodes, and one more for a newcomer.</summary>
    public int[] Ports { get; }

    public IReadOnlyList<TestNode> Nodes => _nodes;

    /// <summary>Starts a node more, with the secret of the cluster or another one.</summary>
    public TestNode Start(int port, string? secretPath = null)
    {
        string config = Path.Combine(_folder.FullName, $"{port}.conf");
        File.WriteAllText(config, $$"""
            akka.cluster.failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 2s }
            akka.cluster.split-brain-resolver { stable-after = 1s, lease-majority.acquire-lease-delay-for-minority = 1s }
            akka.cluster.down-removal-margin = 100ms
            {{_settings}}
            """);
        TestNode node = new(new AkkaOptions
        {
            ConfigPath = config,
            Port = port,
            Seeds = [$"127.0.0.1:{Ports[0]}", .. Ports.Skip(1).Select(other => $"127.0.0.1:{other}")],
            SecretPath = secretPath ?? SecretPath,
            LeaseFolder = Path.Combine(_folder.FullName, "lease"),
            CanCoordinate = true,
        });
        _nodes.Add(node);
        return node;
    }

    public string WriteSecret(byte[] secret)
    {
        string path = Path.Combine(_folder.FullName, "another-secret");
        File.WriteAllBytes(path, secret);
        return path;
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
