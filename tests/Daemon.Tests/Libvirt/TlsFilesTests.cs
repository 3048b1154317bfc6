using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spindle.LibvirtDoor;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>The certificates that main.conf names, at the start.</summary>
public sealed class TlsFilesTests
{
    private const string On = DoorWorld.On
        + "listen_tls=1\nlisten_addr=127.0.0.1\ncert_file=/etc/connman/cert.pem\nkey_file=/etc/connman/key.pem\nca_file=/etc/connman/ca.pem\n";

    [Theory]
    [InlineData(true, "", true)]
    [InlineData(false, "", false)]
    [InlineData(false, "tls_no_sanity_certificate=1\n", true)]
    public void Our_own_certificate_is_tested_unless_main_conf_says_otherwise(bool isTrusted, string more, bool listens)
    {
        DoorWorld world = new();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        using ECDsa otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest otherRequest = new("CN=another", otherKey, HashAlgorithmName.SHA256);
        using X509Certificate2 other = otherRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        world.Write("/etc/connman/cert.pem", own.ExportCertificatePem());
        world.Write("/etc/connman/key.pem", key.ExportECPrivateKeyPem());
        world.Write("/etc/connman/ca.pem", (isTrusted ? own : other).ExportCertificatePem());
        world.Start(On + more);
        Assert.Equal(listens, world.Door.Door.Servers[0].Services.Any(static service => service.Transport == RpcTransport.Tls));
        Assert.Equal(!listens, world.Sink.Lines.Any(static line => line.StartsWith("Error libvirt: there is no TLS: "
            + "Our own certificate /etc/connman/cert.pem failed validation against /etc/connman/ca.pem: self", StringComparison.Ordinal)));
        Assert.DoesNotContain(world.Sink.Lines, static line => line.Contains("is ignored", StringComparison.Ordinal));
    }
}
