using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;
using Spindle.DBus;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary>Writes a service's properties in ConnMan's names, types and order.</summary>
internal static class ServiceDictionary
{
    /// <summary>Each property that may change, with its name on the bus, in the order of the dictionary.</summary>
    public static ImmutableArray<(ServiceProperties Property, string Name)> Names { get; } =
    [
        (ServiceProperties.State, "State"),
        (ServiceProperties.Error, "Error"),
        (ServiceProperties.Favorite, "Favorite"),
        (ServiceProperties.Immutable, "Immutable"),
        (ServiceProperties.AutoConnect, "AutoConnect"),
        (ServiceProperties.Ethernet, "Ethernet"),
        (ServiceProperties.Ipv4, "IPv4"),
        (ServiceProperties.Ipv4Configuration, "IPv4.Configuration"),
        (ServiceProperties.Ipv6, "IPv6"),
        (ServiceProperties.Ipv6Configuration, "IPv6.Configuration"),
        (ServiceProperties.Nameservers, "Nameservers"),
        (ServiceProperties.NameserversConfiguration, "Nameservers.Configuration"),
        (ServiceProperties.Timeservers, "Timeservers"),
        (ServiceProperties.TimeserversConfiguration, "Timeservers.Configuration"),
        (ServiceProperties.Domains, "Domains"),
        (ServiceProperties.DomainsConfiguration, "Domains.Configuration"),
        (ServiceProperties.Proxy, "Proxy"),
        (ServiceProperties.ProxyConfiguration, "Proxy.Configuration"),
        (ServiceProperties.MulticastDns, "mDNS"),
        (ServiceProperties.MulticastDns, "mDNS.Configuration"),
        (ServiceProperties.LastAddressConflict, "LastAddressConflict"),
    ];

    /// <summary>Writes all entries into an open <c>a{sv}</c>.</summary>
    public static void Write(Service service, BusWriter writer)
    {
        writer.Entry("Type", service.Type);
        writer.Entry("Security", Array.Empty<string>());
        foreach ((ServiceProperties property, string name) in Names)
        {
            if (name == "Ethernet")
            {
                writer.Entry("Name", service.Name);
            }

            if (IsPresent(service, property))
            {
                writer.OpenEntry();
                writer.WriteString(name);
                WriteValue(service, name, writer);
                writer.CloseEntry();
            }
        }
    }

    /// <summary>Writes one property's variant.</summary>
    public static void WriteValue(Service service, string name, BusWriter writer)
    {
        ServiceView view = service.Shown;
        ServiceConfiguration told = service.Configuration;
        switch (name)
        {
            case "State":
                writer.WriteVariant(service.State.ToWord());
                break;
            case "Error":
                writer.WriteVariant(service.Error ?? "");
                break;
            case "Favorite":
                writer.WriteVariant(told.Favorite);
                break;
            case "Immutable":
                writer.WriteVariant(service.IsImmutable);
                break;
            case "AutoConnect":
                writer.WriteVariant(told.AutoConnect && told.Favorite);
                break;
            case "mDNS":
            case "mDNS.Configuration":
                // Only a resolver of its own could do multicast DNS; there is none, so it is never in effect.
                writer.WriteVariant(name.Length > 4 && told.MulticastDns);
                break;
            case "Nameservers":
                writer.WriteVariant(AddressTexts.Of(view.Nameservers));
                break;
            case "Nameservers.Configuration":
                writer.WriteVariant(AddressTexts.Of(told.Nameservers));
                break;
            case "Timeservers":
                writer.WriteVariant(view.Timeservers);
                break;
            case "Timeservers.Configuration":
                writer.WriteVariant(told.Timeservers);
                break;
            case "Domains":
                writer.WriteVariant(view.Domains);
                break;
            case "Domains.Configuration":
                writer.WriteVariant(told.Domains);
                break;
            default:
                writer.WriteVariant((service, name), static (it, into) => WriteEntries(it.service, it.name, into));
                break;
        }
    }

    private static bool IsPresent(Service service, ServiceProperties property) => property switch
    {
        ServiceProperties.Error => service.Error is not null,
        ServiceProperties.LastAddressConflict => service.LastConflict is not null,
        _ => true,
    };

    private static void WriteEntries(Service service, string name, BusWriter writer)
    {
        switch (name)
        {
            case "Ethernet":
                writer.Entry("Method", "auto");
                writer.Entry("Interface", service.Link.Name);
                writer.Entry("Address", service.Link.Mac.ToString());
                writer.Entry("MTU", (ushort)int.Clamp(service.Link.Mtu, 0, ushort.MaxValue));
                break;
            case "IPv4":
                WriteIpv4(service.Shown.Ipv4, writer);
                break;
            case "IPv4.Configuration":
                WriteIpv4Configuration(service, writer);
                break;
            case "IPv6":
                WriteIpv6(service, writer);
                break;
            case "IPv6.Configuration":
                WriteIpv6Configuration(service, writer);
                break;
            case "Proxy":
                WriteProxy(service, writer);
                break;
            case "Proxy.Configuration":
                WriteProxyConfiguration(service.Configuration.Proxy, writer);
                break;
            case "LastAddressConflict":
                WriteConflict(service.LastConflict, writer);
                break;
        }
    }

    private static void WriteIpv4(AddressView? view, BusWriter writer)
    {
        if (view is null)
        {
            return;
        }

        writer.Entry("Method", view.Method);
        if (view.Address is { } prefix)
        {
            writer.Entry("Address", AddressTexts.Of(prefix.Address));
            writer.Entry("Netmask", AddressTexts.Of(prefix.Netmask));
        }

        if (view.Gateway is { } gateway)
        {
            writer.Entry("Gateway", AddressTexts.Of(gateway));
        }
    }

