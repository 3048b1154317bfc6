using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Spindle.Kernels;
using Spindle.Model;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Execution;

/// <summary>Puts what the kernel says of links and addresses into the model's words.</summary>
internal sealed class LinkReader(Kernel kernel)
{
    private const ushort Ethernet = 1; // ARPHRD_ETHER

    private readonly Dictionary<int, (string Name, string DeviceType)> deviceTypes = [];

    /// <summary>A link in the model's words.</summary>
    public LinkFacts Read(in Link link) => new(link.Index, link.Name, link.HardwareAddress)
    {
        IsEthernet = link.HardwareType == Ethernet,
        Kind = link.Kind,
        DeviceType = DeviceTypeOf(link),
        MasterIndex = link.MasterIndex,
        VlanId = link.VlanId == 0 ? null : link.VlanId,
        SwitchPort = SwitchPortOf(link),
        IsUp = link.IsUp,
        HasCarrier = link.HasCarrier && (link.Flags & LinkFlags.LowerUp) != 0,
        Mtu = (int)Math.Min(link.Mtu, int.MaxValue),
    };

    /// <summary>An address in the model's words.</summary>
    public static AddressFacts Read(in Address address) => new(address.InterfaceIndex, address.Prefix)
    {
        IsOurs = address.Protocol == OwnMark.Protocol,
        IsTentative = (address.Flags & (AddressFlags.Tentative | AddressFlags.DetectionFailed)) != 0
            && (address.Flags & AddressFlags.Optimistic) == 0,
        IsDeprecated = (address.Flags & AddressFlags.Deprecated) != 0,
        IsTemporary = (address.Flags & AddressFlags.Secondary) != 0 && address.Local.IsV6,
    };

    /// <summary>Links whose type is known.</summary>
    public int Count => deviceTypes.Count;

    public void Forget(int index) => deviceTypes.Remove(index);

    private int? SwitchPortOf(in Link link)
    {
        string port = link.PhysicalPortName;
        return DeviceTypeOf(link) == "dsa" && port.StartsWith('p')
            && byte.TryParse(port.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out byte number)
            ? number : null;
    }

    /// <summary>What the driver claims (<c>DEVTYPE</c>); netlink does not tell it. Read once for each name of a link.</summary>
    private string DeviceTypeOf(in Link link)
    {
        if (deviceTypes.TryGetValue(link.Index, out (string Name, string DeviceType) known) && known.Name == link.Name)
        {
            return known.DeviceType;
        }

        string type = link.Kind.Length > 0 ? "" : ReadDeviceType(link.Name);
        deviceTypes[link.Index] = (link.Name, type);
        return type;
    }

    private string ReadDeviceType(string name)
    {
        if (name.Contains('/') || name is "." or "..")
        {
            return "";
        }

        Span<byte> octets = stackalloc byte[1024];
        Result read = kernel.ReadFile($"/sys/class/net/{name}/uevent", octets);
        foreach (string line in Encoding.UTF8.GetString(octets[..read.Int]).Split('\n'))
        {
            if (line.StartsWith("DEVTYPE=", StringComparison.Ordinal))
            {
                return line["DEVTYPE=".Length..];
            }
        }

        return "";
    }
}

/// <summary>How what we set in the kernel is told from what others set.</summary>
internal static class OwnMark
{
    /// <summary>The number of routes and addresses that are ours, in <c>rt_protos</c> called <c>spindle</c>.</summary>
    public const byte Protocol = 158;
}
