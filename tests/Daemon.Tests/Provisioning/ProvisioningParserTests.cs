using System;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.Provisioning;
using Spindle.Model;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Tests.Provisioning;

public sealed class ProvisioningParserTests
{
    [Fact]
    public void A_wired_service_is_read_whole()
    {
        ProvisioningFile file = Parse("""
            [global]
            Name = Office
            Description = Second floor

            [service_desk]
            Type = ethernet
            MAC = 01:02:03:04:05:06
            IPv4 = 192.0.2.7/255.255.255.0/192.0.2.1
            IPv6 = 2001:db8::7/64/2001:db8::1
            IPv6.Privacy = preferred
            Nameservers = 192.0.2.53, 2001:db8::53
            SearchDomains = a.test, b.test
            Timeservers = ntp.test,192.0.2.123
            Domain = a.test
            mDNS = true
            """.Replace("01:02", "00:02", StringComparison.Ordinal));
        Assert.Equal(("Office", "Second floor"), (file.Name, file.Description));
        Assert.Empty(file.Remarks);
        ProvisionedService service = Assert.Single(file.Services);
        Assert.Equal(("office", "desk"), (service.File, service.Entry));
        Assert.Equal("00:02:03:04:05:06", service.Mac.ToString());
        Assert.Equal(new Ipv4Configuration(Ipv4Method.Manual, IpPrefix.Parse("192.0.2.7/24"), IpAddress.Parse("192.0.2.1")), service.Ipv4);
        Assert.Equal(
            new Ipv6Configuration(Ipv6Method.Manual, Ipv6Privacy.Preferred, IpPrefix.Parse("2001:db8::7/64"), IpAddress.Parse("2001:db8::1")),
            service.Ipv6);
        Assert.Equal(Ipv6Privacy.Preferred, service.Privacy);
        Assert.Equal("192.0.2.53 2001:db8::53", string.Join(' ', service.Nameservers!.Value));
        Assert.Equal("a.test b.test", string.Join(' ', service.SearchDomains!.Value));
        Assert.Equal("ntp.test 192.0.2.123", string.Join(' ', service.Timeservers!.Value));
        Assert.Equal("a.test", service.Domain);
        Assert.True(service.MulticastDns);
    }

    [Fact]
    public void What_is_not_said_is_null()
    {
        ProvisionedService service = Assert.Single(Parse("[service_x]\nType=ethernet\nDeviceName=eth1\n").Services);
        Assert.Equal(new ProvisionedService("office", "x") { DeviceName = "eth1" }, service);
    }

    [Theory]
    [InlineData("off", Ipv4Method.Off, null, null)]
    [InlineData("dhcp", Ipv4Method.Dhcp, null, null)]
    [InlineData("auto", Ipv4Method.Dhcp, null, null)]
    [InlineData("192.0.2.7/24", Ipv4Method.Manual, "192.0.2.7/24", null)]
    [InlineData("192.0.2.7/24/", Ipv4Method.Manual, "192.0.2.7/24", null)]
    [InlineData("192.0.2.7 / 24 / 192.0.2.1", Ipv4Method.Manual, "192.0.2.7/24", "192.0.2.1")]
    [InlineData("192.0.2.7/255.255.255.255/198.51.100.1", Ipv4Method.Manual, "192.0.2.7/32", "198.51.100.1")]
    public void IPv4_is_a_method_or_an_address(string value, Ipv4Method method, string? address, string? gateway)
    {
        Ipv4Configuration? ipv4 = Assert.Single(Parse($"[service_x]\nType=ethernet\nIPv4={value}\n").Services).Ipv4;
        Assert.Equal(
            new Ipv4Configuration(method, address is null ? null : IpPrefix.Parse(address), gateway is null ? null : IpAddress.Parse(gateway)),
            ipv4);
    }

    [Theory]
    [InlineData("off", Ipv6Method.Off)]
    [InlineData("auto", Ipv6Method.Auto)]
    [InlineData("dhcp", Ipv6Method.Auto)]
    [InlineData("2001:db8::7/64", Ipv6Method.Manual)]
    [InlineData("2001:db8::7/64/fe80::1", Ipv6Method.Manual)]
    public void IPv6_is_a_method_or_an_address(string value, Ipv6Method method) =>
        Assert.Equal(method, Assert.Single(Parse($"[service_x]\nType=ethernet\nIPv6={value}\n").Services).Ipv6!.Method);

