using System;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.Provisioning;
using Spindle.Model;
using Spindle.Protocols.KeyFile;

namespace Spindle.Fuzz.Targets;

/// <summary>Provisioning files: refused whole with a reason, or every service in them can be used.</summary>
public static class ProvisioningFuzz
{
    private static readonly string[] Seeds =
    [
        "[global]\nName = Office\n\n[service_desk]\nType = ethernet\nMAC = 00:02:03:04:05:06\nIPv4 = 192.0.2.7/255.255.255.0/192.0.2.1\n"
        + "IPv6 = 2001:db8::7/64/2001:db8::1\nIPv6.Privacy = preferred\nNameservers = 192.0.2.53, 2001:db8::53\nSearchDomains = a.test, b.test\n"
        + "Timeservers = ntp.test,192.0.2.123\nDomain = a.test\nmDNS = true\n",
        "[service_a]\nType=ethernet\nDeviceName=eth1\nIPv4=off\nIPv6=auto\n[service_w]\nType=wifi\nSSID=6162\nEAP=peap\nHidden=true\n",
    ];

    public static FuzzTarget Target { get; } = new("provisioning", [.. Seeds.Select(Encoding.UTF8.GetBytes)], Run);

    private static void Run(byte[] input)
    {
        ProvisioningParser.IsFileName(Encoding.UTF8.GetString(input));
        if (!ProvisioningParser.TryParse("x.config", input, out ProvisioningFile? file, out KeyFileError error))
        {
            Must(!string.IsNullOrEmpty(error.Reason) && file is null, "a reason");
            return;
        }

        LinkFacts link = new(1, "eth1", MacAddress.Broadcast);
        foreach (ProvisionedService service in file.Services)
        {
            service.Matches(link);
            ServiceConfiguration over = service.Over(new ServiceConfiguration());
            Must(over.Ipv4.Method != Ipv4Method.Manual || over.Ipv4.Address is { Address: { IsV4: true, IsUnspecified: false }, Length: >= 1 and <= 32 }, "an IPv4 address");
            Must(over.Ipv6.Method != Ipv6Method.Manual || over.Ipv6.Address is { Address: { IsV6: true, IsUnspecified: false }, Length: >= 1 and <= 128 }, "an IPv6 address");
        }
    }

    private static void Must(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new InvalidOperationException($"not {what}");
        }
    }
}
