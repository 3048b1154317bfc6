using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Spindle.Basics;
using Spindle.Drivers.Dhcp;
using Spindle.Drivers.Tests.Packets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Drivers.Tests.Dhcp;

/// <summary>Against a real dnsmasq, over a cable that is a pair of virtual links.</summary>
public sealed class DhcpDriverTests
{
    [PrivateNetworkFact]
    public void A_real_server_gives_a_lease_with_everything_in_it() => PrivateNetwork.Run(() =>
    {
        using DnsmasqServer server = new(
            "--dhcp-option=option:router,192.0.2.1",
            "--dhcp-option=option:dns-server,192.0.2.1,198.51.100.53",
            "--dhcp-option=option:ntp-server,198.51.100.123",
            "--dhcp-option=option:mtu,1400",
            "--domain=lab.example",
            "--dhcp-option=option:domain-search,lab.example,example",
            "--dhcp-option=option:classless-static-route,0.0.0.0/0,192.0.2.1,203.0.113.0/24,192.0.2.2",
            "--dhcp-option=114,https://192.0.2.1/captive",
            "--dhcp-option=252,http://192.0.2.1/wpad.dat");
        using Rig rig = new();
        rig.Driver.Start();
        DhcpLease lease = rig.RunUntilLease();
        Assert.True(IpPrefix.Parse("192.0.2.0/24").Contains(lease.Address.Address));
        Assert.Equal(24, lease.Address.Length);
        Assert.Equal(IpAddress.Parse("192.0.2.1"), lease.ServerIdentifier);
        Assert.False(lease.ServerHardwareAddress.IsZero);
        Assert.Equal("192.0.2.1 198.51.100.53", string.Join(' ', lease.NameServers));
        Assert.Equal("198.51.100.123", string.Join(' ', lease.NtpServers));
        Assert.Equal(1400, lease.Mtu);
        Assert.Equal("lab.example", lease.DomainName);
        Assert.Equal(["lab.example", "example"], lease.SearchDomains);
        Assert.Equal(
            "0.0.0.0/0 192.0.2.1, 203.0.113.0/24 192.0.2.2",
            string.Join(", ", lease.ClasslessRoutes.Select(route => $"{route.Destination} {route.Router}")));
        Assert.Equal(IpAddress.Parse("192.0.2.1"), lease.Gateway);
        Assert.Equal("https://192.0.2.1/captive", lease.CaptivePortalUri);
        Assert.Equal("http://192.0.2.1/wpad.dat", lease.ProxyAutoConfigurationUrl);
        Assert.Equal(TimeSpan.FromHours(1), lease.LeaseTime);
        Assert.Equal(DhcpLeaseDefects.None, lease.Defects);
        Assert.Equal(0, rig.Transport.Counters.CountOf(UdpDatagramError.ChecksumWrong));
        Assert.True(DhcpLease.TryRestore(lease.Acknowledgement.Span, lease.AcquiredAt, out DhcpLease? restored));
        Assert.True(lease.HasSameConfiguration(restored));
        Save(lease, "dnsmasq-acknowledgement");
    });

    [PrivateNetworkFact]
    public void A_remembered_address_is_confirmed_in_one_round_trip() => PrivateNetwork.Run(() =>
    {
        using DnsmasqServer server = new();
        using Rig rig = new();
        rig.Driver.Start(IpAddress.Parse("192.0.2.77"));
        Assert.Equal(IpAddress.Parse("192.0.2.77"), rig.RunUntilLease().Address.Address);
        Assert.Equal(0, server.CountOf("DHCPDISCOVER"));
        rig.Outputs.Clear();
        rig.Driver.LoseCarrier();
        rig.Driver.ReturnCarrier();
        Assert.Equal(IpAddress.Parse("192.0.2.77"), rig.RunUntilLease().Address.Address);
        Assert.Equal(0, server.CountOf("DHCPDISCOVER"));
    });

    [PrivateNetworkFact]
    public void An_address_of_another_network_is_refused_and_replaced() => PrivateNetwork.Run(() =>
    {
        using DnsmasqServer server = new();
        using Rig rig = new();
        rig.Driver.Start(IpAddress.Parse("198.51.100.9"));
        Assert.True(IpPrefix.Parse("192.0.2.0/24").Contains(rig.RunUntilLease().Address.Address));
        server.WaitFor("DHCPNAK");
        Assert.Equal(1, server.CountOf("DHCPNAK"));
    });

    [PrivateNetworkFact]
    public void A_server_that_can_commits_rapidly() => PrivateNetwork.Run(() =>
    {
        using DnsmasqServer server = new("--dhcp-rapid-commit");
        using Rig rig = new();
        rig.Driver.Start();
        rig.RunUntilLease();
        Assert.Equal(0, server.CountOf("DHCPREQUEST("));
    });