    [Theory]
    [InlineData("IPv4=192.0.2.7")]
    [InlineData("IPv4=192.0.2.7/33")]
    [InlineData("IPv4=192.0.2.7/0")]
    [InlineData("IPv4=192.0.2.7/255.0.255.0")]
    [InlineData("IPv4=192.0.2.7/24/192.0.2.7")]
    [InlineData("IPv4=192.0.2.7/24/2001:db8::1")]
    [InlineData("IPv4=192.0.2.7/24/192.0.2.1/x")]
    [InlineData("IPv4=0.0.0.0/24")]
    [InlineData("IPv4=127.0.0.1/8")]
    [InlineData("IPv4=224.0.0.1/24")]
    [InlineData("IPv4=255.255.255.255/24")]
    [InlineData("IPv4=2001:db8::1/64")]
    [InlineData("IPv4=manual")]
    [InlineData("IPv4=")]
    [InlineData("IPv6=2001:db8::7/129")]
    [InlineData("IPv6=2001:db8::7/64/192.0.2.1")]
    [InlineData("IPv6=192.0.2.7/24")]
    [InlineData("IPv6=::1/128")]
    [InlineData("IPv6.Privacy=perhaps")]
    [InlineData("MAC=01:02:03:04:05:06")]
    [InlineData("MAC=00:00:00:00:00:00")]
    [InlineData("MAC=020304050607")]
    [InlineData("MAC=0:2:3:4:5:6")]
    [InlineData("DeviceName=a/b")]
    [InlineData("DeviceName=abcdefghijklmnop")]
    [InlineData("DeviceName=")]
    [InlineData("Nameservers=dns.test")]
    [InlineData("Nameservers=0.0.0.0")]
    [InlineData("SearchDomains=a b")]
    [InlineData("Domain=a b")]
    [InlineData("Timeservers=a\\qb")]
    [InlineData("mDNS=yes")]
    public void A_wrong_value_refuses_the_file_with_line_and_reason(string line)
    {
        KeyFileError error = Refusal($"[service_good]\nType=ethernet\n[service_x]\nType=ethernet\n{line}\n");
        Assert.Equal(5, error.Line);
        Assert.Contains(line.Split('=')[0], error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[service_x]\nType=token-ring\n", 2, "none of ethernet, gadget, wifi")]
    [InlineData("[service_x]\nIPv4=dhcp\n", 0, "has no 'Type'")]
    [InlineData("[service_]\nType=ethernet\n", 0, "no name behind 'service_'")]
    [InlineData("[service_x\n", 1, "does not end in ']'")]
    [InlineData("Type=ethernet\n", 1, "before the first group")]
    [InlineData("[service_x]\nType=wifi\n", 0, "neither 'SSID' nor 'Name'")]
    [InlineData("[service_x]\nType=wifi\nSSID=abc\n", 3, "hexadecimal")]
    [InlineData("[service_x]\nType=wifi\nName=a\nSecurity=rot13\n", 4, "none of psk")]
    [InlineData("[service_x]\nType=wifi\nName=a\nEAP=md5\n", 4, "none of tls, ttls, peap")]
    [InlineData("[service_x]\nType=wifi\nName=a\nHidden=2\n", 4, "neither true nor false")]
    public void A_wrong_group_refuses_the_file(string text, int line, string reason)
    {
        KeyFileError error = Refusal(text);
        Assert.Equal(line, error.Line);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_of_Wi_Fi_and_gadgets_are_known_and_said_to_be_without_effect()
    {
        ProvisioningFile file = Parse("""
            [service_w]
            Type=wifi
            SSID=6162
            EAP=peap
            Passphrase=secret
            [service_g]
            Type=gadget
            IPv4=off
            [service_e]
            Type=ethernet
            """);
        Assert.Equal("e", Assert.Single(file.Services).Entry);
        Assert.Equal(2, file.Remarks.Length);
        Assert.All(file.Remarks, remark => Assert.Contains("not here yet", remark.Reason, StringComparison.Ordinal));
        Assert.DoesNotContain(file.Remarks, remark => remark.IsMistake);
    }

    [Fact]
    public void Unknown_keys_and_groups_are_remarked_and_refuse_nothing()
    {
        ProvisioningFile file = Parse("[global]\nProtected=true\n[other]\n[service_x]\nType=ethernet\nSSID=00\nfoo=bar\n");
        Assert.Single(file.Services);
        Assert.Equal(
            [
                "office.config:2: unknown key 'Protected' is ignored",
                "office.config: unknown group '[other]' is ignored",
                "office.config:6: unknown key 'SSID' for type ethernet is ignored",
                "office.config:7: unknown key 'foo' for type ethernet is ignored",
            ],
            file.Remarks.Select(remark => remark.ToString()));
    }

    [Fact]
    public void More_services_than_anyone_has_are_refused()
    {
        string text = string.Concat(Enumerable.Range(0, ProvisioningParser.ServicesMax + 1).Select(i => $"[service_{i}]\nType=ethernet\n"));
        Assert.Contains("more than", Refusal(text).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.config", true)]
    [InlineData("Office2.config", true)]
    [InlineData(".config", false)]
    [InlineData("a-b.config", false)]
    [InlineData("a_b.config", false)]
    [InlineData("a.b.config", false)]
    [InlineData("ä.config", false)]
    [InlineData("a.conf", false)]
    [InlineData("a.config~", false)]
    public void Names_are_letters_and_digits(string name, bool isOne) => Assert.Equal(isOne, ProvisioningParser.IsFileName(name));

    private static ProvisioningFile Parse(string text)
    {
        Assert.True(ProvisioningParser.TryParse("office.config", Encoding.UTF8.GetBytes(text), out ProvisioningFile? file, out KeyFileError error), error.ToString());
        return file;
    }

    private static KeyFileError Refusal(string text)
    {
        Assert.False(ProvisioningParser.TryParse("office.config", Encoding.UTF8.GetBytes(text), out ProvisioningFile? file, out KeyFileError error));
        Assert.Null(file);
        return error;
    }
}
