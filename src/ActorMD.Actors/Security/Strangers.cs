using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using DotNetty.Codecs;
using DotNetty.Handlers.Tls;

namespace ActorMD.Actors.Security;

/// <summary>Which connections of Akka.Remote were refused and why.</summary>
/// <param name="warn">Gets the sentences.</param>
/// <param name="clock">For tests.</param>
internal sealed class Strangers(Action<string> warn, TimeProvider? clock = null)
{
    private const int TextLengthMax = 200;

    private readonly Complaints _complaints = new(warn, clock);

    /// <summary>Whether the certificate that another end of a connection shows is that of a node of this cluster.</summary>
    /// <param name="rule">That of this node.</param>
    /// <param name="peer">The certificate, if any.</param>
    /// <param name="chain">What TLS has made of it.</param>
    /// <param name="address">Of the other end, for the sentence.</param>
    /// <param name="errors">What TLS has found.</param>
    public bool Admit(NodeCertificate rule, X509Certificate? peer, X509Chain? chain, string address, SslPolicyErrors errors)
    {
        if (rule.Objection(peer, chain, errors) is not { } objection)
        {
            return true;
        }

        Refuse(address, objection);
        return false;
    }

    /// <summary>Tells of a connection that was refused.</summary>
    public void Refuse(string address, string reason)
    {
        // Without what differs from one connection, or one certificate, to the next.
        string kind = $"{HostOf(address)} {reason[..Math.Min(reason.Length, 32)]}";
        _complaints.Add($"Refused the connection with {address}: {reason}", kind);
    }

    /// <summary>Takes what Akka.Remote logs about a connection that came to nothing.</summary>
    /// <returns>Whether it was about that; then enough is said.</returns>
    public bool Take(LogEvent happened)
    {
        if (happened.LogClass.Namespace != typeof(Akka.Remote.Transport.DotNetty.DotNettySslSetup).Namespace
            || happened.LogLevel() < LogLevel.WarningLevel || happened.Message is not LogMessage message)
        {
            return false;
        }

        object[] parameters = [.. message.Parameters()];
        if (message.Format.StartsWith("Mutual TLS required but client did not provide", StringComparison.Ordinal) && parameters.Length == 1)
        {
            Refuse(Shown(parameters[0]), "it shows no certificate");
            return true;
        }

        if (message.Format.StartsWith("Rejected incoming connection", StringComparison.Ordinal))
        {
            return true; // it follows the event that has the reason
        }

        bool isHandshake = message.Format.StartsWith("TLS handshake failed", StringComparison.Ordinal);
        if (happened.Cause is not { } cause || parameters.Length < 2
            || (!isHandshake && cause is IOException or SocketException or ObjectDisposedException))
        {
            return false; // a connection between nodes that broke, for example
        }

        if (ReasonOf(cause) is { } reason)
        {
            Refuse(Shown(parameters[1]), reason);
        }

        return true;
    }

    // Null where it was told already, by Admit.
    private static string? ReasonOf(Exception cause)
    {
        cause = cause is AggregateException { InnerException: { } only } ? only : cause;
        while (cause is DecoderException { InnerException: { } inner })
        {
            cause = inner;
        }

        return cause switch
        {
            NotSslRecordException => "it speaks no TLS",
            TooLongFrameException => "it announces a packet that is longer than any of a node",
            AuthenticationException or CryptographicException => cause.Message.Contains(nameof(RemoteCertificateValidationCallback), StringComparison.Ordinal)
                ? null
                : $"TLS came to nothing: {Cut(cause.InnerException is { } inner ? $"{cause.Message} {inner.Message}" : cause.Message)}",
            IOException or SocketException or ObjectDisposedException => "the connection ended before TLS was agreed on",
            _ => $"{cause.GetType().Name}: {Cut(cause.Message)}",
        };
    }

    private static string Cut(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= TextLengthMax ? line : line[..TextLengthMax] + "...";
    }

    // Addresses as people write them.
    private static string Shown(object address) =>
        address is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped ? $"{mapped.Address.MapToIPv4()}:{mapped.Port}" : $"{address}";

    private static string HostOf(string address) => address.LastIndexOf(':') is > 0 and int colon ? address[..colon] : address;
}
