using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorMD.Actors.Security;

namespace ActorMD.Actors.Tests.Security;

/// <summary>Certificates of all kinds.</summary>
internal static class IssuedCertificates
{
    private static readonly string[] BothUses = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

    /// <summary>A root, self-signed.</summary>
    public static X509Certificate2 Authority(string name = "CN=root") =>
        Make(name, null, DateTimeOffset.UtcNow.AddDays(1), [], isAuthority: true);

    /// <summary>Self-signed, or issued by an authority; with its private key.</summary>
    public static X509Certificate2 Node(
        X509Certificate2? issuer = null, DateTimeOffset? until = null, DateTimeOffset? from = null, string[]? uses = null) =>
        Make("CN=node", issuer, until ?? DateTimeOffset.UtcNow.AddHours(12), uses ?? BothUses, isAuthority: false, from);

    /// <summary>An authority below another one.</summary>
    public static X509Certificate2 Between(X509Certificate2 issuer) =>
        Make("CN=between", issuer, DateTimeOffset.UtcNow.AddHours(18), [], isAuthority: true);

    /// <summary>Writes a certificate and its key as <see cref="CertificateFiles.Make"/> does.</summary>
    public static void Write(string folder, X509Certificate2 certificate)
    {
        File.WriteAllText(Path.Combine(folder, CertificateFiles.CertificateName), certificate.ExportCertificatePem());
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(Path.Combine(folder, CertificateFiles.KeyName), key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Certificate2 Make(
        string name, X509Certificate2? issuer, DateTimeOffset until, string[] uses, bool isAuthority, DateTimeOffset? from = null)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        if (uses.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses.Select(use => new Oid(use))], critical: false));
        }

        DateTimeOffset begin = from ?? (until < DateTimeOffset.UtcNow ? until.AddMinutes(-30) : DateTimeOffset.UtcNow.AddHours(-1));
        return issuer is null
            ? request.CreateSelfSigned(begin, until)
            : request.Create(issuer, begin, until, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
    }
}
