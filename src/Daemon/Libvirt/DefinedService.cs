using System.Diagnostics.CodeAnalysis;
using Spindle.Basics;
using Spindle.Daemon.Provisioning;
using Spindle.Protocols.InterfaceXml;

namespace Spindle.Daemon.Libvirt;

/// <summary>What a definition comes to in a provisioning file's words.</summary>
/// <param name="Link">The link's name.</param>
/// <param name="Mac">The link's address, if it was said.</param>
/// <param name="Ipv4">Value of the key <c>IPv4</c>.</param>
/// <param name="Ipv6">Value of the key <c>IPv6</c>.</param>
internal sealed record DefinedService(string Link, MacAddress? Mac, string Ipv4, string Ipv6)
{
    /// <summary>Translates a definition, or says what of it a provisioning file has no words for.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="present">The interface of that name as it is now, if there is one.</param>
    /// <param name="service">What it comes to.</param>
    /// <param name="reason">What there are no words for.</param>
    public static bool TryMake(
        InterfaceDefinition definition, HostInterface? present, [NotNullWhen(true)] out DefinedService? service, out string reason)
    {
        string ipv4 = "off", ipv6 = "off";
        reason = RefusalOfDevice(definition, present)
            ?? RefusalOfStart(definition, present)
            ?? RefusalOf(definition.Protocol(IpFamily.V4), "dhcp", ref ipv4)
            ?? RefusalOf(definition.Protocol(IpFamily.V6), definition.Protocol(IpFamily.V6)?.Autoconf == true ? "auto" : "dhcp", ref ipv6)
            ?? "";
        service = reason.Length == 0 ? new(definition.DeviceName, definition.Mac, ipv4, ipv6) : null;
        return service is not null;
    }

    private static string? RefusalOfDevice(InterfaceDefinition definition, HostInterface? present)
    {
        string name = definition.DeviceName;
        if (definition.Kind != InterfaceKind.Ethernet)
        {
            return $"spindled makes no {NameOf(definition.Kind)}: only interfaces of type 'ethernet' can be defined";
        }

        if (name.Length is 0 or > 15 || name is "." or ".." || HasBlank(name))
        {
            return $"'{name}' is no name of a link";
        }

        if (present is null || present.Index == 0)
        {
            return null;
        }

        return present.Refusal is { } refusal ? $"spindled leaves '{name}' alone: {refusal}"
            : present.Kind != InterfaceKind.Ethernet ? $"'{name}' is a {NameOf(present.Kind)}, not of type 'ethernet'"
            : definition.Mac is { } mac && mac != present.Mac ? $"the address of '{name}' is {present.MacText}, and spindled does not change it"
            : definition.Mtu != 0 && definition.Mtu != present.Mtu ? $"the MTU of '{name}' is {present.Mtu}, and spindled does not change it"
            : null;
    }

    private static string? RefusalOfStart(InterfaceDefinition definition, HostInterface? present)
    {
        if (definition.Mtu != 0 && (present is null || present.Index == 0))
        {
            return "spindled does not set an MTU";
        }

        return definition.StartMode == InterfaceStartMode.None && present?.Settings?.AutoConnect != false
            ? "what is defined is connected as soon as it can be: start mode 'none' is not possible" : null;
    }

    /// <param name="protocol">The family's element; null: it has none, and is off.</param>
    /// <param name="automatic">The word for addresses from a server or router.</param>
    /// <param name="value">The key's value.</param>
    private static string? RefusalOf(InterfaceProtocol? protocol, string automatic, ref string value)
    {
        if (protocol is null)
        {
            return null;
        }

        string family = protocol.Family == IpFamily.V4 ? "ipv4" : "ipv6";
        if (protocol.PeerDns == false)
        {
            return $"{family}: peerdns='no' is not possible";
        }

        bool isAutomatic = protocol.Dhcp || protocol.Autoconf;
        if (protocol.Addresses.IsEmpty)
        {
            value = isAutomatic ? automatic : "off";
            return protocol.Gateway is null ? null : $"{family}: a route without an address is not possible";
        }

        InterfaceAddress address = protocol.Addresses[0];
        if (isAutomatic || protocol.Addresses.Length > 1 || address.PrefixLength is null)
        {
            return isAutomatic ? $"{family}: an address beside dhcp or autoconf is not possible"
                : protocol.Addresses.Length > 1 ? $"{family}: more than one address is not possible"
                : $"{family}: the address has no prefix";
        }

        if (!ServiceGroupParser.IsHost(address.Address, protocol.Family))
        {
            return $"{family}: '{address.Address}' is not the address of a host";
        }

        if (address.PrefixLength == 0)
        {
            return $"{family}: the prefix 0 is not possible";
        }

        if (protocol.Gateway is { } router && (router == address.Address || !ServiceGroupParser.IsHost(router, protocol.Family)))
        {
            return $"{family}: the gateway '{router}' is not the address of another host";
        }

        value = $"{address.Address}/{address.PrefixLength}" + (protocol.Gateway is { } gateway ? $"/{gateway}" : "");
        return null;
    }

    private static bool HasBlank(string name)
    {
        foreach (char character in name)
        {
            if (character is '/' || char.IsWhiteSpace(character) || char.IsControl(character))
            {
                return true;
            }
        }

        return false;
    }

    private static string NameOf(InterfaceKind kind) => kind switch
    {
        InterfaceKind.Ethernet => "link",
        InterfaceKind.Bridge => "bridge",
        InterfaceKind.Bond => "bond",
        InterfaceKind.Vlan => "VLAN",
    };
}
