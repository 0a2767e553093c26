using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorMD.Actors.Security;

/// <summary>The certificate by which a node shows that it belongs to the cluster, and the rule by which it knows the others.</summary>
/// <remarks>
/// The rule is one of two: the others show a certificate of a given list (pinned: usually the one that all nodes share), or one that a
/// given authority has issued. Either way they must have the private key, which TLS has them prove, and the certificate must be valid now.
/// </remarks>
public sealed class NodeCertificate : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    // Null where an authority decides.
    private readonly FrozenSet<string>? _pinned;
    private readonly X509Certificate2Collection _authority = [];
    private readonly bool _isHostChecked;

    private NodeCertificate(
        X509Certificate2 certificate, FrozenSet<string>? pinned, X509Certificate2Collection authority, bool isHostChecked)
    {
        Certificate = certificate;
        _pinned = pinned;
        _authority = authority;
        _isHostChecked = isHostChecked;
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The others must show one of these certificates.</summary>
    /// <param name="certificate">That of this node, with its private key; disposed with it.</param>
    /// <param name="pinned">The certificates of all nodes.</param>
    public static NodeCertificate Pinned(X509Certificate2 certificate, IEnumerable<X509Certificate2> pinned) =>
        new(certificate, pinned.Select(Fingerprint).ToFrozenSet(), [], isHostChecked: false);

    /// <summary>The others must show a certificate that was issued by an authority.</summary>
    /// <param name="certificate">That of this node, with its private key; disposed with it.</param>
    /// <param name="authority">The root, and authorities between it and the nodes.</param>
    /// <param name="isHostChecked">Whether the certificate of a node that is dialled must name its address.</param>
    public static NodeCertificate Issued(X509Certificate2 certificate, X509Certificate2Collection authority, bool isHostChecked) =>
        new(certificate, pinned: null, authority, isHostChecked);

    /// <summary>Why the other end of a connection is no node of this cluster; null if it is one.</summary>
    /// <param name="peer">The certificate that it has shown, if any.</param>
    /// <param name="chain">What TLS has made of it; the authorities that the other end has sent are in it.</param>
    /// <param name="errors">What TLS has found; only whether the name is right is taken from it.</param>
    public string? Objection(X509Certificate? peer, X509Chain? chain, SslPolicyErrors errors)
    {
        if (peer is null)
        {
            return "it shows no certificate";
        }

        X509Certificate2 shown = peer as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(peer.GetRawCertData());
        DateTime now = DateTime.Now;
        if (_pinned is not null && !_pinned.Contains(Fingerprint(shown)))
        {
            return $"it shows a certificate that is not pinned here (SHA-256 {Fingerprint(shown)})";
        }

        if (shown.NotAfter < now)
        {
            return FormattableString.Invariant($"its certificate expired at {shown.NotAfter.ToUniversalTime():u}");
        }

        if (shown.NotBefore > now)
        {
            return FormattableString.Invariant($"its certificate is valid from {shown.NotBefore.ToUniversalTime():u} on only");
        }

        if (_pinned is not null)
        {
            return null;
        }

        return ChainObjection(shown, chain)
            ?? (_isHostChecked
                && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "its certificate names another address" : null);
    }

    /// <summary>For a connection that this node opens.</summary>
    /// <param name="host">The address that it dials.</param>
    /// <param name="refused">Hears why the other end was refused, before the handshake fails.</param>
    public SslClientAuthenticationOptions ClientOptions(string host, Action<string> refused) => new()
    {
        TargetHost = host,
        ClientCertificateContext = SslStreamCertificateContext.Create(Certificate, null, offline: true),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = NoDownloads(),
        RemoteCertificateValidationCallback = Validation(refused),
    };

    /// <summary>For a connection that another node has opened.</summary>
    /// <param name="refused">Hears why the other end was refused, before the handshake fails.</param>
    public SslServerAuthenticationOptions ServerOptions(Action<string> refused) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(Certificate, null, offline: true),
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = NoDownloads(),
        RemoteCertificateValidationCallback = Validation(refused),
    };

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    // Nothing is fetched from an address that a stranger's certificate names.
    private static X509ChainPolicy NoDownloads() =>
        new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };

    private RemoteCertificateValidationCallback Validation(Action<string> refused) => (_, peer, chain, errors) =>
    {
        if (Objection(peer, chain, errors) is not { } objection)
        {
            return true;
        }

        refused(objection);
        return false;
    };

    private string? ChainObjection(X509Certificate2 shown, X509Chain? sent)
    {
        using X509Chain chain = new() { ChainPolicy = NoDownloads() };
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authority);
        chain.ChainPolicy.ExtraStore.AddRange(_authority);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        // A node both dials and is dialled.
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        return chain.Build(shown)
            ? null
            : $"its certificate was not issued by the authority of this cluster for this use "
                + $"({string.Join(", ", chain.ChainStatus.Select(status => status.Status))})";
    }
}
