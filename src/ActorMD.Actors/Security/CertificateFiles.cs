using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorMD.Files.Inputs;

namespace ActorMD.Actors.Security;

/// <summary>Makes and reads certificates and their keys, in the PEM format.</summary>
public static class CertificateFiles
{
    /// <summary>The certificate in the folder of <see cref="Make"/>.</summary>
    public const string CertificateName = "node.pem";

    /// <summary>Its private key.</summary>
    public const string KeyName = "node.key";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Clocks of machines differ a little.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <summary>Writes a new self-signed certificate and its private key, which only this user can read, for nodes that pin it.</summary>
    /// <param name="folder">Exists, and has neither.</param>
    /// <param name="validity">From now on.</param>
    /// <exception cref="InputFaultException">The files cannot be written, or one is there already.</exception>
    public static void Make(string folder, TimeSpan validity)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=ActorMD node", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // Server and client authentication: a node is dialled and dials.
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: false));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.CreateSelfSigned(now - Margin, now + validity);
        Write(Path.Combine(folder, KeyName), key.ExportPkcs8PrivateKeyPem() + "\n");
        Write(Path.Combine(folder, CertificateName), certificate.ExportCertificatePem() + "\n");
    }

    /// <summary>Reads a certificate with its private key.</summary>
    /// <exception cref="InputFaultException">That cannot be read, or the certificate is not valid now.</exception>
    public static X509Certificate2 Read(string path, string keyPath)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(path, keyPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw Fault(
                path, $"the certificate or its key cannot be read: {error.Message}",
                "give actormd.certificate-file and actormd.certificate-key-file in the PEM format, or make them with 'actormd "
                    + "certificate --out DIR'");
        }

        DateTime now = DateTime.Now;
        return certificate.NotBefore <= now && now <= certificate.NotAfter
            ? certificate
            : throw Fault(
                path,
                string.Create(
                    CultureInfo.InvariantCulture, $"the certificate is valid from {certificate.NotBefore.ToUniversalTime():u} to "
                        + $"{certificate.NotAfter.ToUniversalTime():u} only"),
                "make another one with 'actormd certificate --out DIR', or ask your authority for one, and give it to all nodes");
    }

    /// <summary>Reads certificates without keys.</summary>
    /// <exception cref="InputFaultException">The file cannot be read, or has none.</exception>
    public static X509Certificate2Collection ReadMany(string path)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPemFile(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Fault(path, $"the certificates cannot be read: {error.Message}", "give a file of certificates in the PEM format");
        }

        return certificates.Count > 0
            ? certificates
            : throw Fault(path, "there is no certificate in it", "give a file of certificates in the PEM format");
    }

    private static void Write(string path, string text)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using StreamWriter writer = new(path, options);
            writer.Write(text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, error.Message, "give a folder that can be written and has no certificate yet");
        }
    }

    private static InputFaultException Fault(string path, string problem, string remedy) =>
        new(new InputFault(path, null, null, problem, remedy));
}
