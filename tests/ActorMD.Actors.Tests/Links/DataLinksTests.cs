using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ActorMD.Actors.Security;

namespace ActorMD.Actors.Tests.Links;

public sealed class DataLinksTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Packets_of_all_lengths_arrive_in_order_both_ways_at_once(bool isSecure)
    {
        using NodeCertificate? certificate = isSecure ? TestCertificates.Pinned() : null;
        (TestLinks a, TestLinks b) = TestLinks.Pair(certificate);
        using (a)
        using (b)
        {
            int[] lengths = [0, 1, 1000, 1_000_000, 30_000_000, 7, 0, 131_068, 131_069, 32_768, 32_769, 5_000_000, 3, 30_000_001];
            byte[][] packets = [.. lengths.Select((length, k) => Bytes(length, k))];
            foreach (byte[] packet in packets)
            {
                a.Links.Send("b", packet);
                b.Links.Send("a", packet);
            }

            AssertSame(packets, b.PacketsOf("a", packets.Length));
            AssertSame(packets, a.PacketsOf("b", packets.Length));
            // On a busy machine a first greeting may be too late, and is made again.
            Assert.DoesNotContain(
                a.Reports.Concat(b.Reports),
                report => !report.Contains("in time", StringComparison.Ordinal) && !report.Contains("no data connection", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Thousands_of_short_packets_arrive_in_order(bool isSecure)
    {
        using NodeCertificate? certificate = isSecure ? TestCertificates.Pinned() : null;
        (TestLinks a, TestLinks b) = TestLinks.Pair(certificate);
        using (a)
        using (b)
        {
            byte[][] packets = [.. Enumerable.Range(0, 20_000).Select(k => Bytes(k % 1500, k))];
            Array.ForEach(packets, packet => a.Links.Send("b", packet));
            AssertSame(packets, b.PacketsOf("a", packets.Length));
        }
    }

    [Fact]
    public void What_is_sent_before_the_peer_is_there_arrives_later()
    {
        using TestLinks a = new("a");
        int port = FreePort();
        a.Links.Connect("b", "127.0.0.1", port);
        a.Links.Send("b", Bytes(10, 1));
        using TestLinks b = new("b", port: port);
        Thread.Sleep(200);
        b.Connect(a);
        AssertSame([Bytes(10, 1)], b.PacketsOf("a", 1));
    }

    [Fact]
    public void Nothing_goes_to_a_peer_that_does_not_count_as_there()
    {
        (TestLinks a, TestLinks b) = TestLinks.Pair();
        using (a)
        using (b)
        {
            a.Links.Send("b", Bytes(1, 1));
            b.PacketsOf("a", 1);
            a.Links.Disconnect("b");
            a.Links.Send("b", Bytes(1, 2));
            a.Links.Send("nobody", Bytes(1, 3));
            Assert.Equal(0, a.Links.QueueLength);
            a.Connect(b);
            a.Links.Send("b", Bytes(1, 4));
            AssertSame([Bytes(1, 1), Bytes(1, 4)], b.PacketsOf("a", 2));
        }
    }

    [Fact]
    public void A_peer_that_is_removed_is_not_heard_any_more()
    {
        (TestLinks a, TestLinks b) = TestLinks.Pair();
        using (a)
        using (b)
        {
            a.Links.Send("b", Bytes(1, 1));
            b.PacketsOf("a", 1);
            b.Links.Disconnect("a");
            for (int k = 0; k < 50; k++)
            {
                a.Links.Send("b", Bytes(1, k));
                Thread.Sleep(2);
            }

            Assert.Single(b.Packets("a"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_peer_that_comes_back_at_its_address_gets_packets_again(bool isSecure)
    {
        using NodeCertificate? certificate = isSecure ? TestCertificates.Pinned() : null;
        using TestLinks a = new("a", certificate);
        int port = FreePort();
        a.Links.Connect("b", "127.0.0.1", port);
        for (int life = 0; life < 5; life++)
        {
            using TestLinks b = new("b", certificate, port);
            b.Connect(a);
            TestLinks.WaitFor(
                () =>
                {
                    a.Links.Send("b", Bytes(300_000, life));
                    b.Links.Send("a", Bytes(300_000, life));
                    Thread.Sleep(20);
                    return b.PacketCount > 0 && a.Packets("b").Any(packet => packet.SequenceEqual(Bytes(300_000, life)));
                },
                $"packets in life {life}");
        }
    }

    /// <summary>
    /// Where a port is closed its process has ended. One that listens and says nothing may be paused, and is left in peace.
    /// </summary>
    [Fact]
    public void A_peer_whose_port_is_closed_has_ended_and_one_that_is_silent_has_not()
    {
        using TestLinks a = new("a", change: options => options with { GreetingTime = TimeSpan.FromMilliseconds(100) }), b = new("b");
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        a.Links.Connect("silent", "127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port);
        a.Connect(b);
        b.Connect(a);
        a.Links.Send("b", Bytes(100, 1));
        b.PacketsOf("a", 1);
        Thread.Sleep(300);
        Assert.Empty(a.Vanished);
        b.Dispose();
        TestLinks.WaitFor(() => a.Vanished.Length > 0, "the end of b");
        Thread.Sleep(300);
        Assert.Equal(["b"], a.Vanished);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Broken_connections_lose_whole_packets_at_most(int seed, bool isSecure)
    {
        using NodeCertificate? certificate = isSecure ? TestCertificates.Pinned() : null;
        using TestLinks a = new("a", certificate), b = new("b", certificate);
        using CuttingProxy proxy = new(b.Links.Port, seed);
        a.Links.Connect("b", "127.0.0.1", proxy.Port);
        b.Connect(a);
        Random random = new(seed);
        List<byte[]> sent = [];
        while (proxy.CutCount < 12)
        {
            byte[] packet = Bytes(random.Next(4) == 0 ? random.Next(400_000) + 4 : random.Next(2000) + 4, seed);
            BinaryPrimitives.WriteInt32LittleEndian(packet, sent.Count);
            sent.Add(packet);
            a.Links.Send("b", packet);
            if (random.Next(20) == 0)
            {
                Thread.Sleep(1);
            }
        }

        proxy.StopCutting();
        int last = sent.Count;
        byte[] end = [.. BitConverter.GetBytes(last), 1, 2, 3];
        sent.Add(end);
        a.Links.Send("b", end);
        TestLinks.WaitFor(() => b.Packets("a").LastOrDefault()?.SequenceEqual(end) == true, "the last packet");
        byte[][] arrived = b.Packets("a");
        int[] numbers = [.. arrived.Select(packet => BinaryPrimitives.ReadInt32LittleEndian(packet))];
        Assert.Equal(numbers.Distinct().Order(), numbers);
        Assert.All(arrived.Zip(numbers), pair => Assert.True(pair.First.AsSpan().SequenceEqual(sent[pair.Second])));
    }

    [Fact]
    public void A_peer_that_takes_nothing_costs_no_more_memory_than_is_allowed()
    {
        using ManualResetEventSlim waking = new(false);
        using TestLinks a = new("a", change: options => options with { QueueLengthMax = 10 << 20 });
        using TestLinks b = new("b", taking: _ => waking.Wait());
        a.Connect(b);
        b.Connect(a);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int k = 0; k < 400; k++)
        {
            a.Links.Send("b", new byte[1 << 20]);
            Assert.True(a.Links.QueueLength <= 10 << 20);
        }

        a.WaitForReport("packets that waited for it were dropped");
        // What waits, what is under way, and two packets at the other end; other tests of this process have memory, too, for some time.
        TestLinks.WaitFor(() => GC.GetTotalMemory(forceFullCollection: true) - before < 24 << 20, "memory that is given back");
        waking.Set();
    }

    [Fact]
    public void Only_one_packet_of_a_peer_is_taken_at_a_time()
    {
        int taking = 0, together = 0, count = 0;
        using TestLinks b = new("b", taking: _ =>
        {
            together = Math.Max(together, Interlocked.Increment(ref taking));
            Thread.Yield();
            Interlocked.Decrement(ref taking);
            Interlocked.Increment(ref count);
        });
        using TestLinks a = new("a");
        using CuttingProxy proxy = new(b.Links.Port, 5);
        b.Connect(a);
        a.Links.Connect("b", "127.0.0.1", proxy.Port);
        while (proxy.CutCount < 12)
        {
            a.Links.Send("b", new byte[1000]);
            Thread.Yield();
        }

        Assert.True(count > 0);
        Assert.Equal(1, together);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Disposal_ends_everything_in_the_middle_of_work(bool isSecure)
    {
        using NodeCertificate? certificate = isSecure ? TestCertificates.Pinned() : null;
        (TestLinks a, TestLinks b) = TestLinks.Pair(certificate);
        using (a)
        using (b)
        {
            for (int k = 0; k < 100; k++)
            {
                a.Links.Send("b", new byte[1 << 20]);
                b.Links.Send("a", new byte[1 << 20]);
            }

            b.PacketsOf("a", 3);
            int port = b.Links.Port;
            b.Dispose();
            int count = b.PacketCount;
            using TestLinks next = new("c", certificate, port);
            a.Dispose();
            a.Links.Send("b", new byte[10]);
            a.Links.Connect("b", "127.0.0.1", port);
            Thread.Sleep(100);
            Assert.Equal(count, b.PacketCount);
            Assert.Equal((0, 0), (a.Links.RunningCount, b.Links.RunningCount));
        }
    }

    [Fact]
    public void Who_takes_a_packet_may_dispose()
    {
        using ManualResetEventSlim disposed = new(false);
        TestLinks? b = null;
        b = new TestLinks("b", taking: _ =>
        {
            b!.Dispose();
            disposed.Set();
        });
        using TestLinks a = new("a");
        a.Connect(b);
        b.Connect(a);
        a.Links.Send("b", new byte[10]);
        Assert.True(disposed.Wait(TimeSpan.FromSeconds(60)));
        TestLinks.WaitFor(() => b.Links.RunningCount == 0, "the end of all work");
    }

    [Fact]
    public void A_packet_above_the_limit_is_a_fault_of_the_sender()
    {
        using TestLinks a = new("a", change: options => options with { PacketLengthMax = 100 });
        Assert.Throws<ArgumentOutOfRangeException>(() => a.Links.Send("b", new byte[101]));
    }

    [Fact]
    public void Without_certificates_only_this_machine_is_listened_to_and_dialled()
    {
        Assert.Throws<Files.Inputs.InputFaultException>(
            () => new TestLinks("a", change: options => options with { EndPoint = new IPEndPoint(IPAddress.Any, 0) }));
        using TestLinks a = new("a");
        a.Links.Connect("b", "192.0.2.1", 1000);
        a.WaitForReport("loopback addresses only");
    }

    [Fact]
    public void A_port_that_is_taken_is_a_fault_of_the_settings()
    {
        using TestLinks a = new("a");
        Assert.Throws<Files.Inputs.InputFaultException>(() => new TestLinks("b", port: a.Links.Port));
    }

    private static byte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void AssertSame(byte[][] expected, byte[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second)));
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
