using System.Net;
using System.Net.Sockets;
using ActorMD.Actors.Networks;
using ActorMD.Actors.Security;

namespace ActorMD.Actors.Links;

/// <summary>
/// The data connections of a node with the others: whole packets in order, fast, beside what holds the cluster together.
/// </summary>
/// <remarks>
/// Every node listens, and sends on a connection that it opens itself. Packets may be lost when a connection breaks, but never arrive in
/// part, changed or twice. A connection that does not begin with the greeting of a present node of this cluster is refused, and reported
/// once. Nothing of actors is here.
/// </remarks>
internal sealed class DataLinks : IDisposable
{
    // Connections that have not greeted; the oldest makes room for one more.
    private const int GuestCountMax = 64;
    private static readonly TimeSpan PeerInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan EndTime = TimeSpan.FromMilliseconds(150);

    private readonly DataLinkOptions _options;
    private readonly Action<string, ArrivedPacket> _arrived;
    private readonly Complaints _complaints;
    private readonly Action<string>? _vanished;
    private readonly DataListener _listener;
    private readonly Dictionary<string, DataPeer> _peers = [];
    private readonly LinkedList<DataConnection> _guests = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private readonly CountdownEvent _running = new(1);
    private bool _isDisposed;

    /// <param name="options">This node's name and limits.</param>
    /// <param name="arrived">
    /// Takes the name of a peer and a packet of it, which the taker disposes when it has read it; called by one thread at a time for each
    /// peer. While it does not return, nothing more is read from that peer.
    /// </param>
    /// <param name="refused">Takes, for the log, which connection was refused and why. Called on any thread.</param>
    /// <param name="vanished">
    /// Takes the name of a peer whose process has ended: its computer refuses connections at the port. Called on any thread, once a peer.
    /// </param>
    /// <exception cref="Files.Inputs.InputFaultException">The address cannot be listened at.</exception>
    public DataLinks(
        DataLinkOptions options, Action<string, ArrivedPacket> arrived, Action<string> refused, Action<string>? vanished = null)
    {
        _options = options;
        _arrived = arrived;
        _vanished = vanished;
        _complaints = new Complaints(refused);
        _closed = _closing.Token;
        _listener = new DataListener(options.EndPoint, options.Certificate is not null);
        Port = _listener.Port;
        Run(() => _listener.RunAsync(socket => Run(() => ServeAsync(socket)), _closed));
    }

    /// <summary>Where this node listens.</summary>
    public int Port { get; }

    /// <summary>Whatever waits to be sent, in bytes.</summary>
    internal long QueueLength
    {
        get
        {
            lock (_gate)
            {
                return _peers.Values.Sum(peer => peer.Link.QueueLength);
            }
        }
    }

    /// <summary>Loops and connections that are at work.</summary>
    internal int RunningCount => _running.CurrentCount;

    /// <summary>A peer counts as there from now on: it is dialled, and heard when it dials.</summary>
    public void Connect(string peer, string host, int port)
    {
        DataLink link = new(_options, peer, host, port, _complaints, () => _vanished?.Invoke(peer));
        DataPeer? before;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _peers.Remove(peer, out before);
            _peers[peer] = new DataPeer(link);
            Run(link.RunAsync);
        }

