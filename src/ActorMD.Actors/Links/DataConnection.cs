using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ActorMD.Actors.Security;

namespace ActorMD.Actors.Links;

/// <summary>One TCP connection, encrypted if the nodes have certificates. Closing it ends what goes on with it, on any thread.</summary>
internal sealed class DataConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly NodeCertificate? _certificate;
    private Stream? _stream;

    public DataConnection(Socket socket, NodeCertificate? certificate)
    {
        _socket = socket;
        _certificate = certificate;
        socket.NoDelay = true;
        // A machine that has vanished is noticed here, should the cluster not notice it.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
    }

    /// <summary>For the greeting and the packets, after <see cref="AcceptAsync"/> or <see cref="DialAsync"/>.</summary>
    public Stream Stream => _stream ?? throw new InvalidOperationException("the connection is not open");

    /// <summary>Opens the end that has dialled.</summary>
    /// <exception cref="StrangerException">The other end does not prove that it is a node of this cluster.</exception>
    public async Task DialAsync(string host, int port, CancellationToken token)
    {
        await _socket.ConnectAsync(host, port, token);
        await SecureAsync((stream, refused) => stream.AuthenticateAsClientAsync(_certificate!.ClientOptions(host, refused), token));
    }

    /// <summary>Opens the end that was dialled.</summary>
    /// <exception cref="StrangerException">The other end does not prove that it is a node of this cluster.</exception>
    public Task AcceptAsync(CancellationToken token) =>
        SecureAsync((stream, refused) => stream.AuthenticateAsServerAsync(_certificate!.ServerOptions(refused), token));

    /// <summary>Whether a host is this machine for certain, without a name server.</summary>
    public static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Ends every reading and writing with an exception.</summary>
    public void Close() => _socket.Dispose();

    /// <summary>After the last reading and writing.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _stream?.Dispose();
    }

    private async Task SecureAsync(Func<SslStream, Action<string>, Task> authenticate)
    {
        NetworkStream plain = new(_socket, ownsSocket: false);
        _stream = plain;
        if (_certificate is null)
        {
            return;
        }

        SslStream stream = new(plain);
        _stream = stream;
        string? objection = null;
        try
        {
            await authenticate(stream, reason => objection = reason);
        }
        catch (AuthenticationException error)
        {
            throw StrangerException.Because(
                objection ?? $"it speaks no TLS with a certificate of this cluster: {(error.InnerException ?? error).Message}");
        }
        catch (IOException error)
        {
            throw StrangerException.Because(objection ?? $"it breaks off before keys are agreed: {error.Message}");
        }
    }
}
