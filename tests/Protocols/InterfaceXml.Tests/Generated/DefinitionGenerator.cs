using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml.Generated;

/// <summary>Definitions that the schema has a document for, every part of it sooner or later.</summary>
internal sealed class DefinitionGenerator(Dice dice)
{
    private const string NameCharacters = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_.-\\:/";

    public InterfaceDefinition Next()
    {
        InterfaceDefinition definition = Bare(dice.Of(Enum.GetValues<InterfaceKind>()));
        return definition with
        {
            StartMode = dice.Of(Enum.GetValues<InterfaceStartMode>()),
            Mtu = dice.Once(2) ? 0 : Number(),
            Protocols = [.. Protocols()],
        };
    }

    private InterfaceDefinition Bare(InterfaceKind kind) => new()
    {
        Kind = kind,
        Name = kind == InterfaceKind.Vlan && dice.Once(3) ? null : Name(),
        Link = kind == InterfaceKind.Bridge || dice.Once(2) ? default
            : new(dice.Once(2) ? 0 : Number(), dice.Of(Enum.GetValues<InterfaceLinkState>())),
        Mac = kind == InterfaceKind.Ethernet && !dice.Once(3) ? Mac() : null,
        Bridge = kind == InterfaceKind.Bridge ? Bridge() : null,
        Bond = kind == InterfaceKind.Bond ? Bond() : null,
        Vlan = kind == InterfaceKind.Vlan ? new((ushort)dice.Below(4096), Name()) : null,
    };

    private IEnumerable<InterfaceProtocol> Protocols()
    {
        IpFamily first = dice.Of(IpFamily.V4, IpFamily.V6);
        int count = dice.Below(3);
        for (int i = 0; i < count; i++)
        {
            yield return Protocol(i == 0 ? first : first == IpFamily.V4 ? IpFamily.V6 : IpFamily.V4);
        }
    }

    private InterfaceProtocol Protocol(IpFamily family)
    {
        bool dhcp = dice.Once(2);
        List<InterfaceAddress> addresses = [];
        for (int i = dice.Below(4); i > 0; i--)
        {
            byte prefix = (byte)dice.Below(family == IpFamily.V4 ? 33 : 129);
            addresses.Add(new(Address(family), dice.Once(3) ? null : prefix));
        }

        return new(family)
        {
            Dhcp = dhcp,
            PeerDns = dhcp ? dice.Of<bool?>(null, true, false) : null,
            Autoconf = family == IpFamily.V6 && dice.Once(2),
            Addresses = [.. addresses],
            Gateway = dice.Once(2) ? Address(family) : null,
        };
    }

    private BridgeDefinition Bridge()
    {
        List<InterfaceDefinition> members = [];
        for (int i = dice.Below(4); i > 0; i--)
        {
            members.Add(Bare(dice.Of(InterfaceKind.Ethernet, InterfaceKind.Ethernet, InterfaceKind.Vlan, InterfaceKind.Bond)));
        }

        return new()
        {
            SpanningTree = dice.Of<bool?>(null, true, false),
            ForwardDelay = dice.Of(null, "0", "2.5", "1e2", "INF", Number().ToString(CultureInfo.InvariantCulture)),
            Members = [.. members],
        };
    }

    private BondDefinition Bond()
    {
        List<InterfaceDefinition> members = [];
        for (int i = dice.Below(3); i >= 0; i--)
        {
            members.Add(Bare(InterfaceKind.Ethernet));
        }

        int monitor = dice.Below(3);
        return new()
        {
            Mode = dice.Of(Enum.GetValues<BondMode>()),
            Mii = monitor == 1 ? new(Number(), Number(), Number(), dice.Of(Enum.GetValues<MiiCarrier>())) : null,
            Arp = monitor == 2 ? new(Number(), Address(IpFamily.V4), dice.Of(Enum.GetValues<ArpValidation>())) : null,
            Members = [.. members],
        };
    }

    private string Name()
    {
        char[] name = new char[1 + dice.Below(15)];
        for (int i = 0; i < name.Length; i++)
        {
            name[i] = NameCharacters[dice.Below(NameCharacters.Length)];
        }

        return new(name);
    }

    private uint Number() => dice.Below(4) switch
    {
        0 => (uint)dice.Below(3),
        1 => (uint)dice.Below(10_000),
        2 => uint.MaxValue,
        _ => dice.UInt32(),
    };

    private MacAddress Mac()
    {
        Span<byte> octets = stackalloc byte[8];
        BitConverter.TryWriteBytes(octets, dice.UInt64());
        return MacAddress.Read(octets);
    }

    // Groups of zeros where they fall, so that every place of "::" comes up; the prefixes that are written with dots too.
    private IpAddress Address(IpFamily family)
    {
        if (family == IpFamily.V4)
        {
            return IpAddress.FromV4(dice.Of(0u, uint.MaxValue, dice.UInt32(), dice.UInt32()));
        }

        UInt128 bits = 0;
        for (int group = 0; group < 8; group++)
        {
            bits = bits << 16 | (dice.Once(2) ? 0 : dice.UInt32() >> (16 + dice.Below(16)));
        }

        return IpAddress.FromV6(dice.Below(6) switch
        {
            0 => bits & uint.MaxValue,
            1 => (bits & uint.MaxValue) | (UInt128)0xFFFF << 32,
            2 => (bits & uint.MaxValue) | (UInt128)0x64_FF9B << 96,
            3 => bits & ulong.MaxValue & ~((UInt128)0xFFFF << 48) | (UInt128)0x5EFE << 32,
            _ => bits,
        });
    }
}
