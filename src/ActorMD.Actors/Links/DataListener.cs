using System.Net;
using System.Net.Sockets;
using ActorMD.Files.Inputs;

namespace ActorMD.Actors.Links;

/// <summary>Listens at an address, and has every connection served.</summary>
internal sealed class DataListener : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;

    /// <exception cref="InputFaultException">The address cannot be listened at.</exception>
    public DataListener(IPEndPoint endPoint, bool isSecure)
    {
        if (!isSecure && !IPAddress.IsLoopback(endPoint.Address))
        {
            throw Fault(
                endPoint, "data connections would be open to any machine there", "give the nodes a certificate, or a loopback address");
        }

        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(endPoint);
            _socket.Listen();
        }
        catch (SocketException error)
        {
            _socket.Dispose();
            throw Fault(endPoint, $"it cannot be listened at: {error.Message}", "give an address of this machine and a free port");
        }
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Accepts connections until <see cref="Dispose"/>.</summary>
    public async Task RunAsync(Action<Socket> serve, CancellationToken closed)
    {
        while (!closed.IsCancellationRequested)
        {
            try
            {
                serve(await _socket.AcceptAsync(closed));
            }
            catch (SocketException)
            {
                // It broke off at once, or this process has too many files open.
                await Task.Delay(Pause, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static InputFaultException Fault(IPEndPoint endPoint, string problem, string remedy) =>
        new(new InputFault(endPoint.ToString(), null, null, problem, remedy));
}
