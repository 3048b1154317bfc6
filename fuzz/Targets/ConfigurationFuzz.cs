using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.CommandLine;
using Spindle.Daemon.Configuration;
using Spindle.Daemon.Storage;
using Spindle.Protocols.KeyFile;

namespace Spindle.Fuzz.Targets;

/// <summary>main.conf, stored settings, stored leases and the command line: nothing throws, and what we write we read.</summary>
public static class ConfigurationFuzz
{
    private const string Ident = "ethernet_020000000001_cable";
    private static readonly DateTime Now = new(2026, 11, 21, 2, 54, 4, DateTimeKind.Utc);

    private static readonly string[] Seeds =
    [
        "[General]\nOnlineCheckMode = continuous\nOnlineCheckInitialInterval=2\nOnlineCheckMaxInterval = 20\nFallbackNameservers=1.2.3.4,::1\n"
        + "PreferredTechnologies=ethernet,wifi\nOnlineCheckConnectTimeout=2.5\nVendorClassID=x\\ty\nEnableOnlineCheck=false\n",
        "[General]\nNetworkInterfaceBlacklist=a,b\nEnable6to4=true\nResolvConf=/dev/null\nOnlineCheckIPv4URL=http://a/b\n[X]\n",
        $"[{Ident}]\nName=Wired\nAutoConnect=false\nModified=2026-11-21T02:54:04Z\nIPv4.method=manual\nIPv4.netmask_prefixlen=24\n"
        + "IPv4.local_address=10.99.0.44\nIPv4.gateway=10.99.0.1\nIPv6.method=manual\nIPv6.privacy=prefered\nIPv6.netmask_prefixlen=64\n"
        + "IPv6.local_address=2001:db8::5\nNameservers=1.1.1.1;8.8.8.8;\nTimeservers=ntp.test;\nDomains=foo.test;\nProxy.Method=manual\n"
        + "Proxy.Servers=http://p:80;\nProxy.Excludes=localhost;\nProxy.URL=http://pac\nmDNS=true\n",
        "[global]\nOfflineMode=true\nTimeUpdates=manual\nTimezoneUpdates=auto\nTimeservers=a;b;\n\n[Wired]\nEnable=false\nTethering=false\n",
        "[lease]\nServerHardwareAddress=02:00:00:00:00:01\nAcquiredWall=1800000000000000000\nAcquiredBoottime=5\nBootId=x\nAcknowledgement=0201060000000000\n",
        "-nr -c /a --debug=x -i eth0,eth1 --storage-dir /b -W x",
    ];

    public static FuzzTarget Target { get; } = new("configuration", [.. Seeds.Select(Encoding.UTF8.GetBytes)], Run);

    private static void Run(byte[] input)
    {
        bool isRead = MainConfigurationParser.TryParse("f", input, out MainConfiguration? configuration, out var remarks);
        Must(isRead == configuration is not null && (isRead || remarks.Length == 1), "a configuration or one reason");
        if (configuration is not null)
        {
            Must(configuration.OnlineCheckInitialInterval <= configuration.OnlineCheckMaxInterval, "intervals in order");
            _ = MainConfigurationChanges.Between(new MainConfiguration(), configuration);
            _ = ModelConfigurationMapping.ToModel(configuration, new DaemonOptions(), null);
        }

        // No argument holds a NUL: it ends one.
        string[] arguments = Encoding.UTF8.GetString(input).Split([' ', '\0']);
        Must(DaemonOptionsParser.TryParse(arguments, out _, out string error) == (error.Length == 0), "options or a reason");
        if (KeyFileDocument.TryParse(input, out KeyFileDocument? document, out _))
        {
            RunSettings(document);
        }
    }

    private static void RunSettings(KeyFileDocument document)
    {
        List<KeyFileError> defects = [];
        GlobalSettings.Read(document, defects).Write(document);
        StoredLease? lease = StoredLease.Read(document, defects);
        lease?.TryRestore(new(Instant.Zero, Instant.FromSeconds(1_800_000_000), Instant.Zero, "x"), out _);
        StoredService? service = ServiceSettings.Read(document, Ident, defects);
        if (service is null)
        {
            return;
        }

        // Written three times: empty lists are gone by then, and nothing moves any more.
        ServiceSettings.Write(document, Ident, service, Now);
        ServiceSettings.Write(document, Ident, service, Now);
        byte[] octets = document.ToOctets();
        ServiceSettings.Write(document, Ident, service, Now.AddDays(1));
        Must(document.ToOctets().AsSpan().SequenceEqual(octets), "a file that stays as it is");
        Must(KeyFileDocument.TryParse(octets, out KeyFileDocument? again, out _), "a file that is read back");
        StoredService? reread = ServiceSettings.Read(again!, Ident, defects = []);
        Must(reread is not null && reread.Configuration.Ipv4 == service.Configuration.Ipv4
            && reread.Configuration.Ipv6 == service.Configuration.Ipv6
            && reread.Configuration.Nameservers.SequenceEqual(service.Configuration.Nameservers)
            && reread.Configuration.Domains.SequenceEqual(service.Configuration.Domains)
            && reread.Configuration.AutoConnect == service.Configuration.AutoConnect
            && reread.Configuration.LastAddress == service.Configuration.LastAddress, "the settings that were written");
    }

    private static void Must(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new InvalidOperationException($"not {what}");
        }
    }
}
