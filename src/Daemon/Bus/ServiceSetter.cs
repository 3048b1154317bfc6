using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;
using Spindle.DBus;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary>Reads what a client wants a service's property to be; answers errors as ConnMan does.</summary>
internal static class ServiceSetter
{
    /// <summary>Names and servers in one property at most; what is beyond is refused.</summary>
    private const int ListMax = 64;

    private enum Outcome
    {
        Good,
        InvalidArguments,
        NotSupported,
    }

    public static void Set(Service service, BusCall call, string property, BusValue value, ModelDoor door)
    {
        ServiceProperties touched = Touches(property);
        if (touched == ServiceProperties.None)
        {
            call.InvalidProperty();
        }
        else if (service.IsImmutable && touched != ServiceProperties.AutoConnect)
        {
            call.NotSupported();
        }
        else if (touched == ServiceProperties.AutoConnect && !service.Configuration.Favorite)
        {
            call.InvalidService();
        }
        else
        {
            ServiceConfiguration stored = service.Stored;
            switch (TryChange(property, value, ref stored))
            {
                case Outcome.Good:
                    call.Reply();
                    door.Submit(new ModelInput.ServiceConfigured(service.Ident, stored, touched));
                    break;
                case Outcome.InvalidArguments:
                    call.InvalidArguments();
                    break;
                case Outcome.NotSupported:
                    call.NotSupported();
                    break;
            }
        }
    }

    private static ServiceProperties Touches(string property) => property switch
    {
        "AutoConnect" => ServiceProperties.AutoConnect,
        "IPv4.Configuration" => ServiceProperties.Ipv4Configuration,
        "IPv6.Configuration" => ServiceProperties.Ipv6Configuration,
        "Nameservers.Configuration" => ServiceProperties.NameserversConfiguration,
        "Timeservers.Configuration" => ServiceProperties.TimeserversConfiguration,
        "Domains.Configuration" => ServiceProperties.DomainsConfiguration,
        "Proxy.Configuration" => ServiceProperties.ProxyConfiguration,
        "mDNS.Configuration" => ServiceProperties.MulticastDns,
        _ => ServiceProperties.None,
    };

    private static Outcome TryChange(string property, BusValue value, ref ServiceConfiguration stored)
    {
        bool flag;
        switch (property)
        {
            case "AutoConnect" when value.TryGetBoolean(out flag):
                stored = stored with { AutoConnect = flag };
                return Outcome.Good;
            case "mDNS.Configuration" when value.TryGetBoolean(out flag):
                stored = stored with { MulticastDns = flag };
                return Outcome.Good;
            case "Nameservers.Configuration" when TryList(value, out string[] list):
                stored = stored with { Nameservers = Addresses(list) };
                return Outcome.Good;
            case "Timeservers.Configuration" when TryList(value, out string[] list):
                stored = stored with { Timeservers = [.. Distinct(list)] };
                return Outcome.Good;
            case "Domains.Configuration" when TryList(value, out string[] list):
                stored = stored with { Domains = [.. Distinct(list)] };
                return Outcome.Good;
            case "Proxy.Configuration" when value.IsDictionary:
                return TryProxy(value, ref stored);
            case "IPv4.Configuration" when value.IsDictionary:
                return TryIpv4(value, ref stored);
            case "IPv6.Configuration" when value.IsDictionary:
                return TryIpv6(value, ref stored);
            default:
                return Outcome.InvalidArguments;
        }
    }

    private static Outcome TryIpv4(BusValue value, ref ServiceConfiguration stored)
    {
        switch (Text(value, "Method"))
        {
            case "dhcp":
                stored = stored with { Ipv4 = new Ipv4Configuration(Ipv4Method.Dhcp) };
                return Outcome.Good;
            case "off":
                stored = stored with { Ipv4 = new Ipv4Configuration(Ipv4Method.Off) };
                return Outcome.Good;
            case "auto":
                return Outcome.NotSupported;
            case "manual" when TryAddress(value, "Address", IpFamily.V4, out IpAddress? address)
                && address is { } own && !own.IsUnspecified
                && TryAddress(value, "Gateway", IpFamily.V4, out IpAddress? gateway)
                && TryNetmask(value, out byte length):
                stored = stored with
                {
                    Ipv4 = new Ipv4Configuration(Ipv4Method.Manual, new IpPrefix(own, length), Given(gateway)),
                };
                return Outcome.Good;
            default:
                return Outcome.InvalidArguments;
        }
    }

