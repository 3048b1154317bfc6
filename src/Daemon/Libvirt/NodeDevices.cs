using System;
using System.Collections.Immutable;
using Spindle.Protocols.InterfaceXml;

namespace Spindle.Daemon.Libvirt;

/// <summary>The machine, and its interfaces as node devices of class net, named as libvirt names them.</summary>
internal static class NodeDevices
{
    /// <summary>The one capability that the machine has.</summary>
    public const string ComputerCapability = "system";

    /// <summary>The one capability that links have.</summary>
    public const string LinkCapability = "net";

    /// <summary>The machine if it is wanted, and if they are wanted all links that are there; ports and tunnels too.</summary>
    public static ImmutableArray<string> Names(HostSnapshot snapshot, bool hasComputer, bool hasLinks)
    {
        ImmutableArray<string>.Builder names = ImmutableArray.CreateBuilder<string>();
        if (hasComputer)
        {
            names.Add(ComputerDevice.Name);
        }

        if (!hasLinks)
        {
            return names.ToImmutable();
        }

        foreach (HostInterface each in snapshot.Interfaces)
        {
            if (each.Index != 0)
            {
                names.Add(NetworkDevice.NameOf(each.Name, each.Mac));
            }
        }

        return names.ToImmutable();
    }

    /// <summary>The link of this name.</summary>
    public static HostInterface? Find(HostSnapshot snapshot, string name)
    {
        foreach (HostInterface each in snapshot.Interfaces)
        {
            if (each.Index != 0 && NetworkDevice.NameOf(each.Name, each.Mac) == name)
            {
                return each;
            }
        }

        return null;
    }

    /// <summary>A link's document.</summary>
    /// <param name="link">The link.</param>
    /// <param name="path">Its directory in sysfs.</param>
    /// <param name="speed">Mbit/s; 0: not known.</param>
    public static string Describe(HostInterface link, string path, uint speed) => new NetworkDevice(link.Name)
    {
        Name = NetworkDevice.NameOf(link.Name, link.Mac),
        Path = path,
        Mac = link.Mac,
        Link = new(speed, InterfaceDescriber.StateOf(link.State)),
        Kind = link.IsWireless ? NetworkDeviceKind.Wireless : NetworkDeviceKind.Wired,
    }.Write();
}
