using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using ActorMD.Actors.Security;
using ActorMD.Files.Inputs;

namespace ActorMD.Actors.Tests.Security;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actormd-certificate-test-");

    private string CertificatePath => Path.Combine(_folder.FullName, CertificateFiles.CertificateName);

    private string KeyPath => Path.Combine(_folder.FullName, CertificateFiles.KeyName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void What_is_made_can_be_read_and_pinned_and_by_its_owner_only()
    {
        CertificateFiles.Make(_folder.FullName, TimeSpan.FromDays(3));
        X509Certificate2 certificate = CertificateFiles.Read(CertificatePath, KeyPath);
        using NodeCertificate rule = NodeCertificate.Pinned(certificate, CertificateFiles.ReadMany(CertificatePath));
        Assert.Null(rule.Objection(certificate, null, SslPolicyErrors.None));
        Assert.InRange(certificate.NotAfter.ToUniversalTime() - DateTime.UtcNow, TimeSpan.FromDays(2.9), TimeSpan.FromDays(3.1));
        foreach (string path in (string[])[CertificatePath, KeyPath])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void Nothing_is_overwritten()
    {
        CertificateFiles.Make(_folder.FullName, TimeSpan.FromDays(3));
        string before = File.ReadAllText(KeyPath);
        Assert.Throws<InputFaultException>(() => CertificateFiles.Make(_folder.FullName, TimeSpan.FromDays(3)));
        Assert.Equal(before, File.ReadAllText(KeyPath));
    }

    [Fact]
    public void An_expired_certificate_is_no_certificate_to_start_with()
    {
        IssuedCertificates.Write(_folder.FullName, IssuedCertificates.Node(until: DateTimeOffset.UtcNow.AddMinutes(-1)));
        InputFault fault = Assert.Single(Assert.Throws<InputFaultException>(() => CertificateFiles.Read(CertificatePath, KeyPath)).Faults);
        Assert.Contains("actormd certificate", fault.Remedy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("hello")]
    public void Files_that_are_no_certificates_are_faults_of_the_input(string text)
    {
        File.WriteAllText(CertificatePath, text);
        File.WriteAllText(KeyPath, text);
        Assert.Throws<InputFaultException>(() => CertificateFiles.Read(CertificatePath, KeyPath));
        Assert.Throws<InputFaultException>(() => CertificateFiles.ReadMany(CertificatePath));
        Assert.Throws<InputFaultException>(() => CertificateFiles.ReadMany(Path.Combine(_folder.FullName, "missing.pem")));
    }
}
