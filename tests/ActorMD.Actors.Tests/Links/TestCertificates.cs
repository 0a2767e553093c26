using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorMD.Actors.Security;

namespace ActorMD.Actors.Tests.Links;

/// <summary>Certificates for tests, in memory.</summary>
internal static class TestCertificates
{
    /// <summary>A node's certificate that all nodes with it pin.</summary>
    public static NodeCertificate Pinned(bool isExpired = false)
    {
        X509Certificate2 certificate = Make(isExpired);
        return NodeCertificate.Pinned(certificate, [certificate]);
    }

    public static X509Certificate2 Make(bool isExpired = false)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=ActorMD test", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-2), isExpired ? now.AddDays(-1) : now.AddDays(1));
    }
}
