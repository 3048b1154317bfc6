using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using Spindle.Basics;
using Spindle.Model;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Storage;

/// <summary>A service's <c>settings</c> in ConnMan's format: one group, named as the service.</summary>
/// <remarks>A value that makes no sense is left out and told; the rest counts. Keys that are not ours stay in the file.</remarks>
public static class ServiceSettings
{
    private const string Modified = "Modified";

    /// <summary>Reads the group of a service.</summary>
    /// <param name="document">The file.</param>
    /// <param name="ident">The service's ident, without a path.</param>
    /// <param name="defects">What was left out and why is added here.</param>
    /// <returns>Null if there is no such group.</returns>
    public static StoredService? Read(KeyFileDocument document, string ident, ICollection<KeyFileError> defects)
    {
        if (!document.HasGroup(ident))
        {
            return null;
        }

        SettingsGroupReader group = new(document, ident, defects);
        ServiceConfiguration configuration = new()
        {
            AutoConnect = group.Boolean("AutoConnect") ?? true,
            Favorite = group.Boolean("Favorite") ?? true,
            Ipv4 = ReadIpv4(group),
            Ipv6 = ReadIpv6(group),
            Nameservers = group.Addresses("Nameservers"),
            Timeservers = group.Strings("Timeservers"),
            Domains = group.Strings("Domains"),
            Proxy = ReadProxy(group),
            MulticastDns = group.Boolean("mDNS") ?? false,
            LastAddress = group.Address("IPv4.DHCP.LastAddress", IpFamily.V4),
        };
        return new StoredService(configuration)
        {
            Name = group.String("Name") ?? "Wired",
            ConfigFile = group.String("Config.file"),
            ConfigEntry = group.String("Config.ident"),
            Modified = UtcText.Read(group.String(Modified)),
        };
    }

    /// <summary>Writes the group of a service, key by key in ConnMan's order. The time stamp moves if anything but the last
    /// address is different from before.</summary>
    /// <param name="document">The file.</param>
    /// <param name="ident">The service's ident.</param>
    /// <param name="service">What to write; its own time stamp does not count.</param>
    /// <param name="now">The time, UTC.</param>
    public static void Write(KeyFileDocument document, string ident, StoredService service, DateTime now)
    {
        ArgumentNullException.ThrowIfNull(service);
        OrderedGroup group = new(document, ident);
        Write(group, service);
        if (group.IsChanged || document.Find(ident, Modified) is null)
        {
            OrderedGroup head = new(document, ident);
            head.Keep("Name");
            head.Keep("SSID");
            head.Keep("Frequency");
            head.Keep("Favorite");
            head.Keep("AutoConnect");
            head.Set(Modified, UtcText.Of(now));
        }
    }

    private static void Write(OrderedGroup group, StoredService service)
    {
        ServiceConfiguration configuration = service.Configuration;
        group.Set("Name", service.Name);
        group.Keep("SSID");
        group.Keep("Frequency");
        group.Keep("Favorite");
        group.Set("AutoConnect", configuration.AutoConnect);
        group.Keep(Modified);
        group.Keep("Passphrase");
        WriteIpv4(group, configuration.Ipv4);
        group.SetQuietly("IPv4.DHCP.LastAddress", configuration.LastAddress?.ToString());
        WriteIpv6(group, configuration.Ipv6);
        group.SetList("Nameservers", configuration.Nameservers.Map(static address => address.ToString()));
        group.SetList("Timeservers", configuration.Timeservers);
        group.SetList("Domains", configuration.Domains);
        WriteProxy(group, configuration.Proxy);
        group.SetOrRemove("mDNS", configuration.MulticastDns ? "true" : null);
        group.Keep("Hidden");
        group.SetOrRemove("Config.file", service.ConfigFile);
        group.SetOrRemove("Config.ident", service.ConfigEntry);
    }

    private static Ipv4Configuration ReadIpv4(SettingsGroupReader group)
    {
        string method = group.String("IPv4.method") ?? "dhcp";
        switch (method)
        {
            case "off":
                return new(Ipv4Method.Off);
            case "manual" or "fixed":
                IpPrefix? address = group.Prefix("IPv4.local_address", "IPv4.netmask_prefixlen", IpFamily.V4);
                return address is null
                    ? new(Ipv4Method.Dhcp)
                    : new(Ipv4Method.Manual, address, group.Address("IPv4.gateway", IpFamily.V4));
            case "dhcp" or "auto":
                return new(Ipv4Method.Dhcp);
            default:
                group.Complain("IPv4.method", $"is '{method}', which is no method");
                return new(Ipv4Method.Dhcp);
        }
    }

