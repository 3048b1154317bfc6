using System;
using System.Globalization;
using Spindle.Basics;
using Spindle.Model;

namespace Spindle.Daemon.Provisioning;

/// <summary>Reads one <c>[service_…]</c> group.</summary>
internal static class ServiceGroupParser
{
    private static readonly string[] CommonKeys =
    [
        "Type", "IPv4", "IPv6", "IPv6.Privacy", "MAC", "DeviceName",
        "Nameservers", "SearchDomains", "Timeservers", "Domain", "mDNS",
    ];

    private static readonly string[] WifiKeys =
    [
        .. CommonKeys, "Name", "SSID", "EAP", "CACertFile", "ClientCertFile", "PrivateKeyFile", "PrivateKeyPassphrase",
        "PrivateKeyPassphraseType", "Identity", "AnonymousIdentity", "SubjectMatch", "AltSubjectMatch",
        "DomainSuffixMatch", "DomainMatch", "Phase2", "Passphrase", "Security", "Hidden",
    ];

    /// <summary>Null for what is not wired; and for what is wrong, then the group says so.</summary>
    public static ProvisionedService? Read(ProvisioningGroup group, ProvisionedService service)
    {
        string? type = group.Word("Type", ["ethernet", "gadget", "wifi"]);
        if (type is null)
        {
            group.Fail(new(0, $"group '[{group.Name}]' has no 'Type'"));
            return null;
        }

        ProvisionedService read = service with
        {
            Mac = ReadMac(group),
            DeviceName = ReadDeviceName(group),
            Ipv4 = ReadIpv4(group),
            Ipv6 = ReadIpv6(group, ReadPrivacy(group)),
            Privacy = ReadPrivacy(group),
            Nameservers = group.Addresses("Nameservers"),
            SearchDomains = group.Strings("SearchDomains"),
            Timeservers = group.Strings("Timeservers"),
            Domain = ReadDomain(group),
            MulticastDns = group.Boolean("mDNS"),
        };
        if (type == "wifi")
        {
            CheckWifi(group);
            group.RemarkUnknown(WifiKeys, "");
            group.Remark(0, $"group '[{group.Name}]' has no effect: Wi-Fi is not here yet", isMistake: false);
            return null;
        }

        group.RemarkUnknown(CommonKeys, $" for type {type}");
        return group.IsBad || type != "ethernet" ? Gadget(group, type) : read;
    }

    private static ProvisionedService? Gadget(ProvisioningGroup group, string type)
    {
        if (type == "gadget")
        {
            group.Remark(0, $"group '[{group.Name}]' has no effect: gadgets are not here yet", isMistake: false);
        }

        return null;
    }

    private static MacAddress? ReadMac(ProvisioningGroup group)
    {
        if (group.String("MAC") is not { } text)
        {
            return null;
        }

        if (MacAddress.TryParse(text, out MacAddress mac) && text.Length == 17 && !mac.IsZero && !mac.IsGroup)
        {
            return mac;
        }

        group.Fail("MAC", $"is '{text}', which is no station's address (aa:bb:cc:dd:ee:ff)");
        return null;
    }

    private static string? ReadDeviceName(ProvisioningGroup group)
    {
        string? name = group.String("DeviceName");
        if (name is not null && (name.Length is 0 or > 15 || name.AsSpan().ContainsAny("/ \t")))
        {
            group.Fail("DeviceName", $"is '{name}', which is no name of a link");
        }

        return name;
    }

    private static string? ReadDomain(ProvisioningGroup group)
    {
        string? domain = group.String("Domain");
        if (domain is not null && (domain.Length is 0 or > 253 || domain.AsSpan().ContainsAny(" \t,;/")))
        {
            group.Fail("Domain", $"is '{domain}', which is no domain");
        }

        return domain;
    }

    private static Ipv6Privacy? ReadPrivacy(ProvisioningGroup group) =>
        group.Word("IPv6.Privacy", ["disabled", "enabled", "preferred", "prefered"]) switch
        {
            "disabled" => Ipv6Privacy.Disabled,
            "enabled" => Ipv6Privacy.Enabled,
            "preferred" or "prefered" => Ipv6Privacy.Preferred,
            _ => null,
        };

