using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Actors.Routers;

/// <summary>Writes router advertisements behind the ICMPv6 header (RFC 4861, 4.2; RFC 8106; RFC 4191; RFC 8910), true or not.</summary>
internal static class AdvertisementWriter
{
    private const byte SourceLinkLayer = 1;
    private const byte PrefixInformation = 3;
    private const byte Mtu = 5;
    private const byte RecursiveDns = 25;
    private const byte DnsSearch = 31;
    private const byte CaptivePortal = 37;

    /// <summary>An advertisement's body; the lies that are in the body are in it.</summary>
    public static byte[] Write(RouterSettings settings, MacAddress source, RouterLie lie, Choices choices)
    {
        byte[] octets = new byte[1500];
        OctetWriter writer = new(octets);
        writer.WriteByte(settings.CurrentHopLimit);
        writer.WriteByte((byte)((settings.IsManaged ? 0x80 : 0) | (settings.HasOtherConfiguration ? 0x40 : 0) | (settings.Preference << 3)));
        writer.WriteUInt16(settings.LifetimeSeconds);
        writer.WriteUInt32(0); // Reachable time: not said.
        writer.WriteUInt32(0); // Retransmission timer: not said.
        writer.WriteByte(SourceLinkLayer);
        writer.WriteByte(1);
        source.Write(writer.Reserve(6));
        WriteMtu(ref writer, lie == RouterLie.TinyMtu ? 68 : settings.Mtu);
        foreach (AdvertisedPrefix prefix in settings.Prefixes)
        {
            WritePrefix(ref writer, Bent(prefix, lie), lie);
        }

        WriteServers(ref writer, settings, lie);
        WriteDomains(ref writer, settings, lie);
        WritePortal(ref writer, settings.CaptivePortalUri);
        WriteTail(ref writer, lie, choices);
        int length = lie == RouterLie.CutShort ? choices.Between(0, 11) : writer.Length;
        return octets[..length];
    }

    private static AdvertisedPrefix Bent(AdvertisedPrefix prefix, RouterLie lie) => lie switch
    {
        RouterLie.PrefixNotSixtyFour => prefix with { Prefix = new(prefix.Prefix.Address, 48) },
        RouterLie.PreferredLongerThanValid => prefix with { PreferredSeconds = 7200, ValidSeconds = 3600 },
        RouterLie.LinkLocalPrefix => prefix with { Prefix = IpPrefix.Parse("fe80::/64") },
        RouterLie.MulticastPrefix => prefix with { Prefix = IpPrefix.Parse("ff05::/64") },
        _ => prefix,
    };

    private static void WritePrefix(ref OctetWriter writer, AdvertisedPrefix prefix, RouterLie lie)
    {
        writer.WriteByte(PrefixInformation);
        writer.WriteByte(4);
        writer.WriteByte(lie == RouterLie.PrefixTooLong ? (byte)200 : prefix.Prefix.Length);
        writer.WriteByte((byte)((prefix.IsOnLink ? 0x80 : 0) | (prefix.IsAutonomous ? 0x40 : 0)));
        writer.WriteUInt32(prefix.ValidSeconds);
        writer.WriteUInt32(prefix.PreferredSeconds);
        writer.WriteUInt32(0);
        prefix.Prefix.Network.Address.Write(writer.Reserve(16));
    }

    private static void WriteMtu(ref OctetWriter writer, uint mtu)
    {
        if (mtu != 0)
        {
            writer.WriteByte(Mtu);
            writer.WriteByte(1);
            writer.WriteUInt16(0);
            writer.WriteUInt32(mtu);
        }
    }

    private static void WriteServers(ref OctetWriter writer, RouterSettings settings, RouterLie lie)
    {
        IReadOnlyList<IpAddress> servers = lie == RouterLie.DnsIsMulticast ? [IpAddress.Parse("ff02::fb")] : settings.DnsServers;
        if (servers.Count == 0)
        {
            return;
        }

        bool isOdd = lie == RouterLie.DnsOfOddLength;
        writer.WriteByte(RecursiveDns);
        writer.WriteByte((byte)(1 + (2 * servers.Count) + (isOdd ? 1 : 0)));
        writer.WriteUInt16(0);
        writer.WriteUInt32(settings.DnsSeconds);
        foreach (IpAddress server in servers)
        {
            server.Write(writer.Reserve(16));
        }

        writer.Fill(isOdd ? 8 : 0);
    }

    private static void WriteDomains(ref OctetWriter writer, RouterSettings settings, RouterLie lie)
    {
        if (settings.SearchDomains.Count == 0 && lie != RouterLie.EndlessName)
        {
            return;
        }

        byte[] names = new byte[1024];
        OctetWriter written = new(names);
        foreach (string domain in settings.SearchDomains)
        {
            foreach (string label in domain.Split('.'))
            {
                written.WriteByte((byte)label.Length);
                written.Write(Encoding.ASCII.GetBytes(label));
            }

            written.WriteByte(0);
        }

        if (lie == RouterLie.EndlessName)
        {
            written.Write([63, (byte)'x', 0xC0, 0]);
        }

        int padded = (written.Length + 7) / 8 * 8;
        writer.WriteByte(DnsSearch);
        writer.WriteByte((byte)(1 + (padded / 8)));
        writer.WriteUInt16(0);
        writer.WriteUInt32(settings.DnsSeconds);
        writer.Write(names.AsSpan(0, padded));
    }

    private static void WritePortal(ref OctetWriter writer, string? uri)
    {
        if (uri is not null)
        {
            byte[] text = Encoding.ASCII.GetBytes(uri);
            int size = (2 + text.Length + 7) / 8 * 8;
            writer.WriteByte(CaptivePortal);
            writer.WriteByte((byte)(size / 8));
            writer.Write(text);
            writer.Fill(size - 2 - text.Length);
        }
    }

    private static void WriteTail(ref OctetWriter writer, RouterLie lie, Choices choices)
    {
        switch (lie)
        {
            case RouterLie.OptionOfNoLength:
                writer.Write([14, 0, 1, 2, 3, 4, 5, 6]);
                break;
            case RouterLie.OptionOverTheEnd:
                writer.Write([14, 9, 1, 2, 3, 4, 5, 6]);
                break;
            case RouterLie.UnknownOptions:
                for (int i = 0; i < 16; i++)
                {
                    writer.WriteByte((byte)choices.Between(200, 252));
                    writer.WriteByte(2);
                    choices.Fill(writer.Reserve(14));
                }

                break;
        }
    }
}
