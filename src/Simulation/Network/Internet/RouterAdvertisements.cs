using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network.Routing;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network.Internet;

/// <summary>What a host's kernel does with router advertisements: default routers (RFC 4861, section 6.3.4), addresses from
/// prefixes (RFC 4862, section 5.5.3), and its own solicitations when a link begins to work. <see cref="LinkSetting"/>
/// says how much of it.</summary>
internal sealed class RouterAdvertisements
{
    private const byte Solicitation = 133;
    private const int HeaderSize = 16;
    private const byte SourceAddressOption = 1;
    private const int SourceAddressOptionSize = 8;
    private const byte PrefixOption = 3;
    private const int PrefixOptionSize = 32;
    private const byte OnLinkFlag = 0x80;
    private const byte AutonomousFlag = 0x40;
    private const byte AdvertisementOwner = 2;   // IFAPROT_KERNEL_RA
    private const byte AdvertisementProtocol = 9; // RTPROT_RA
    private const byte PrefixLength = 64;
    private const byte HopLimit = 255;
    private const int SolicitationsMax = 3;
    private const uint TwoHours = 7200;

    private static readonly TimeSpan SolicitationInterval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan SolicitationDelayMax = TimeSpan.FromSeconds(1);
    private static readonly IpAddress AllRouters = IpAddress.Parse("ff02::2");

    private readonly InternetStack stack;
    private readonly Dictionary<SimulatedLink, Alarm> soliciting = [];

    public RouterAdvertisements(InternetStack stack, NeighborDiscovery discovery)
    {
        this.stack = stack;
        discovery.RouterAdvertised = Take;
        stack.Network.AddressChanged += address =>
        {
            if (address is { Local: { IsV6: true, IsLinkLocal: true }, IsUsable: true } && !soliciting.ContainsKey(address.Link))
            {
                Begin(address.Link);
            }
        };
        stack.Network.LinkDown += End;
        stack.Network.LinkRemoved += End;
    }

    private Instant Now => stack.Network.Machine.Monotonic.Now;

    private void Begin(SimulatedLink link)
    {
        TimeSpan delay = SolicitationDelayMax * stack.Network.Draw(1000) / 1000;
        soliciting[link] = stack.Network.Machine.Monotonic.Set(Now + delay, () => Solicit(link, SolicitationsMax));
    }

    private void End(SimulatedLink link)
    {
        if (soliciting.Remove(link, out Alarm? alarm))
        {
            alarm.Cancel();
        }
    }

    private void Solicit(SimulatedLink link, int left)
    {
        InterfaceAddress? usable = link.Addresses6.Find(static address => address.Local.IsLinkLocal && address.IsUsable);
        if (!link.SpeaksV6 || !Accepts(link) || link.Settings[LinkSetting.RouterSolicitations] == 0 || usable is not { Local: IpAddress own })
        {
            return;
        }

        byte[] message = new byte[HeaderSize];
        message[0] = Solicitation;
        message[8] = 1;
        message[9] = 1;
        link.MacAddress.Write(message.AsSpan(10));
        TransportChecksum.Fill(own, AllRouters, IpProtocol.IcmpV6, message, 2);
        IpPacket packet = new(own, AllRouters, IpProtocol.IcmpV6, message) { HopLimit = HopLimit };
        Ipv6Layer.SendDirectly(link, Ipv6Layer.MulticastMac(AllRouters), packet);
        if (left > 1)
        {
            soliciting[link] = stack.Network.Machine.Monotonic.Set(Now + SolicitationInterval, () => Solicit(link, left - 1));
        }
    }

    private void Take(IpPacket packet)
    {
        SimulatedLink link = packet.Link!;
        ReadOnlySpan<byte> octets = packet.Octets;
        if (!link.SpeaksV6 || !Accepts(link) || !AreOptionsWhole(octets[HeaderSize..]))
        {
            return;
        }

        if (soliciting.TryGetValue(link, out Alarm? alarm))
        {
            alarm.Cancel(); // One answer is enough; the entry stays, so that nothing begins anew while the link works.
        }

        if (link.Settings[LinkSetting.AcceptRaDefRtr] != 0)
        {
            TakeRouter(link, packet.Source, BinaryPrimitives.ReadUInt16BigEndian(octets[6..]), octets[5]);
        }

        ReadOnlySpan<byte> options = octets[HeaderSize..];
        while (options.Length >= 8)
        {
            int length = options[1] * 8;
            if (options[0] == PrefixOption && link.Settings[LinkSetting.AcceptRaPinfo] != 0 && length == PrefixOptionSize)
            {
                TakePrefix(link, options[..length]);
            }
            else if (options[0] == SourceAddressOption && length == SourceAddressOptionSize)
            {
                MacAddress hardware = MacAddress.Read(options[2..]);
                stack.Neighbors(link, IpFamily.V6).Learn(packet.Source, hardware, isConfirmed: false, mayCreate: true, isRouter: true);
            }

            options = options[length..];
        }
    }