    private static Ipv6Configuration ReadIpv6(SettingsGroupReader group)
    {
        Ipv6Privacy privacy = group.String("IPv6.privacy") switch
        {
            "enabled" => Ipv6Privacy.Enabled,
            "prefered" or "preferred" => Ipv6Privacy.Preferred,
            _ => Ipv6Privacy.Disabled,
        };
        string method = group.String("IPv6.method") ?? "auto";
        switch (method)
        {
            case "off":
                return new(Ipv6Method.Off, privacy);
            case "manual" or "fixed":
                IpPrefix? address = group.Prefix("IPv6.local_address", "IPv6.netmask_prefixlen", IpFamily.V6);
                return address is null
                    ? new(Ipv6Method.Auto, privacy)
                    : new(Ipv6Method.Manual, privacy, address, group.Address("IPv6.gateway", IpFamily.V6));
            case "auto" or "dhcp" or "6to4":
                return new(Ipv6Method.Auto, privacy);
            default:
                group.Complain("IPv6.method", $"is '{method}', which is no method");
                return new(Ipv6Method.Auto, privacy);
        }
    }

    private static ProxyConfiguration ReadProxy(SettingsGroupReader group)
    {
        ProxyMethod method = group.String("Proxy.Method") switch
        {
            "direct" => ProxyMethod.Direct,
            "auto" => ProxyMethod.Auto,
            "manual" => ProxyMethod.Manual,
            _ => ProxyMethod.Unset,
        };
        ImmutableArray<string> servers = group.Strings("Proxy.Servers");
        ImmutableArray<string> excludes = group.Strings("Proxy.Excludes");
        string? url = group.String("Proxy.URL");
        return method == ProxyMethod.Unset && url is null && servers.IsEmpty && excludes.IsEmpty
            ? ProxyConfiguration.Unset
            : new(method, url, servers, excludes);
    }

    private static void WriteIpv4(OrderedGroup group, Ipv4Configuration ipv4)
    {
        group.Set("IPv4.method", ipv4.Method switch
        {
            Ipv4Method.Off => "off",
            Ipv4Method.Dhcp => "dhcp",
            Ipv4Method.Manual => "manual",
        });
        bool isManual = ipv4.Method == Ipv4Method.Manual;
        WriteAddress(group, "IPv4", isManual ? ipv4.Address : null);
        group.Remove("IPv4.peer_address");
        group.Remove("IPv4.broadcast_address");
        group.SetOrRemove("IPv4.gateway", isManual ? ipv4.Gateway?.ToString() : null);
    }

    private static void WriteIpv6(OrderedGroup group, Ipv6Configuration ipv6)
    {
        group.Set("IPv6.method", ipv6.Method switch
        {
            Ipv6Method.Off => "off",
            Ipv6Method.Auto => "auto",
            Ipv6Method.Manual => "manual",
        });

        // Misspelt by ConnMan, in its files as on the bus.
        group.Set("IPv6.privacy", ipv6.Privacy switch
        {
            Ipv6Privacy.Disabled => "disabled",
            Ipv6Privacy.Enabled => "enabled",
            Ipv6Privacy.Preferred => "prefered",
        });
        bool isManual = ipv6.Method == Ipv6Method.Manual;
        WriteAddress(group, "IPv6", isManual ? ipv6.Address : null);
        group.SetOrRemove("IPv6.gateway", isManual ? ipv6.Gateway?.ToString() : null);
        group.Keep("IPv6.DHCP.LastAddress");
        group.Keep("IPv6.DHCP.LastPrefixes");
    }

    private static void WriteAddress(OrderedGroup group, string family, IpPrefix? address)
    {
        group.SetOrRemove($"{family}.netmask_prefixlen", address?.Length.ToString(CultureInfo.InvariantCulture));
        group.SetOrRemove($"{family}.local_address", address?.Address.ToString());
    }

    private static void WriteProxy(OrderedGroup group, ProxyConfiguration proxy)
    {
        group.SetOrRemove("Proxy.Method", proxy.Method switch
        {
            ProxyMethod.Unset => null,
            ProxyMethod.Direct => "direct",
            ProxyMethod.Auto => "auto",
            ProxyMethod.Manual => "manual",
        });
        group.SetList("Proxy.Servers", proxy.Servers);
        group.SetList("Proxy.Excludes", proxy.Excludes);
        group.SetOrRemove("Proxy.URL", proxy.Url);
    }
}
