using ActorMD.Actors.Security;
using ActorMD.Actors.Settings;
using ActorMD.Files.Inputs;

namespace ActorMD.Actors.Tests.Security;

public sealed class CertificateSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actormd-settings-test-");

    public CertificateSettingsTests() => CertificateFiles.Make(_folder.FullName, TimeSpan.FromDays(1));

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("host = \"192.0.2.7\"", "192.0.2.7")]
    [InlineData("bind = \"0.0.0.0\"", "0.0.0.0")]
    [InlineData("seeds = [\"127.0.0.1:4053\", \"a.example:4053\"]", "a.example")]
    public void Without_a_certificate_a_node_stays_on_loopback_addresses(string setting, string distant)
    {
        InputFault fault = Assert.Single(Assert.Throws<InputFaultException>(() => Load(setting)).Faults);
        Assert.Contains(distant, fault.Problem);
        Assert.Contains("actormd certificate --out", fault.Remedy);
    }

    [Fact]
    public void Without_a_certificate_there_is_no_tls_and_with_one_there_is()
    {
        AkkaSettings plain = Load("seeds = [\"127.0.0.1:4053\"]");
        Assert.Null(plain.Certificate);
        Assert.Equal("akka.tcp://actormd@127.0.0.1:4053", Assert.Single(plain.Seeds).ToString());
        Assert.False(plain.Config.GetBoolean("akka.remote.dot-netty.tcp.enable-ssl"));
        AkkaSettings tls = Load(
            "host = \"192.0.2.7\", seeds = [\"a.example:4053\"], certificate-file = node.pem, certificate-key-file = node.key");
        Assert.NotNull(tls.Certificate);
        Assert.Equal("akka.ssl.tcp://actormd@a.example:4053", Assert.Single(tls.Seeds).ToString());
        Assert.True(tls.Config.GetBoolean("akka.remote.dot-netty.tcp.enable-ssl"));
        Assert.True(tls.Config.GetBoolean("akka.remote.untrusted-mode"));
    }

    [Theory]
    [InlineData("certificate-file = node.pem")]
    [InlineData("certificate-key-file = node.key")]
    [InlineData("authority-file = node.pem")]
    [InlineData("certificate-file = node.pem, certificate-key-file = node.key, pinned-file = node.pem, authority-file = node.pem")]
    [InlineData("certificate-file = node.pem, certificate-key-file = node.key, pinned-file = missing.pem")]
    [InlineData("certificate-file = node.key, certificate-key-file = node.pem")]
    public void Settings_that_do_not_fit_together_are_faults_of_the_input(string settings) =>
        Assert.Throws<InputFaultException>(() => Load(settings));

    private AkkaSettings Load(string settings)
    {
        string path = Path.Combine(_folder.FullName, "node.conf");
        File.WriteAllText(path, $"actormd {{ {settings} }}");
        return AkkaSettings.Load(new AkkaOptions { ConfigPath = path });
    }
}