    // A router believes no other, unless it is told to.
    private static bool Accepts(SimulatedLink link) =>
        link.Settings[LinkSetting.AcceptRa] > (link.Settings[LinkSetting.Forwarding] != 0 ? 1 : 0);

    private static bool AreOptionsWhole(ReadOnlySpan<byte> options)
    {
        while (options.Length > 0)
        {
            if (options.Length < 8 || options[1] == 0 || options[1] * 8 > options.Length)
            {
                return false;
            }

            options = options[(options[1] * 8)..];
        }

        return true;
    }

    private void TakeRouter(SimulatedLink link, IpAddress router, ushort lifetime, byte flags)
    {
        IpPrefix everything = new(IpAddress.AnyV6, 0);
        Route? known = null;
        foreach (Route route in stack.Network.Routes6.Tables.Of(Route.MainTable))
        {
            if (route.Protocol == AdvertisementProtocol && route.Link == link && route.Gateway == router && route.Destination == everything)
            {
                known = route;
            }
        }

        if (lifetime == 0)
        {
            if (known is not null)
            {
                stack.Network.Routes6.Remove(known);
            }

            return;
        }

        stack.Network.Routes6.Add(
            new Route(Route.MainTable, everything)
            {
                Metric = (uint)link.Settings[LinkSetting.RaDefRtrMetric],
                Protocol = AdvertisementProtocol,
                Gateway = router,
                Link = link,
                Preference = (byte)(flags >> 3 & 3),
                ExpiresAt = Now + TimeSpan.FromSeconds(lifetime),
            },
            MessageFlags.Create);
    }

    private void TakePrefix(SimulatedLink link, ReadOnlySpan<byte> option)
    {
        byte length = option[2];
        uint valid = BinaryPrimitives.ReadUInt32BigEndian(option[4..]);
        uint preferred = BinaryPrimitives.ReadUInt32BigEndian(option[8..]);
        bool isGood = IpAddress.TryRead(option.Slice(16, 16), out IpAddress prefix) && !prefix.IsLinkLocal && !prefix.IsMulticast
            && preferred <= valid && length <= 128;
        if (!isGood)
        {
            return;
        }

        if ((option[3] & AutonomousFlag) != 0 && link.Settings[LinkSetting.Autoconf] != 0 && length == PrefixLength)
        {
            TakeAddress(link, AddressOf(link, prefix), preferred, valid, (option[3] & OnLinkFlag) != 0);
        }
    }

    // EUI-64 (RFC 4291, appendix A) behind the prefix.
    private static IpAddress AddressOf(SimulatedLink link, IpAddress prefix)
    {
        Span<byte> mac = stackalloc byte[MacAddress.Size];
        link.MacAddress.Write(mac);
        UInt128 identifier = (UInt128)(byte)(mac[0] ^ 2) << 56 | (UInt128)mac[1] << 48 | (UInt128)mac[2] << 40
            | (UInt128)0xFFFE << 24 | (UInt128)mac[3] << 16 | (UInt128)mac[4] << 8 | mac[5];
        return IpAddress.FromV6((prefix.ToBits() & (UInt128.MaxValue << 64)) | identifier);
    }

    private void TakeAddress(SimulatedLink link, IpAddress own, uint preferred, uint valid, bool isOnLink)
    {
        InterfaceAddress? known = null;
        foreach (InterfaceAddress address in stack.Network.Addresses(link, IpFamily.V6))
        {
            known = address.Local == own ? address : known;
        }

        if (known is null)
        {
            if (valid > 0)
            {
                AddAddress(link, own, preferred, valid, isOnLink);
            }

            return;
        }

        // No advertisement that nobody has signed makes an address end within two hours (RFC 4862, section 5.5.3 e).
        uint left = stack.Network.Lifetimes.Left(known.ValidUntil);
        uint granted = valid > TwoHours || valid > left ? valid : left <= TwoHours ? left : TwoHours;
        InterfaceAddress wanted = new(link, own, PrefixLength) { Flags = known.Flags };
        stack.Network.Lifetimes.Set(wanted, preferred, granted);
        stack.Network.Lifetimes.Take(known, wanted);
        stack.Network.Tell.Address(known, MessageType.NewAddress);
    }

    private void AddAddress(SimulatedLink link, IpAddress own, uint preferred, uint valid, bool isOnLink)
    {
        InterfaceAddress address = new(link, own, PrefixLength)
        {
            Protocol = AdvertisementOwner,
            Flags = isOnLink ? AddressFlags.None : AddressFlags.NoPrefixRoute,
            CreatedAt = Now,
        };
        stack.Network.Lifetimes.Set(address, preferred, valid);
        stack.Network.Addresses6.Add(address);
    }
}