        before?.Dispose();
    }

    /// <summary>A peer counts as there no more: what waits for it is dropped, and no packet of it arrives any more.</summary>
    public void Disconnect(string peer)
    {
        DataPeer? gone;
        lock (_gate)
        {
            _peers.Remove(peer, out gone);
        }

        gone?.Dispose();
    }

    /// <summary>Sends a packet as soon as the peer takes it; never waits. A peer that does not count as there gets none.</summary>
    /// <param name="peer">Its name.</param>
    /// <param name="packet">It must not be changed from now on: it is read later, and left to the garbage collector.</param>
    public void Send(string peer, ReadOnlyMemory<byte> packet)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, _options.PacketLengthMax);
        Find(peer)?.Link.Send(packet);
    }

    /// <summary>Closes everything.</summary>
    public void Dispose()
    {
        DataPeer[] peers;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            peers = [.. _peers.Values];
            _peers.Clear();
        }

        _closing.Cancel();
        _listener.Dispose();
        Array.ForEach(peers, peer => peer.Dispose());
        _running.Signal();
        // Longer only if a packet is being taken, perhaps by the thread that disposes.
        _running.Wait(EndTime);
    }

    private DataPeer? Find(string peer)
    {
        lock (_gate)
        {
            return _peers.GetValueOrDefault(peer);
        }
    }

    private void Run(Func<Task> work)
    {
        if (_running.TryAddCount())
        {
            _ = Task.Run(async () =>
            {
                try
                {
                    await work();
                }
                finally
                {
                    _running.Signal();
                }
            });
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        string peer = (socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "an unknown address";
        using DataConnection connection = new(socket, _options.Certificate);
        try
        {
            await ServeAsync(connection, name => peer = name);
        }
        catch (Exception error) when (error is StrangerException or TimeoutException)
        {
            if (!_closed.IsCancellationRequested)
            {
                _complaints.Add($"Refused a data connection of {peer}: {error.Message}");
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It has ended; whoever dialled dials again.
        }
        catch (Exception error)
        {
            _complaints.Add($"Closed a data connection of {peer}: {error.Message}");
        }
    }

    private async Task ServeAsync(DataConnection connection, Action<string> named)
    {
        DataPeer peer;
        string name;
        Welcome(connection);
        using (CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(_closed))
        {
            time.CancelAfter(_options.GreetingTime);
            try
            {
                await connection.AcceptAsync(time.Token);
                DataGreeting greeting = await ReadGreetingAsync(connection, time.Token);
                named(name = greeting.From);
                peer = await FindAsync(name, time.Token);
                if (!await peer.TryAdoptAsync(connection, time.Token))
                {
                    return;
                }

                try
                {
                    await greeting.AnswerAsync(connection.Stream, _options.Version, time.Token);
                }
                catch
                {
                    peer.Release();
                    throw;
                }
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException("it does not greet in time");
            }
            finally
            {
                Dismiss(connection);
            }
        }

        try
        {
            await ReceiveAsync(connection, peer, name);
        }
        finally
        {
            peer.Release();
        }
    }

    private async Task<DataGreeting> ReadGreetingAsync(DataConnection connection, CancellationToken token)
    {
        DataGreeting greeting = await DataGreeting.ReadAsync(connection.Stream, token);
        if (greeting.Version != _options.Version)
        {
            throw StrangerException.Version(greeting.Version, _options.Version);
        }

        return greeting.To == _options.Self
            ? greeting
            : throw StrangerException.Because($"it looks for node {greeting.To}, and this is {_options.Self}");
    }

    // The other end may know of this node before this end knows of it.
    private async Task<DataPeer> FindAsync(string name, CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            if (Find(name) is { } peer)
            {
                return peer;
            }

            await Task.Delay(PeerInterval, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        throw StrangerException.Because("no such node counts as there");
    }

    private async Task ReceiveAsync(DataConnection connection, DataPeer peer, string name)
    {
        using PacketReader reader = new(connection.Stream, _options.PacketLengthMax);
        do
        {
            while (reader.TryTake(out ArrivedPacket? packet))
            {
                if (!peer.IsCurrent(connection))
                {
                    return;
                }

                _arrived(name, packet);
            }
        }
        while (await reader.FillAsync(_closed));
    }

    private void Welcome(DataConnection connection)
    {
        lock (_gate)
        {
            if (_guests.Count == GuestCountMax)
            {
                _guests.First!.Value.Close();
                _guests.RemoveFirst();
            }

            _guests.AddLast(connection);
        }
    }

    private void Dismiss(DataConnection connection)
    {
        lock (_gate)
        {
            _guests.Remove(connection);
        }
    }
}
