using System;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml.Generated;

/// <summary>Node devices with any text in them, as DMI and link names bring it.</summary>
internal sealed class NodeDeviceGenerator(Dice dice)
{
    public string Next() => dice.Once(2) ? Network().Write() : Computer().Write();

    private NetworkDevice Network()
    {
        string link = Text() ?? "eth0";
        Span<byte> octets = stackalloc byte[8];
        BitConverter.TryWriteBytes(octets, dice.UInt64());
        MacAddress mac = MacAddress.Read(octets);
        return new(link)
        {
            Name = NetworkDevice.NameOf(link, mac),
            Path = Text(),
            Parent = Text() ?? ComputerDevice.Name,
            Mac = dice.Once(2) ? mac : null,
            Link = new(dice.Once(2) ? 0 : dice.UInt32(), dice.Of(Enum.GetValues<InterfaceLinkState>())),
            Features = dice.Once(2) ? ["rx", "tx-udp_tnl", "tso"] : [],
            Kind = dice.Of(Enum.GetValues<NetworkDeviceKind>()),
        };
    }

    private ComputerDevice Computer() => new()
    {
        Product = Text(),
        HardwareVendor = Text(),
        HardwareVersion = Text(),
        HardwareSerial = Text(),
        HardwareId = new Guid((int)dice.UInt32(), 1, 2, BitConverter.GetBytes(dice.UInt64())),
        FirmwareVendor = Text(),
        FirmwareVersion = Text(),
        FirmwareReleaseDate = Text(),
    };

    private string? Text() => dice.Of(
        null, "", "KVM", "a & b <c> \"d\" 'e'", "]]>", "x\0y\x01\x1f", "tab\tline\nend\r", "\uD800alone", "\uFFFE\uFFFF", "\U0001F600\u00FC", "&amp;");
}
