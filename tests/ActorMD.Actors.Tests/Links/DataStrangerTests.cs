using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorMD.Actors.Links;
using ActorMD.Actors.Security;

namespace ActorMD.Actors.Tests.Links;

/// <summary>A stranger at either end: refused, told once, and no other connection notices.</summary>
public sealed class DataStrangerTests : IDisposable
{
    private static readonly byte[] Http = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    private static readonly byte[] MessagePackNoise = [0xdd, 0xff, 0xff, 0xff, 0xff];

    private static readonly string[] Waits = ["it does not greet in time", "it does not answer", "no such node counts as there"];

    private readonly NodeCertificate _certificate = TestCertificates.Pinned();

    public static TheoryData<string, bool, string> Callers => new()
    {
        { "http", false, "it does not greet as ActorMD does" },
        { "noise", false, "it does not greet as ActorMD does" },
        { "messagepack", false, "it does not greet as ActorMD does" },
        { "silence", false, "it does not greet in time" },
        { "half", false, "it does not greet in time" },
        { "close", false, "it closes the connection before it has greeted" },
        { "long", false, "its greeting is too long" },
        { "lines", false, "its greeting has other lines" },
        { "letters", false, "its greeting is no text" },
        { "http", true, "it speaks no TLS" },
        { "noise", true, "it speaks no TLS" },
        { "messagepack", true, "it does not greet in time" },
        { "silence", true, "it does not greet in time" },
        { "close", true, "it breaks off before keys are agreed" },
        { "plain", true, "it speaks no TLS" },
    };

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [MemberData(nameof(Callers))]
    public void Who_dials_and_is_no_node_is_refused(string kind, bool isSecure, string reason)
    {
        using TestLinks a = Node("a", isSecure, reason), b = Node("b", isSecure);
        using Stranger stranger = new(a.Links.Port);
        stranger.Say(kind);
        a.WaitForReport(reason);
        AssertWorks(a, b);
        Assert.Single(a.Reports);
    }

    [Theory]
    [InlineData("wrong", "it shows a certificate that is not pinned here")]
    [InlineData("expired", "its certificate expired")]
    [InlineData("missing", "it shows no certificate")]
    public async Task Who_dials_with_a_certificate_that_does_not_count_is_refused(string kind, string reason)
    {
        using X509Certificate2 expired = TestCertificates.Make(isExpired: true), other = TestCertificates.Make();
        using NodeCertificate certificate = NodeCertificate.Pinned(_certificate.Certificate, [_certificate.Certificate, expired]);
        using TestLinks a = new("a", certificate), b = new("b", certificate);
        using TcpClient client = new("127.0.0.1", a.Links.Port);
        await using SslStream stream = new(client.GetStream(), false, (_, _, _, _) => true);
        X509Certificate2? shown = kind switch { "wrong" => other, "expired" => expired, _ => null };
        SslClientAuthenticationOptions options = new() { TargetHost = "127.0.0.1" };
        if (shown is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(shown, null, offline: true);
        }

        await Record.ExceptionAsync(() => stream.AuthenticateAsClientAsync(options));
        a.WaitForReport(reason);
        AssertWorks(a, b);
        Assert.Single(a.Reports);
    }

