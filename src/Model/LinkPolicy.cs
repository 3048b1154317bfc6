using System;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>Which links are ours to manage, and why another is not.</summary>
/// <remarks>
/// ConnMan 2.0's rules, and two of our own: ports of a bridge or bond are never managed, and a veth only if it is named
/// like an Ethernet port or on the command line, so that containers keep their links.
/// </remarks>
public static class LinkPolicy
{
    private static readonly ImmutableArray<string> PortPrefixes = ["eth", "en", "lan", "wan"];

    /// <summary>Null if the link is managed, else the reason why not.</summary>
    public static string? Refusal(LinkFacts link, ModelConfiguration configuration)
    {
        bool isNamed = Matches(configuration.OnlyInterfaces, link.Name);
        return RefusalByKind(link, isNamed) ?? RefusalByRule(link, configuration);
    }

    /// <summary>Null unless the command line or main.conf say that the link is not to be touched, whatever kind it is.</summary>
    public static string? RefusalByRule(LinkFacts link, ModelConfiguration configuration)
    {
        bool isNamed = Matches(configuration.OnlyInterfaces, link.Name);
        if (configuration.OnlyInterfaces.Length > 0 && !isNamed)
        {
            return "not named by -i";
        }

        if (Matches(configuration.ExceptInterfaces, link.Name))
        {
            return "excluded by -I";
        }

        if (link.Name == configuration.RootInterface)
        {
            return "carries the root file system";
        }

        return RefusalByName(link, configuration, isNamed);
    }

    private static string? RefusalByKind(LinkFacts link, bool isNamed)
    {
        if (!link.IsEthernet || link.Mac.IsZero)
        {
            return "not an Ethernet link";
        }

        if (link.MasterIndex != 0)
        {
            return "a port of another link";
        }

        if (link.DeviceType is not ("" or "vlan" or "bond" or "dsa" or "gadget"))
        {
            return $"of type {link.DeviceType}";
        }

        return link.Kind switch
        {
            "" or "vlan" or "bond" or "dsa" or "macvlan" or "macvtap" or "tun" or "netkit" or "ipvlan" => null,
            "veth" => isNamed || BeginsWithAny(link.Name, PortPrefixes) ? null : "a veth that is not named like a port",
            _ => $"of kind {link.Kind}",
        };
    }

    private static string? RefusalByName(LinkFacts link, ModelConfiguration configuration, bool isNamed)
    {
        if (link.Name.StartsWith("dummy", StringComparison.Ordinal))
        {
            return "a dummy";
        }

        // A veth that -i names is wanted, though main.conf's default list would refuse it.
        bool excused = isNamed && link.Kind == "veth";
        return !excused && BeginsWithAny(link.Name, configuration.InterfaceBlacklist) ? "in NetworkInterfaceBlacklist" : null;
    }

    private static bool BeginsWithAny(string name, ImmutableArray<string> prefixes)
    {
        foreach (string prefix in prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(ImmutableArray<string> globs, string name)
    {
        foreach (string glob in globs)
        {
            if (Glob.Matches(glob, name))
            {
                return true;
            }
        }

        return false;
    }
}
