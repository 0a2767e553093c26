using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using ActorMD.Actors.Security;

namespace ActorMD.Actors.Links;

/// <summary>The way of packets to one peer: a queue, and a connection that is opened again when it breaks.</summary>
/// <remarks>
/// A packet of which the first byte was given to a connection is never sent again, so it arrives once or is lost; those behind it wait for
/// the next connection. The connection carries packets in this direction only; the peer opens another one for its own.
/// </remarks>
internal sealed class DataLink : IDisposable
{
    private const int BufferLength = 262_144;
    private const int RefusalCountOfTheDead = 2;
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(250);

    private readonly DataLinkOptions _options;
    private readonly string _peer;
    private readonly string _host;
    private readonly int _port;
    private readonly Complaints _complaints;
    private readonly Action _vanished;
    private readonly PacketQueue _queue;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private volatile bool _isBroken;
    private int _refusalCount; // in a row

    public DataLink(DataLinkOptions options, string peer, string host, int port, Complaints complaints, Action vanished)
    {
        _options = options;
        _peer = peer;
        _host = host;
        _port = port;
        _complaints = complaints;
        _vanished = vanished;
        _queue = new PacketQueue(options.QueueLengthMax);
        _closed = _closing.Token;
    }

    /// <summary>Bytes that wait.</summary>
    public long QueueLength => _queue.Length;

    /// <summary>Sends a packet when the connection has room for it. Its bytes must not be changed any more.</summary>
    public void Send(ReadOnlyMemory<byte> packet)
    {
        if (_closed.IsCancellationRequested)
        {
            return;
        }

        if (_queue.Add(packet) is int dropped and > 0)
        {
            _complaints.Add($"Node {_peer} takes no more data: packets that waited for it were dropped");
        }
    }

    /// <summary>Keeps the connection up until <see cref="Dispose"/>.</summary>
    public async Task RunAsync()
    {
        TimeSpan pause = PauseMin;
        long lastStamp = Stopwatch.GetTimestamp();
        while (!_closed.IsCancellationRequested)
        {
            long stamp = Stopwatch.GetTimestamp();
            try
            {
                using DataConnection connection = await OpenAsync();
                stamp = lastStamp = Stopwatch.GetTimestamp();
                _refusalCount = 0;
                await SendAllAsync(connection);
            }
            catch (Exception error)
            {
                CountRefusal(error);
                Report(error, lastStamp);
            }

            // A connection that has lasted is opened again at once.
            pause = Stopwatch.GetElapsedTime(stamp) > PauseMax && lastStamp == stamp ? PauseMin : TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, PauseMax.Ticks));
            await Task.Delay(pause, _closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _queue.Clear();
    }

    /// <summary>Closes the link; frees what waits.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _queue.Clear();
    }

    private async Task<DataConnection> OpenAsync()
    {
        if (_options.Certificate is null && !DataConnection.IsLoopback(_host))
        {
            throw StrangerException.Because("without certificates data goes to loopback addresses only");
        }

        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(_closed);
        time.CancelAfter(_options.GreetingTime);
        DataConnection connection = new(new Socket(SocketType.Stream, ProtocolType.Tcp), _options.Certificate);
        try
        {
            await connection.DialAsync(_host, _port, time.Token);
            DataGreeting greeting = new(_options.Version, _options.Self, _peer);
            await greeting.WriteAsync(connection.Stream, time.Token);
            await greeting.ReadAnswerAsync(connection.Stream, time.Token);
            return connection;
        }
        catch (Exception error)
        {
            connection.Dispose();
            throw error is OperationCanceledException ? new TimeoutException("it does not answer") : error;
        }
    }

    private async Task SendAllAsync(DataConnection connection)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        _isBroken = false;
        Task watch = WatchAsync(connection);
        try
        {
            while (!_isBroken && !_closed.IsCancellationRequested)
            {
                int length = _queue.Take(buffer, out ReadOnlyMemory<byte> rest);
                if (length == 0)
                {
                    await _queue.WaitAsync(_closed);
                    continue;
                }

                await connection.Stream.WriteAsync(buffer.AsMemory(0, length), _closed);
                if (rest.Length > 0)
                {
                    await connection.Stream.WriteAsync(rest, _closed);
                }
            }
        }
        finally
        {
            connection.Close();
            await watch;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The peer says nothing after its answer: whatever comes is the end.
    private async Task WatchAsync(DataConnection connection)
    {
        try
        {
            if (await connection.Stream.ReadAsync(new byte[1]) > 0)
            {
                _complaints.Add($"Refused the data connection to node {_peer}: it sends what no node sends");
            }
        }
        catch (Exception)
        {
            // Closed at this end, or broken.
        }

        _isBroken = true;
        connection.Close();
        _queue.Interrupt();
    }

    // No process listens at a port that the peer keeps open as long as it lives.
    private void CountRefusal(Exception error)
    {
        _refusalCount = error is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? _refusalCount + 1 : 0;
        if (_refusalCount == RefusalCountOfTheDead && !_closed.IsCancellationRequested)
        {
            _vanished();
        }
    }

    // That a peer dies is for others to tell; that it cannot be reached for a while, or that another one answers in its place, is not.
    private void Report(Exception error, long lastStamp)
    {
        if (_closed.IsCancellationRequested)
        {
            return;
        }

        if (error is StrangerException)
        {
            _complaints.Add($"Refused the data connection to node {_peer} at {_host}:{_port}: {error.Message}");
        }
        else if (Stopwatch.GetElapsedTime(lastStamp) >= _options.GreetingTime)
        {
            _complaints.Add($"There is no data connection to node {_peer} at {_host}:{_port}: {error.Message}");
        }
    }
}
