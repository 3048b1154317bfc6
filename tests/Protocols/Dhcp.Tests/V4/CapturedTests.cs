using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Protocols.Dhcp.Tests.V4;

/// <summary>What a real server said.</summary>
public sealed class CapturedTests
{
    /// <summary>An acknowledgement of dnsmasq 2.90 with most of what we ask for, as it was received.</summary>
    private static readonly byte[] Dnsmasq = Convert.FromHexString(
        "02010600BEF8ED940000000000000000C0000259C000020100000000863B04B565AC00000000000000000000"
            + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000638253633501053604C0000201330400000E103A04000007083B0400"
            + "000C4E0104FFFFFF001C04C00002FF0F0B6C61622E6578616D706C650C0C7370696E646C652D74657374FC19"
            + "687474703A2F2F3139322E302E322E312F777061642E646174721968747470733A2F2F3139322E302E322E31"
            + "2F63617074697665790D00C000020118CB0071C0000202770F036C6162076578616D706C6500C0041A020578"
            + "2A04C633647B0608C0000201C63364350304C0000201FF");

    [Fact]
    public void The_same_octets_are_written_again()
    {
        Assert.True(DhcpMessage.TryRead(Dnsmasq, out DhcpMessage? message));
        Assert.Equal(DhcpMessageType.Acknowledge, message!.Type);
        Assert.Equal(IpAddress.Parse("192.0.2.1"), message.NextServerAddress);
        Assert.Equal(Dnsmasq, Replies.Bytes(message));
    }

    [Fact]
    public void The_lease_in_them_is_whole()
    {
        Assert.True(DhcpLease.TryRestore(Dnsmasq, Instant.Zero, out DhcpLease? lease));
        Assert.Equal(DhcpLeaseDefects.None, lease!.Defects);
        Assert.Equal("192.0.2.89/24", lease.Address.ToString());
        Assert.Equal("192.0.2.255", lease.Broadcast.ToString());
        Assert.Equal("lab.example", lease.DomainName);
        Assert.Equal("spindle-test", lease.HostName);
        Assert.Equal(["lab.example", "example"], lease.SearchDomains);
        Assert.Equal("192.0.2.1 198.51.100.53", string.Join(' ', lease.NameServers));
        Assert.Equal("198.51.100.123", string.Join(' ', lease.NtpServers));
        Assert.Equal(2, lease.ClasslessRoutes.Count);
        Assert.Equal("192.0.2.1", lease.Gateway.ToString());
        Assert.Equal("https://192.0.2.1/captive", lease.CaptivePortalUri);
        Assert.Equal("http://192.0.2.1/wpad.dat", lease.ProxyAutoConfigurationUrl);
        Assert.Equal(1400, lease.Mtu);
        Assert.Equal(TimeSpan.FromSeconds(0xE10), lease.LeaseTime);
        Assert.Equal(TimeSpan.FromSeconds(0x708), lease.RenewalTime);
        Assert.Equal(TimeSpan.FromSeconds(0xC4E), lease.RebindingTime);
    }

    [Fact]
    public void Every_truncation_is_refused_or_a_shorter_message()
    {
        foreach (int length in Enumerable.Range(0, Dnsmasq.Length))
        {
            bool isWhole = DhcpPacket.TryParse(Dnsmasq.AsSpan(0, length), out DhcpPacket packet, out DhcpParseError error);
            Assert.Equal(isWhole, error == DhcpParseError.None);
            Assert.True(!isWhole || packet.Octets.Length == length);
        }
    }
}
