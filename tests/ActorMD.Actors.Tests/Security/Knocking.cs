using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ActorMD.Actors.Tests.Security;

/// <summary>Whatever may be at the other end of a connection, as a client or as a server.</summary>
internal static class Knocking
{
    /// <summary>Names of what can be done with a connection; those with a certificate are <see cref="ShowAsync"/>'s.</summary>
    public static readonly string[] Kinds = ["close", "reset", "silence", "http", "noise", "array32", "length", "tls-record"];

    /// <summary>Does it, until the other end closes.</summary>
    public static async Task DoAsync(string kind, TcpClient connection)
    {
        NetworkStream stream = connection.GetStream();
        try
        {
            switch (kind)
            {
                case "close":
                    return;
                case "reset":
                    connection.LingerState = new LingerOption(true, 0);
                    return;
                case "silence":
                    break;
                case "http":
                    await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
                    break;
                case "noise":
                    byte[] noise = new byte[1 << 20];
                    new Random(3).NextBytes(noise);
                    await stream.WriteAsync(noise);
                    break;
                case "nesting":
                    byte[] nesting = new byte[1 << 16];
                    Array.Fill(nesting, (byte)0x91); // MessagePack: an array of one array of one array...
                    await stream.WriteAsync(nesting);
                    break;
                case "array32":
                    await stream.WriteAsync(new byte[] { 0xdd, 0xff, 0xff, 0xff, 0xff });
                    break;
                case "length":
                    await stream.WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0x7f, 1, 2, 3 });
                    break;
                case "tls-record":
                    await stream.WriteAsync(new byte[] { 0x16, 3, 3, 0xff, 0xff, 1, 2, 3 });
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
            }

            await DrainAsync(stream);
        }
        catch (IOException)
        {
            // It was closed while this end was still sending.
        }
        finally
        {
            connection.Dispose();
        }
    }

    /// <summary>Speaks TLS, with a certificate or without, until the other end closes.</summary>
    public static async Task ShowAsync(X509Certificate2? certificate, TcpClient connection, bool isServer)
    {
        using SslStream stream = new(connection.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        try
        {
            await (isServer
                ? stream.AuthenticateAsServerAsync(certificate!, clientCertificateRequired: true, checkCertificateRevocation: false)
                : stream.AuthenticateAsClientAsync(
                    "127.0.0.1", certificate is null ? [] : [certificate], checkCertificateRevocation: false));
            await DrainAsync(stream);
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            // That is how it hears of the refusal.
        }
        finally
        {
            connection.Dispose();
        }
    }

    private static async Task DrainAsync(Stream stream)
    {
        byte[] buffer = new byte[65536];
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
    }
}