    private static Outcome TryIpv6(BusValue value, ref ServiceConfiguration stored)
    {
        if (!TryPrivacy(value, out Ipv6Privacy privacy))
        {
            return Outcome.InvalidArguments;
        }

        switch (Text(value, "Method"))
        {
            case "auto":
                stored = stored with { Ipv6 = new Ipv6Configuration(Ipv6Method.Auto, privacy) };
                return Outcome.Good;
            case "off":
                stored = stored with { Ipv6 = new Ipv6Configuration(Ipv6Method.Off) };
                return Outcome.Good;
            case "dhcp" or "6to4":
                return Outcome.NotSupported;
            case "manual" when TryAddress(value, "Address", IpFamily.V6, out IpAddress? address)
                && address is { } own && !own.IsUnspecified
                && TryAddress(value, "Gateway", IpFamily.V6, out IpAddress? gateway)
                && TryPrefixLength(value, out byte length):
                stored = stored with
                {
                    Ipv6 = new Ipv6Configuration(Ipv6Method.Manual, privacy, new IpPrefix(own, length), Given(gateway)),
                };
                return Outcome.Good;
            default:
                return Outcome.InvalidArguments;
        }
    }

    private static Outcome TryProxy(BusValue value, ref ServiceConfiguration stored)
    {
        ImmutableArray<string> servers = [], excludes = [];
        if (value.TryGetEntry("Servers", out BusValue? given))
        {
            if (!TryList(given, out string[] list))
            {
                return Outcome.InvalidArguments;
            }

            servers = [.. Distinct(list)];
        }

        if (value.TryGetEntry("Excludes", out given))
        {
            if (!TryList(given, out string[] list))
            {
                return Outcome.InvalidArguments;
            }

            excludes = [.. Distinct(list)];
        }

        string? url = Text(value, "URL");
        ProxyConfiguration? proxy = Text(value, "Method") switch
        {
            "direct" => new ProxyConfiguration(ProxyMethod.Direct, null, [], []),
            "auto" => new ProxyConfiguration(ProxyMethod.Auto, string.IsNullOrEmpty(url) ? null : url, [], []),
            "manual" when !servers.IsEmpty => new ProxyConfiguration(ProxyMethod.Manual, null, servers, excludes),
            _ => null,
        };
        if (proxy is null)
        {
            return Outcome.InvalidArguments;
        }

        stored = stored with { Proxy = proxy };
        return Outcome.Good;
    }

    private static string? Text(BusValue dictionary, string key) =>
        dictionary.TryGetEntry(key, out BusValue? value) && value.TryGetString(out string? text) ? text : null;

    private static IpAddress? Given(IpAddress? gateway) => gateway is { IsUnspecified: true } ? null : gateway;

    private static bool TryAddress(BusValue dictionary, string key, IpFamily family, out IpAddress? address)
    {
        address = null;
        if (!dictionary.TryGetEntry(key, out BusValue? value))
        {
            return true;
        }

        if (!value.TryGetString(out string? text))
        {
            return false;
        }

        if (text.Length == 0)
        {
            return true;
        }

        bool ok = IpAddress.TryParse(text, out IpAddress parsed) && parsed.Family == family && !parsed.IsMulticast;
        address = parsed;
        return ok;
    }

    private static bool TryNetmask(BusValue dictionary, out byte length)
    {
        length = 32;
        return !dictionary.TryGetEntry("Netmask", out BusValue? value)
            || (value.TryGetString(out string? text)
                && (text.Length == 0 || (IpAddress.TryParse(text, out IpAddress mask)
                    && IpPrefix.TryLengthOfNetmask(mask, out length))));
    }

    private static bool TryPrefixLength(BusValue dictionary, out byte length)
    {
        length = 64;
        if (!dictionary.TryGetEntry("PrefixLength", out BusValue? value))
        {
            return true;
        }

        // connmanctl has sent a byte and a string over the years.
        bool ok = value.TryGetByte(out length) || (value.TryGetString(out string? text) && byte.TryParse(text, out length));
        return ok && length is > 0 and <= 128;
    }

    private static bool TryPrivacy(BusValue dictionary, out Ipv6Privacy privacy)
    {
        (bool ok, privacy) = Text(dictionary, "Privacy") switch
        {
            null or "" or "disabled" => (true, Ipv6Privacy.Disabled),
            "enabled" => (true, Ipv6Privacy.Enabled),
            "prefered" or "preferred" => (true, Ipv6Privacy.Preferred),
            _ => (false, Ipv6Privacy.Disabled),
        };
        return ok;
    }

    private static bool TryList(BusValue value, out string[] list)
    {
        bool ok = value.TryGetStringArray(out string[]? strings) && strings.Length <= ListMax;
        list = strings ?? [];
        return ok;
    }

    private static ImmutableArray<IpAddress> Addresses(string[] list)
    {
        List<IpAddress> addresses = [];
        foreach (string text in list)
        {
            if (IpAddress.TryParse(text, out IpAddress address) && !addresses.Contains(address))
            {
                addresses.Add(address);
            }
        }

        return [.. addresses];
    }

    private static List<string> Distinct(string[] list)
    {
        List<string> distinct = [];
        foreach (string text in list)
        {
            if (text.Length > 0 && !distinct.Contains(text))
            {
                distinct.Add(text);
            }
        }

        return distinct;
    }
}
