using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorMD.Actors.Security;
using ActorMD.Actors.Tests.Clusters;

namespace ActorMD.Actors.Tests.Security;

/// <summary>Strangers dial the nodes of a cluster, and are dialled by them; the cluster goes on.</summary>
public sealed class StrangersAtTheDoorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Who_dials_a_node_and_speaks_no_tls_is_closed_and_told_of_once()
    {
        using TestCluster cluster = new(2);
        TestNode node = cluster.Nodes[0];
        for (int k = 0; k < 3; k++)
        {
            await KnockAsync(node.Port, [.. Knocking.Kinds, "nesting"]);
        }

        node.WaitFor(waiting => waiting.Warnings.Any(text => text.Contains("speaks no TLS")), "a refusal in the log");
        node.WaitFor(waiting => waiting.Warnings.Any(text => text.Contains("before TLS was agreed on")), "a refusal in the log");
        AssertGoesOn(cluster);
        Assert.Equal(2, node.Warnings.Count(text => text.Contains("Refused the connection with 127.0.0.1:")));
    }

    [Fact]
    public async Task Without_tls_who_dials_a_node_is_closed_as_well()
    {
        using TestCluster cluster = new(2, isTls: false);
        await KnockAsync(cluster.Nodes[0].Port, [.. Knocking.Kinds, "nesting"]);

        using (TcpClient connection = new("127.0.0.1", cluster.Nodes[0].Port))
        {
            using X509Certificate2 certificate = IssuedCertificates.Node();
            await Knocking.ShowAsync(certificate, connection, isServer: false).WaitAsync(Patience);
        }

        cluster.Nodes[0].WaitFor(waiting => waiting.Warnings.Any(text => text.Contains("longer than any")), "a refusal in the log");
        AssertGoesOn(cluster);
    }

    [Theory]
    [InlineData("another", "not pinned")]
    [InlineData("expired", "expired")]
    [InlineData("missing", "no certificate")]
    public async Task Who_dials_a_node_with_a_wrong_certificate_is_refused_with_the_reason(string kind, string reason)
    {
        using X509Certificate2 expired = IssuedCertificates.Node(until: DateTimeOffset.UtcNow.AddMinutes(-1));
        using X509Certificate2 another = IssuedCertificates.Node();
        using PinnedFolder pinned = new(expired);
        using TestCluster cluster = new(2, pinned.Settings);
        for (int k = 0; k < 3; k++)
        {
            using TcpClient connection = new("127.0.0.1", cluster.Nodes[0].Port);
            await Knocking.ShowAsync(kind == "missing" ? null : kind == "expired" ? expired : another, connection, isServer: false)
                .WaitAsync(Patience);
        }

        cluster.Nodes[0].WaitFor(waiting => waiting.Warnings.Any(text => text.Contains(reason)), "a refusal in the log");
        AssertGoesOn(cluster);
        Assert.Single(cluster.Nodes[0].Warnings, text => text.Contains("Refused the connection"));
    }

    /// <summary>Among the addresses that the nodes dial are strangers who do everything that can be done.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whom_a_node_dials_may_do_what_he_likes(bool isTls)
    {
        Host[] hosts = [.. Knocking.Kinds.Select(kind => new Host(connection => Knocking.DoAsync(kind, connection)))];
        using TestCluster cluster = new(2, "", isTls, ports => Listen(hosts, ports), hosts.Length);
        for (int k = 0; k < hosts.Length; k++)
        {
            Host host = hosts[k];
            cluster.Nodes[0].WaitFor(_ => host.Count > 0, $"a call of {Knocking.Kinds[k]}");
        }

        // Akka.Remote would make the node leave at once.
        Thread.Sleep(2000);
        AssertGoesOn(cluster);
        Array.ForEach(hosts, host => host.Dispose());
    }

    [Theory]
    [InlineData("another", "not pinned")]
    [InlineData("expired", "expired")]
    public void Whom_a_node_dials_must_show_the_right_certificate(string kind, string reason)
    {
        using X509Certificate2 certificate = IssuedCertificates.Node(
            until: kind == "expired" ? DateTimeOffset.UtcNow.AddMinutes(-1) : null);
        using PinnedFolder pinned = new(kind == "expired" ? certificate : IssuedCertificates.Node());
        using Host host = new(connection => Knocking.ShowAsync(certificate, connection, isServer: true));
        using TestCluster cluster = new(2, pinned.Settings, before: ports => Listen([host], ports));
        cluster.Nodes[1].WaitFor(_ => cluster.Nodes.Any(node => node.Warnings.Any(text => text.Contains(reason))), "a refusal in the log");
        AssertGoesOn(cluster);
        Assert.All(cluster.Nodes, node => Assert.True(node.Warnings.Count(text => text.Contains("Refused the connection")) <= 1));
    }

    [Fact]
    public void Nodes_with_and_without_tls_do_not_come_together()
    {
        using TestCluster cluster = new(2);
        TestNode plain = cluster.Start(cluster.Ports[2], "actormd { certificate-file = \"\", certificate-key-file = \"\" }");
        cluster.Nodes[0].WaitFor(node => node.Warnings.Any(text => text.Contains("speaks no TLS")), "a refusal in the log");
        AssertGoesOn(cluster);
        Assert.Empty(plain.Members);
    }

    [Fact]
    public void A_node_of_another_cluster_is_refused_and_survives_it()
    {
        using TestCluster cluster = new(2);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("actormd-other-");
        CertificateFiles.Make(folder.FullName, TimeSpan.FromDays(1));
        TestNode stranger = cluster.Start(cluster.Ports[2], TestCluster.SettingsOf(folder.FullName));
        folder.Delete(recursive: true);
        cluster.Nodes[0].WaitFor(_ => stranger.Warnings.Any(text => text.Contains("not pinned")), "a refusal in the log of the stranger");
        AssertGoesOn(cluster);
        Assert.Empty(stranger.Members);
        Assert.False(stranger.Node.System.WhenTerminated.IsCompleted);
    }

    [Fact]
    public void An_authority_brings_nodes_with_certificates_of_their_own_together()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("actormd-authority-");
        using X509Certificate2 root = IssuedCertificates.Authority();
        File.WriteAllText(Path.Combine(folder.FullName, "authority.pem"), root.ExportCertificatePem());
        IssuedCertificates.Write(folder.FullName, IssuedCertificates.Node(root));
        string authority = $"actormd.authority-file = \"{Path.Combine(folder.FullName, "authority.pem")}\"\n";
        using TestCluster cluster = new(1, authority + TestCluster.SettingsOf(folder.FullName));
        IssuedCertificates.Write(folder.FullName, IssuedCertificates.Node(root));
        cluster.Start(cluster.Ports[1]);
        cluster.Nodes[0].WaitFor(node => node.Members.Count == 2, "the second node");
        cluster.Nodes[1].WaitFor(node => node.Members.Count == 2, "the first node");
        AssertGoesOn(cluster);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_program_of_another_version_is_refused_and_both_versions_are_named()
    {
        using TestCluster cluster = new(2);
        TestNode old = cluster.Start(cluster.Ports[2], "akka.cluster.app-version = \"9.9.9\"");
        cluster.Nodes[0].WaitFor(
            _ => cluster.Nodes.Take(2)
                .Any(node => node.Warnings.Any(text => text.Contains("9.9.9") && text.Contains("0.1.0"))), "a refusal in the log");
        old.WaitFor(node => node.Ended.IsCompleted, "the end of the newcomer");
        AssertGoesOn(cluster);
        Assert.DoesNotContain(old.Node.Self, cluster.Nodes[0].Members);
    }

    /// <summary>Strangers knock at the same time.</summary>
    internal static Task KnockAsync(int port, params string[] kinds) => Task.WhenAll(kinds.Select(async kind =>
    {
        using TcpClient connection = new("127.0.0.1", port);
        await Knocking.DoAsync(kind, connection).WaitAsync(Patience);
    }));

    internal static void AssertGoesOn(TestCluster cluster)
    {
        byte[] packet = RandomNumberGenerator.GetBytes(1_000_000);
        TestNode one = cluster.Nodes[0], other = cluster.Nodes[1];
        one.Send(other.Node.Self, packet);
        other.WaitFor(node => node.Packets.Any(arrived => arrived.Packet.Bytes.Span.SequenceEqual(packet)), "a packet");
        other.Send(one.Node.Self, packet);
        one.WaitFor(node => node.Packets.Any(arrived => arrived.Packet.Bytes.Span.SequenceEqual(packet)), "a packet");
        Assert.Equal(2, one.Members.Count);
        Assert.Equal(2, other.Members.Count);
        Assert.True(one.IsUp && other.IsUp);
    }

    private static void Listen(Host[] hosts, int[] ports)
    {
        for (int k = 0; k < hosts.Length; k++)
        {
            hosts[k].Listen(ports[^(k + 1)]);
        }
    }

    /// <summary>A stranger who is dialled.</summary>
    private sealed class Host(Func<TcpClient, Task> serve) : IDisposable
    {
        private TcpListener? _listener;
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Listen(int port)
        {
            _listener = new TcpListener(IPAddress.Loopback, port);
            _listener.Start();
            _ = AcceptAsync(_listener);
        }

        public void Dispose() => _listener?.Stop();

        private async Task AcceptAsync(TcpListener listener)
        {
            try
            {
                while (true)
                {
                    TcpClient connection = await listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _count);
                    _ = serve(connection);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Disposed.
            }
        }
    }

    /// <summary>The certificate of a cluster, pinned beside another one.</summary>
    private sealed class PinnedFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actormd-pinned-");

        public PinnedFolder(X509Certificate2 other)
        {
            CertificateFiles.Make(_folder.FullName, TimeSpan.FromDays(1));
            string path = Path.Combine(_folder.FullName, "pinned.pem");
            File.WriteAllText(
                path, File.ReadAllText(Path.Combine(_folder.FullName, CertificateFiles.CertificateName)) + other.ExportCertificatePem()
                + "\n");
            Settings = TestCluster.SettingsOf(_folder.FullName) + $"actormd.pinned-file = \"{path}\"\n";
        }

        public string Settings { get; }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
