using System;
using System.Buffers.Binary;
using System.Globalization;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Routers.Checking;

/// <summary>An option of a router advertisement, as octets and in words.</summary>
internal sealed record AdvertisedOption(string Text, byte[] Octets)
{
    private const byte SourceLinkLayerAddress = 1;
    private const byte PrefixInformation = 3;
    private const byte LinkMtu = 5;
    private const byte RouteInformation = 24;

    public static AdvertisedOption Source(MacAddress station, int units)
    {
        byte[] octets = New(SourceLinkLayerAddress, units);
        station.Write(octets.AsSpan(2));
        return new($"from {station}{Units(units, 1)}", octets);
    }

    /// <summary>RFC 4861, section 4.6.2.</summary>
    public static AdvertisedOption Prefix(IpAddress prefix, byte length, byte flags, uint valid, uint preferred, int units)
    {
        byte[] whole = new byte[Math.Max(units * 8, 32)];
        whole[0] = PrefixInformation;
        whole[1] = (byte)units;
        whole[2] = length;
        whole[3] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(4), valid);
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(8), preferred);
        prefix.Write(whole.AsSpan(16));
        return new(
            string.Create(CultureInfo.InvariantCulture, $"prefix {prefix}/{length} {flags:x} valid {valid} preferred {preferred}{Units(units, 4)}"),
            whole[..(units * 8)]);
    }

    public static AdvertisedOption Mtu(uint mtu)
    {
        byte[] octets = New(LinkMtu, 1);
        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(4), mtu);
        return new($"mtu {mtu}", octets);
    }

    /// <summary>RFC 4191, section 2.3.</summary>
    public static AdvertisedOption Route(IpPrefix prefix, byte flags, uint lifetime, int units)
    {
        byte[] whole = new byte[24];
        whole[0] = RouteInformation;
        whole[1] = (byte)units;
        whole[2] = prefix.Length;
        whole[3] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(4), lifetime);
        prefix.Address.Write(whole.AsSpan(8));
        return new(string.Create(CultureInfo.InvariantCulture, $"route {prefix} {flags:x} lifetime {lifetime} units {units}"), whole[..(units * 8)]);
    }

    /// <summary>One that nobody knows.</summary>
    public static AdvertisedOption Unknown(byte type, int units) => new($"option {type}{Units(units, 1)}", New(type, units));

    /// <summary>One that says it has no length: the message is none.</summary>
    public static AdvertisedOption Empty { get; } = new("option of no length", [PrefixInformation, 0, 0, 0, 0, 0, 0, 0]);

    public override string ToString() => Text;

    private static byte[] New(byte type, int units)
    {
        byte[] octets = new byte[units * 8];
        octets[0] = type;
        octets[1] = (byte)units;
        return octets;
    }

    private static string Units(int units, int usual) => units == usual ? "" : $" units {units}";
}