    [Theory]
    [InlineData("version", "it runs ActorMD another")]
    [InlineData("addressee", "it looks for node c, and this is a")]
    [InlineData("name", "no such node counts as there")]
    [InlineData("length", "it announces a packet of 4294967295 bytes")]
    public async Task Who_dials_and_is_no_node_of_this_cluster_is_refused(string kind, string reason)
    {
        using TestLinks a = Node("a", isSecure: false, reason), b = Node("b", isSecure: false);
        a.Connect(b);
        using TcpClient client = new("127.0.0.1", a.Links.Port);
        NetworkStream stream = client.GetStream();
        DataGreeting greeting = new(kind == "version" ? "another" : "test", kind == "name" ? "x" : "b", kind == "addressee" ? "c" : "a");
        await greeting.WriteAsync(stream, default);
        if (kind == "length")
        {
            await greeting.ReadAnswerAsync(stream, default);
            await stream.WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0xff });
        }

        a.WaitForReport(reason);
        AssertWorks(a, b);
    }

    [Theory]
    [InlineData("http", false, "it does not greet as ActorMD does")]
    [InlineData("noise", false, "it does not greet as ActorMD does")]
    [InlineData("messagepack", false, "it does not greet as ActorMD does")]
    [InlineData("echo", false, "it does not greet as ActorMD does")]
    [InlineData("close", false, "it closes the connection before it has greeted")]
    [InlineData("silence", false, "it does not answer")]
    [InlineData("http", true, "it speaks no TLS")]
    [InlineData("noise", true, "it speaks no TLS")]
    [InlineData("close", true, "it breaks off before keys are agreed")]
    [InlineData("silence", true, "it does not answer")]
    public void Who_is_dialled_and_is_no_node_is_refused(string kind, bool isSecure, string reason)
    {
        using TestLinks a = Node("a", isSecure, reason), b = Node("b", isSecure);
        using (FalseNode stranger = new(kind))
        {
            a.Links.Connect("c", "127.0.0.1", stranger.Port);
            a.Links.Send("c", new byte[100]);
            a.WaitForReport(reason);
            AssertWorks(a, b);
            Assert.Single(a.Reports);

            // The packet waits for whoever is right.
            using TestLinks c = Node("c", isSecure);
            c.Connect(a);
            a.Connect(c);
            a.Links.Send("c", new byte[101]);
            Assert.Equal(101, c.PacketsOf("a", 1)[0].Length);
        }
    }

    [Theory]
    [InlineData("wrong", "it shows a certificate that is not pinned here")]
    [InlineData("expired", "its certificate expired")]
    public void Who_is_dialled_and_shows_a_certificate_that_does_not_count_is_refused(string kind, string reason)
    {
        using X509Certificate2 expired = TestCertificates.Make(isExpired: true), other = TestCertificates.Make();
        X509Certificate2 shown = kind == "wrong" ? other : expired;
        using NodeCertificate ours = NodeCertificate.Pinned(_certificate.Certificate, [_certificate.Certificate, expired]);
        using NodeCertificate theirs = NodeCertificate.Pinned(shown, [_certificate.Certificate]);
        using TestLinks a = new("a", ours), b = new("b", theirs);
        a.Connect(b);
        a.Links.Send("b", new byte[1]);
        a.WaitForReport(reason);
        Assert.Equal(0, b.PacketCount);
    }

    [Fact]
    public void Another_process_at_the_address_of_a_peer_gets_nothing()
    {
        using TestLinks a = Node("a", isSecure: false), c = Node("c", isSecure: false);
        c.Connect(a);
        a.Links.Connect("b", "127.0.0.1", c.Links.Port);
        a.Links.Send("b", new byte[1]);
        c.WaitForReport("it looks for node b, and this is c");
        a.WaitForReport("it closes the connection before it has greeted");
        Assert.Equal(0, c.PacketCount);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Bytes_that_were_changed_on_their_way_harm_nobody(int seed, bool isSecure)
    {
        using TestLinks a = Node("a", isSecure), b = Node("b", isSecure);
        a.Connect(b);
        Random random = new(seed);
        for (int k = 0; k < 60; k++)
        {
            using TcpClient client = new("127.0.0.1", a.Links.Port);
            NetworkStream stream = client.GetStream();
            MemoryStream said = new();
            await new DataGreeting("test", "b", "a").WriteAsync(said, default);
            byte[] bytes = [.. said.ToArray(), .. new byte[random.Next(200)]];
            for (int change = random.Next(4); change >= 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            await Record.ExceptionAsync(async () => await stream.WriteAsync(bytes.AsMemory(0, random.Next(bytes.Length + 1))));
        }

        AssertWorks(a, b);
    }

    [Fact]
    public void A_crowd_that_says_nothing_keeps_nobody_out()
    {
        using TestLinks a = new("a"), b = new("b");
        List<Stranger> crowd = [.. Enumerable.Range(0, 200).Select(_ => new Stranger(a.Links.Port))];
        AssertWorks(a, b);
        crowd.ForEach(stranger => stranger.Dispose());
    }

    private static void AssertWorks(TestLinks a, TestLinks b)
    {
        a.Connect(b);
        b.Connect(a);
        TestLinks.WaitFor(
            () =>
            {
                a.Links.Send("b", new byte[200_000]);
                b.Links.Send("a", new byte[200_000]);
                Thread.Sleep(10);
                return a.Packets("b").Any(packet => packet.Length == 200_000) && b.Packets("a").Any(packet => packet.Length == 200_000);
            },
            "packets between the nodes");
    }

    // Patient on a machine that is busy, but where patience is what is tested.
    private TestLinks Node(string name, bool isSecure, string reason = "") => new(
        name, isSecure ? _certificate : null,
        change: options => options with { GreetingTime = TimeSpan.FromSeconds(Waits.Contains(reason) ? 2 : 30) });

    /// <summary>Dials, and says what no node says.</summary>
    private sealed class Stranger(int port) : IDisposable
    {
        private readonly TcpClient _client = new("127.0.0.1", port);

        public void Say(string kind)
        {
            MemoryStream greeting = new();
            new DataGreeting("test", "b", "a").WriteAsync(greeting, default).AsTask().Wait();
            byte[] head = greeting.ToArray()[..25];
            byte[] bytes = kind switch
            {
                "http" => Http,
                "noise" => Noise(),
                "messagepack" => MessagePackNoise,
                "half" => head,
                "long" => [.. head, 0xff, 0xff],
                "lines" => [.. head, 3, 0, .. "a\nb"u8],
                "letters" => [.. head, 2, 0, 0xff, 0xff],
                "plain" => greeting.ToArray(),
                _ => [],
            };
            try
            {
                _client.GetStream().Write(bytes);
            }
            catch (IOException)
            {
                // It was refused in the middle.
            }

            if (kind == "close")
            {
                _client.Client.Shutdown(SocketShutdown.Send);
            }
        }

        public void Dispose() => _client.Dispose();
    }

    /// <summary>Listens, and answers what no node answers.</summary>
    private sealed class FalseNode : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _clients = [];

        public FalseNode(string kind)
        {
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _ = RunAsync(kind);
        }

        public int Port { get; }

        public void Dispose()
        {
            _listener.Dispose();
            lock (_clients)
            {
                _clients.ForEach(client => client.Dispose());
            }
        }

        private async Task RunAsync(string kind)
        {
            try
            {
                while (true)
                {
                    TcpClient client = await _listener.AcceptTcpClientAsync().ConfigureAwait(false);
                    lock (_clients)
                    {
                        _clients.Add(client);
                    }

                    _ = AnswerAsync(client, kind);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Disposed.
            }
        }

        private static async Task AnswerAsync(TcpClient client, string kind)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                switch (kind)
                {
                    case "http":
                        await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
                        break;
                    case "noise":
                        await stream.WriteAsync(Noise()).ConfigureAwait(false);
                        break;
                    case "messagepack":
                        await stream.WriteAsync(MessagePackNoise).ConfigureAwait(false);
                        break;
                    case "echo":
                        await stream.CopyToAsync(stream).ConfigureAwait(false);
                        break;
                    case "close":
                        client.Client.Shutdown(SocketShutdown.Send);
                        break;
                }
            }
            catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
            {
                // It was refused in the middle.
            }
        }
    }

    private static byte[] Noise()
    {
        byte[] noise = new byte[1_000_000];
        new Random(9).NextBytes(noise);
        return noise;
    }
}
