using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ActorMD.Actors.Security;

namespace ActorMD.Actors.Tests.Security;

public sealed class NodeCertificateTests
{
    [Fact]
    public void A_pinned_certificate_is_accepted_and_any_other_one_is_not()
    {
        using X509Certificate2 own = IssuedCertificates.Node(), twin = IssuedCertificates.Node(), stranger = IssuedCertificates.Node();
        NodeCertificate rule = NodeCertificate.Pinned(own, [own, twin]);
        Assert.Null(rule.Objection(own, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.Null(rule.Objection(twin, null, SslPolicyErrors.RemoteCertificateNameMismatch));
        Assert.Contains("not pinned", rule.Objection(stranger, null, SslPolicyErrors.None));
        Assert.Contains("no certificate", rule.Objection(null, null, SslPolicyErrors.RemoteCertificateNotAvailable));
    }

    [Fact]
    public void A_pinned_certificate_is_refused_before_and_after_its_time()
    {
        using X509Certificate2 own = IssuedCertificates.Node();
        using X509Certificate2 expired = IssuedCertificates.Node(until: DateTimeOffset.UtcNow.AddMinutes(-1));
        using X509Certificate2 early = IssuedCertificates.Node(from: DateTimeOffset.UtcNow.AddMinutes(5));
        NodeCertificate rule = NodeCertificate.Pinned(own, [own, expired, early]);
        Assert.Contains("expired", rule.Objection(expired, null, SslPolicyErrors.None));
        Assert.Contains("valid from", rule.Objection(early, null, SslPolicyErrors.None));
    }

    [Fact]
    public void Only_what_the_authority_has_issued_for_nodes_is_accepted()
    {
        using X509Certificate2 root = IssuedCertificates.Authority(), other = IssuedCertificates.Authority();
        using X509Certificate2 own = IssuedCertificates.Node(root), issued = IssuedCertificates.Node(root);
        NodeCertificate rule = NodeCertificate.Issued(own, [root], isHostChecked: true);
        Assert.Null(rule.Objection(issued, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.Contains("not issued", rule.Objection(IssuedCertificates.Node(other), null, SslPolicyErrors.None));
        Assert.Contains("not issued", rule.Objection(IssuedCertificates.Node(), null, SslPolicyErrors.None));
        Assert.Contains(
            "not issued", rule.Objection(IssuedCertificates.Node(root, uses: ["1.3.6.1.5.5.7.3.1"]), null, SslPolicyErrors.None));
        Assert.Contains(
            "expired", rule.Objection(IssuedCertificates.Node(root, until: DateTimeOffset.UtcNow.AddMinutes(-1)), null,
                SslPolicyErrors.None));
    }

    [Fact]
    public void An_authority_between_root_and_node_comes_with_the_root()
    {
        using X509Certificate2 root = IssuedCertificates.Authority(), between = IssuedCertificates.Between(root),
            own = IssuedCertificates.Node(between);
        Assert.Null(NodeCertificate.Issued(own, [root, between], isHostChecked: false).Objection(own, null, SslPolicyErrors.None));
        Assert.NotNull(NodeCertificate.Issued(own, [root], isHostChecked: false).Objection(own, null, SslPolicyErrors.None));
        Assert.NotNull(NodeCertificate.Issued(own, [between], isHostChecked: false).Objection(own, null, SslPolicyErrors.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_name_counts_where_it_is_checked(bool isChecked)
    {
        using X509Certificate2 root = IssuedCertificates.Authority(), own = IssuedCertificates.Node(root);
        string? objection = NodeCertificate.Issued(own, [root], isChecked)
            .Objection(own, null, SslPolicyErrors.RemoteCertificateNameMismatch);
        Assert.Equal(isChecked, objection is not null);
    }

    [Theory]
    [InlineData("127.0.0.1", null)]
    [InlineData("localhost", "its certificate names another address")]
    public async Task Two_ends_of_a_connection_agree_by_the_options(string host, string? objection)
    {
        using X509Certificate2 root = IssuedCertificates.Authority();
        using NodeCertificate one = NodeCertificate.Issued(IssuedCertificates.Node(root), [root], isHostChecked: true);
        using NodeCertificate other = NodeCertificate.Issued(IssuedCertificates.Node(root), [root], isHostChecked: true);
        List<string> refused = [];
        Task talk = TalkAsync(one.ClientOptions(host, refused.Add), other.ServerOptions(refused.Add));
        if (objection is null)
        {
            await talk;
            Assert.Empty(refused);
        }
        else
        {
            await Assert.ThrowsAsync<AuthenticationException>(() => talk);
            Assert.Equal([objection], refused);
        }
    }

    [Fact]
    public async Task Who_dials_without_a_certificate_is_refused()
    {
        using X509Certificate2 shared = IssuedCertificates.Node();
        NodeCertificate rule = NodeCertificate.Pinned(shared, [shared]);
        List<string> refused = [];
        SslClientAuthenticationOptions nameless =
            new() { TargetHost = "127.0.0.1", RemoteCertificateValidationCallback = (_, _, _, _) => true };
        await Assert.ThrowsAnyAsync<Exception>(() => TalkAsync(nameless, rule.ServerOptions(refused.Add)));
        Assert.Equal(["it shows no certificate"], refused);
    }

    private static async Task TalkAsync(SslClientAuthenticationOptions client, SslServerAuthenticationOptions server)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using TcpClient dialled = new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        using TcpClient accepted = await listener.AcceptTcpClientAsync();
        await using SslStream near = new(dialled.GetStream()), far = new(accepted.GetStream());
        Task accepting = far.AuthenticateAsServerAsync(server);
        await near.AuthenticateAsClientAsync(client);
        await accepting;
        await near.WriteAsync(new byte[] { 7 });
        byte[] buffer = new byte[1];
        Assert.Equal(1, await far.ReadAsync(buffer));
        Assert.Equal(7, buffer[0]);
    }
}
