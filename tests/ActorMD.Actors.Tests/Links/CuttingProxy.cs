using System.Net;
using System.Net.Sockets;

namespace ActorMD.Actors.Tests.Links;

/// <summary>Passes connections on to a port, and breaks each of them after some number of bytes.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly Random _random;
    private volatile bool _isCutting = true;
    private int _cutCount;

    public CuttingProxy(int target, int seed)
    {
        _target = target;
        _random = new Random(seed);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = RunAsync();
    }

    public int Port { get; }

    /// <summary>How often it has broken a connection.</summary>
    public int CutCount => Volatile.Read(ref _cutCount);

    public void StopCutting() => _isCutting = false;

    public void Dispose() => _listener.Dispose();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                // Some do not live to greet.
                int life = _random.Next(5) == 0 ? _random.Next(100) : _random.Next(2_000_000);
                _ = PassAsync(await _listener.AcceptTcpClientAsync().ConfigureAwait(false), life);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task PassAsync(TcpClient client, int life)
    {
        using TcpClient server = new();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target).ConfigureAwait(false);
                NetworkStream up = client.GetStream(), down = server.GetStream();
                Task back = down.CopyToAsync(up);
                byte[] buffer = new byte[65536];
                while (true)
                {
                    int count = await up.ReadAsync(buffer).ConfigureAwait(false);
                    life -= count;
                    int passed = _isCutting && life < 0 ? count + life : count;
                    await down.WriteAsync(buffer.AsMemory(0, passed)).ConfigureAwait(false);
                    if (count == 0 || passed < count)
                    {
                        Interlocked.Increment(ref _cutCount);
                        return;
                    }
                }
            }
            catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
            {
                // Either end has closed.
            }
        }
    }
}