    private static void WriteIpv4Configuration(Service service, BusWriter writer)
    {
        Ipv4Configuration told = service.Configuration.Ipv4;
        bool isFixed = service.Provision?.Ipv4 is { Method: Ipv4Method.Manual };
        writer.Entry("Method", told.Method switch
        {
            Ipv4Method.Off => "off",
            Ipv4Method.Manual => isFixed ? "fixed" : "manual",
            Ipv4Method.Dhcp => service.Shown.IsIpv4OwnMade ? "auto" : "dhcp",
        });
        if (told is { Method: Ipv4Method.Manual, Address: { } prefix })
        {
            writer.Entry("Address", AddressTexts.Of(prefix.Address));
            writer.Entry("Netmask", AddressTexts.Of(prefix.Netmask));
            if (told.Gateway is { } gateway)
            {
                writer.Entry("Gateway", AddressTexts.Of(gateway));
            }
        }
    }

    private static void WriteIpv6(Service service, BusWriter writer)
    {
        if (service.Shown.Ipv6 is not { } view)
        {
            return;
        }

        writer.Entry("Method", view.Method);
        WriteIpv6Address(view.Address, view.Gateway, writer);
        writer.Entry("Privacy", Word(service.Configuration.Ipv6.Privacy));
    }

    private static void WriteIpv6Configuration(Service service, BusWriter writer)
    {
        Ipv6Configuration told = service.Configuration.Ipv6;
        bool isFixed = service.Provision?.Ipv6 is { Method: Ipv6Method.Manual };
        writer.Entry("Method", told.Method switch
        {
            Ipv6Method.Off => "off",
            Ipv6Method.Manual => isFixed ? "fixed" : "manual",
            Ipv6Method.Auto => "auto",
        });
        if (told.Method == Ipv6Method.Manual)
        {
            WriteIpv6Address(told.Address, told.Gateway, writer);
        }

        if (told.Method != Ipv6Method.Off)
        {
            writer.Entry("Privacy", Word(told.Privacy));
        }
    }

    private static void WriteIpv6Address(IpPrefix? address, IpAddress? gateway, BusWriter writer)
    {
        if (address is { } prefix)
        {
            writer.Entry("Address", AddressTexts.Of(prefix.Address));
            writer.Entry("PrefixLength", prefix.Length);
        }

        if (gateway is { } router)
        {
            writer.Entry("Gateway", AddressTexts.Of(router));
        }
    }

    private static void WriteProxy(Service service, BusWriter writer)
    {
        if (service.Shown.ProxyMethod is not { } method)
        {
            return;
        }

        writer.Entry("Method", method);
        if (service.Shown.ProxyUrl is { } url)
        {
            writer.Entry("URL", url);
        }

        if (method == "manual")
        {
            WriteProxyServers(service.Configuration.Proxy, writer);
        }
    }

    private static void WriteProxyConfiguration(ProxyConfiguration told, BusWriter writer)
    {
        switch (told.Method)
        {
            case ProxyMethod.Unset:
                break;
            case ProxyMethod.Direct:
                writer.Entry("Method", "direct");
                break;
            case ProxyMethod.Auto:
                writer.Entry("Method", "auto");
                if (told.Url is { } url)
                {
                    writer.Entry("URL", url);
                }

                break;
            case ProxyMethod.Manual:
                writer.Entry("Method", "manual");
                WriteProxyServers(told, writer);
                break;
        }
    }

    private static void WriteProxyServers(ProxyConfiguration told, BusWriter writer)
    {
        writer.Entry("Servers", told.Servers);
        if (!told.Excludes.IsEmpty)
        {
            writer.Entry("Excludes", told.Excludes);
        }
    }

    private static void WriteConflict(AddressConflict? conflict, BusWriter writer)
    {
        if (conflict is null)
        {
            return;
        }

        writer.OpenDictionary("IPv4");
        writer.Entry("Address", AddressTexts.Of(conflict.Address));
        writer.CloseDictionary();
        writer.OpenDictionary("Ethernet");
        writer.Entry("Address", conflict.Other.ToString());
        writer.CloseDictionary();
        writer.Entry("Timestamp", conflict.UnixSeconds);
        writer.Entry("Resolved", conflict.IsResolved);
    }

    // "prefered" is misspelt on ConnMan's wire, and so it must stay.
    private static string Word(Ipv6Privacy privacy) => privacy switch
    {
        Ipv6Privacy.Disabled => "disabled",
        Ipv6Privacy.Enabled => "enabled",
        Ipv6Privacy.Preferred => "prefered",
    };
}

/// <summary>Addresses as text, made once: the same few are written again and again. A thread has its own, since daemons of several loops
/// may share a process.</summary>
internal static class AddressTexts
{
    private const int KeptMax = 256;

    [ThreadStatic]
    private static Dictionary<IpAddress, string>? kept;

    public static string Of(IpAddress address)
    {
        kept ??= [];
        if (!kept.TryGetValue(address, out string? text))
        {
            if (kept.Count >= KeptMax)
            {
                kept.Clear();
            }

            text = address.ToString();
            kept.Add(address, text);
        }

        return text;
    }

    public static IReadOnlyList<string> Of(ImmutableArray<IpAddress> addresses)
    {
        string[] texts = new string[addresses.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = Of(addresses[i]);
        }

        return texts;
    }
}