    private static Ipv4Configuration? ReadIpv4(ProvisioningGroup group)
    {
        switch (group.String("IPv4"))
        {
            case null:
                return null;
            case "off":
                return new(Ipv4Method.Off);
            case "dhcp" or "auto":
                return new(Ipv4Method.Dhcp);
            case { } text:
                return TryReadStatic(text, IpFamily.V4, out IpPrefix address, out IpAddress? gateway)
                    ? new(Ipv4Method.Manual, address, gateway)
                    : Fail<Ipv4Configuration>(group, "IPv4", text, "off, dhcp, auto or address/netmask/gateway");
        }
    }

    private static Ipv6Configuration? ReadIpv6(ProvisioningGroup group, Ipv6Privacy? privacy)
    {
        Ipv6Privacy given = privacy ?? Ipv6Privacy.Disabled;
        switch (group.String("IPv6"))
        {
            case null:
                return null;
            case "off":
                return new(Ipv6Method.Off, given);
            case "auto" or "dhcp":
                return new(Ipv6Method.Auto, given);
            case { } text:
                return TryReadStatic(text, IpFamily.V6, out IpPrefix address, out IpAddress? gateway)
                    ? new(Ipv6Method.Manual, given, address, gateway)
                    : Fail<Ipv6Configuration>(group, "IPv6", text, "off, auto, dhcp or address/length/gateway");
        }
    }

    /// <summary><c>address/length[/gateway]</c>; for IPv4 a netmask may stand for the length.</summary>
    private static bool TryReadStatic(string text, IpFamily family, out IpPrefix prefix, out IpAddress? gateway)
    {
        prefix = default;
        gateway = null;
        string[] parts = text.Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length is not (2 or 3) || !TryReadPrefix(parts[0], parts[1], family, out prefix))
        {
            return false;
        }

        if (parts.Length == 2 || parts[2].Length == 0)
        {
            return true;
        }

        bool isGateway = IpAddress.TryParse(parts[2], out IpAddress address)
            && IsHost(address, family) && address != prefix.Address;
        gateway = address;
        return isGateway;
    }

    private static bool TryReadPrefix(string text, string length, IpFamily family, out IpPrefix prefix)
    {
        prefix = default;
        if (!IpAddress.TryParse(text, out IpAddress address) || !IsHost(address, family))
        {
            return false;
        }

        byte bits = 0;
        bool isLength = family == IpFamily.V4 && length.Contains('.', StringComparison.Ordinal)
            ? IpAddress.TryParse(length, out IpAddress netmask) && IpPrefix.TryLengthOfNetmask(netmask, out bits)
            : byte.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out bits);
        prefix = new(address, bits);
        return isLength && bits >= 1 && bits <= address.BitLength;
    }

    /// <summary>True for an address that one host can have.</summary>
    public static bool IsHost(IpAddress address, IpFamily family) =>
        address.Family == family && !address.IsUnspecified && !address.IsMulticast && !address.IsLoopback
        && address != IpAddress.BroadcastV4;

    private static T? Fail<T>(ProvisioningGroup group, string key, string text, string expected)
        where T : class
    {
        group.Fail(key, $"is '{text}', which is not {expected}");
        return null;
    }

    /// <summary>Its syntax alone, so that a file that is good now stays good.</summary>
    private static void CheckWifi(ProvisioningGroup group)
    {
        if (group.String("SSID") is { } ssid)
        {
            if (ssid.Length is 0 or > 64 || ssid.Length % 2 != 0 || ssid.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF"))
            {
                group.Fail("SSID", $"is '{ssid}', which is not 1 to 32 octets in hexadecimal");
            }
        }
        else if (!group.Has("Name"))
        {
            group.Fail(new(0, $"group '[{group.Name}]' has neither 'SSID' nor 'Name'"));
        }

        group.Word("EAP", ["tls", "ttls", "peap"]);
        group.Word("Security", ["psk", "ieee8021x", "none", "wep"]);
        group.Word("PrivateKeyPassphraseType", ["fsid"]);
        group.Boolean("Hidden");
    }
}