    [PrivateNetworkFact]
    public void A_lease_is_renewed_by_unicast_and_released() => PrivateNetwork.Run(() =>
    {
        using DnsmasqServer server = new("--dhcp-option=option:T1,3", "--dhcp-option=option:T2,60");
        using Rig rig = new();
        rig.Driver.Start();
        DhcpLease lease = rig.RunUntilLease();
        Assert.Equal(TimeSpan.FromSeconds(3), lease.RenewalTime);
        PrivateNetwork.Command($"ip addr add {lease.Address} dev near");
        rig.RunUntil(DhcpOutputKind.LeaseRenewed);
        Assert.Equal(1, rig.Transport.Counters.SentAsDatagrams);
        Assert.Equal(DhcpClientState.Bound, rig.Driver.State);

        // The address may leave the link in the same moment.
        rig.Driver.Release();
        PrivateNetwork.Command($"ip addr del {lease.Address} dev near");
        server.WaitFor($"DHCPRELEASE(far) {lease.Address.Address}");
        Assert.Equal(DhcpLossReason.Released, rig.RunUntil(DhcpOutputKind.LeaseLost).Reason);
        Assert.Equal(Errno.None, rig.Driver.SendError);
    });

    [PrivateNetworkFact]
    public void A_declined_address_is_not_used() => PrivateNetwork.Run(() =>
    {
        using DnsmasqServer server = new();
        using Rig rig = new(detectsConflicts: true);
        rig.Driver.Start();
        IpAddress probed = rig.RunUntil(DhcpOutputKind.ProbeAddress).Address;
        rig.Driver.ReportInUse(probed);
        server.WaitFor("DHCPDECLINE");
        Assert.Equal(DhcpClientState.Init, rig.Driver.State);
        Assert.Null(rig.Driver.Lease);
    });

    [PrivateNetworkFact]
    public void A_callback_may_end_the_driver() => PrivateNetwork.Run(() =>
    {
        using DnsmasqServer server = new();
        using Rig rig = new();
        rig.OnOutput = output =>
        {
            if (output.Kind == DhcpOutputKind.LeaseAcquired)
            {
                rig.Driver.Stop();
                rig.Driver.Dispose();
            }
        };
        rig.Driver.Start();
        rig.RunUntilLease();
        rig.Loop.RunReady();
        Assert.DoesNotContain(rig.Outputs, output => output.To == DhcpClientState.Stopped && output.From != output.To);
    });

    [PrivateNetworkFact]
    public void Port_68_is_not_unreachable_and_nothing_piles_up_on_it() => PrivateNetwork.Run(() =>
    {
        using DnsmasqServer server = new();
        using Rig rig = new();
        Assert.True(rig.Transport.Open().IsOk);
        rig.Driver.Start();
        DhcpLease lease = rig.RunUntilLease();
        PrivateNetwork.Command($"ip addr add {lease.Address} dev near");
        rig.Driver.ReturnCarrier();
        rig.Outputs.Clear();
        rig.RunUntilLease();
        string statistics = PrivateNetwork.Command("cat /proc/self/net/snmp");
        string[] icmp = [.. statistics.Split('\n').Where(line => line.StartsWith("Icmp:", StringComparison.Ordinal))];
        int column = Array.IndexOf(icmp[0].Split(' '), "OutDestUnreachs");
        Assert.Equal("0", icmp[1].Split(' ')[column]);
        string socket = PrivateNetwork.Command("cat /proc/self/net/udp").Split('\n')
            .Single(line => line.Contains(":0044 ", StringComparison.Ordinal));
        Assert.Contains(" 00000000:00000000 ", socket, StringComparison.Ordinal);
    });

    /// <summary>Keeps what the server said, where a folder for captures is named: the bytes that the wire tests use.</summary>
    private static void Save(DhcpLease lease, string name)
    {
        if (Environment.GetEnvironmentVariable("SPINDLE_CAPTURES") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name), Convert.ToHexString(lease.Acknowledgement.Span));
        }
    }

    private sealed class Rig : IDisposable
    {
        public Rig(bool detectsConflicts = false)
        {
            Loop = new(new LinuxKernel());
            Transport = new(Loop);
            DhcpClientConfiguration configuration = new()
            {
                HardwareAddress = PrivateNetwork.AddressOf("near"),
                DetectsConflicts = detectsConflicts,
                HostName = "spindle-test",
            };
            Driver = new(Transport, PrivateNetwork.IndexOf("near"), configuration, Take);
        }

        public EventLoop Loop { get; }

        public DhcpTransport Transport { get; }

        public DhcpDriver Driver { get; }

        public List<DhcpOutput> Outputs { get; } = [];

        public Action<DhcpOutput>? OnOutput { get; set; }

        public DhcpLease RunUntilLease() => RunUntil(DhcpOutputKind.LeaseAcquired).Lease!;

        public DhcpOutput RunUntil(DhcpOutputKind kind)
        {
            Loop.RunUntil(
                () => Outputs.Exists(output => output.Kind == kind),
                string.Create(CultureInfo.InvariantCulture, $"{kind} in state {Driver.State}, {Transport.PacketCounters.Received} received, {Driver.SendError}"));
            return Outputs.Find(output => output.Kind == kind);
        }

        public void Dispose()
        {
            Driver.Dispose();
            Transport.Dispose();
            Loop.Dispose();
        }

        private void Take(DhcpDriver driver, in DhcpOutput output)
        {
            Outputs.Add(output);
            OnOutput?.Invoke(output);
        }
    }
}
