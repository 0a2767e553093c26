using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using ActorMD.Actors.Links;
using ActorMD.Actors.Networks;
using ActorMD.Actors.Security;

namespace ActorMD.Actors.Tests.Links;

/// <summary>A node's data connections, with what has arrived and what was reported.</summary>
internal sealed class TestLinks : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Action<ReadOnlyMemory<byte>>? _taking;
    private readonly List<(string Peer, byte[] Packet)> _packets = [];
    private readonly List<string> _reports = [];
    private readonly ConcurrentQueue<string> _vanished = new();

    /// <param name="name">Of the node.</param>
    /// <param name="certificate">For TLS.</param>
    /// <param name="port">To listen at.</param>
    /// <param name="change">Of the options.</param>
    /// <param name="taking">Called for every packet; then it is not kept.</param>
    public TestLinks(
        string name, NodeCertificate? certificate = null, int port = 0, Func<DataLinkOptions, DataLinkOptions>? change = null,
        Action<ReadOnlyMemory<byte>>? taking = null)
    {
        Name = name;
        _taking = taking;
        DataLinkOptions options = new()
        {
            Self = name,
            EndPoint = new IPEndPoint(IPAddress.Loopback, port),
            Version = "test",
            Certificate = certificate,
        };
        Links = new DataLinks(change?.Invoke(options) ?? options, Take, Report, peer => _vanished.Enqueue(peer));
    }

    public string Name { get; }

    public DataLinks Links { get; }

    /// <summary>Peers whose processes were found to have ended.</summary>
    public string[] Vanished => [.. _vanished];

    public int PacketCount
    {
        get
        {
            lock (_packets)
            {
                return _packets.Count;
            }
        }
    }

    public string[] Reports
    {
        get
        {
            lock (_reports)
            {
                return [.. _reports];
            }
        }
    }

    /// <summary>Two nodes that know each other.</summary>
    public static (TestLinks A, TestLinks B) Pair(NodeCertificate? certificate = null)
    {
        TestLinks a = new("a", certificate), b = new("b", certificate);
        a.Connect(b);
        b.Connect(a);
        return (a, b);
    }

    /// <summary>Waits for what does not come at once.</summary>
    public static void WaitFor(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"still not: {what}");
            }

            Thread.Sleep(5);
        }
    }

    public void Connect(TestLinks other) => Links.Connect(other.Name, "127.0.0.1", other.Links.Port);

    /// <summary>What has come from a peer, when it is so many packets.</summary>
    public byte[][] PacketsOf(string peer, int count)
    {
        WaitFor(() => Packets(peer).Length >= count, $"{count} packets of {peer} at {Name}; reports: {string.Join("; ", Reports)}");
        return Packets(peer);
    }

    /// <summary>What has come from a peer.</summary>
    public byte[][] Packets(string peer)
    {
        lock (_packets)
        {
            return [.. _packets.Where(arrived => arrived.Peer == peer).Select(arrived => arrived.Packet)];
        }
    }

    /// <summary>The one report that contains a text.</summary>
    public void WaitForReport(string text)
    {
        WaitFor(
            () => Reports.Any(report => report.Contains(text, StringComparison.Ordinal)),
            $"a report of '{text}', only: {string.Join("; ", Reports)}");
        Assert.Single(Reports, report => report.Contains(text, StringComparison.Ordinal));
    }

    public void Dispose() => Links.Dispose();

    private void Take(string peer, ArrivedPacket arrived)
    {
        using ArrivedPacket owned = arrived;
        ReadOnlyMemory<byte> packet = owned.Bytes;
        if (_taking is not null)
        {
            _taking(packet);
            return;
        }

        lock (_packets)
        {
            _packets.Add((peer, packet.ToArray()));
        }
    }

    private void Report(string text)
    {
        lock (_reports)
        {
            _reports.Add(text);
        }
    }
}
