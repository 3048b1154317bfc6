using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Internet;

/// <summary>The prefixes that routers advertise: networks on the link (RFC 4861, section 6.3.4), and the addresses that a host
/// makes of them (RFC 4862, section 5.5.3).</summary>
internal sealed class AdvertisedPrefixes(NetworkStack network)
{
    private const int OptionSize = 32;
    private const byte OnLinkFlag = 0x80;
    private const byte AutonomousFlag = 0x40;
    private const byte LengthMax = 128;
    private const byte AddressedLength = 64;
    private const byte Owner = 2; // IFAPROT_KERNEL_RA
    private const uint TwoHours = 7200;

    private Instant Now => network.Machine.Monotonic.Now;

    /// <summary>One prefix option.</summary>
    public void Take(SimulatedLink link, ReadOnlySpan<byte> option)
    {
        if (option.Length < OptionSize)
        {
            return;
        }

        byte length = option[2];
        uint valid = BinaryPrimitives.ReadUInt32BigEndian(option[4..]);
        uint preferred = BinaryPrimitives.ReadUInt32BigEndian(option[8..]);
        IpAddress.TryRead(option.Slice(16, 16), out IpAddress prefix);
        bool isGood = !prefix.IsLinkLocal && !prefix.IsMulticast && preferred <= valid
            && (valid == 0 || valid >= link.Settings[LinkSetting.AcceptRaMinLft]);
        if (!isGood)
        {
            return;
        }

        if ((option[3] & OnLinkFlag) != 0 && length <= LengthMax)
        {
            TakeNetwork(link, new IpPrefix(prefix, length).Network, valid);
        }

        if ((option[3] & AutonomousFlag) != 0 && link.Settings[LinkSetting.Autoconf] != 0 && length == AddressedLength)
        {
            TakeAddress(link, AddressOf(link, prefix), preferred, valid);
        }
    }

    private void TakeNetwork(SimulatedLink link, IpPrefix prefix, uint valid)
    {
        Route? known = network.Routes6.Tables.Of(Route.MainTable).Find(route =>
            route.IsAdvertised && route.Gateway is null && route.Link == link && route.Destination == prefix);
        Instant expiry = Until(valid);
        if (known is not null && valid == 0)
        {
            network.Routes6.Remove(known);
        }
        else if (known is not null)
        {
            network.Routes6.SetExpiry(known, expiry);
        }
        else if (valid != 0)
        {
            network.Routes6.Add(
                new Route(Route.MainTable, prefix) { Metric = Routes6.PrefixMetric, Link = link, IsAdvertised = true, ExpiresAt = expiry },
                MessageFlags.Create);
        }
    }

    private Instant Until(uint seconds) => seconds == AddressLifetimes.Forever ? Instant.Never : Now + TimeSpan.FromSeconds(seconds);

    // EUI-64 (RFC 4291, appendix A) behind the prefix.
    private static IpAddress AddressOf(SimulatedLink link, IpAddress prefix)
    {
        Span<byte> mac = stackalloc byte[MacAddress.Size];
        link.MacAddress.Write(mac);
        UInt128 identifier = (UInt128)(byte)(mac[0] ^ 2) << 56 | (UInt128)mac[1] << 48 | (UInt128)mac[2] << 40
            | (UInt128)0xFFFE << 24 | (UInt128)mac[3] << 16 | (UInt128)mac[4] << 8 | mac[5];
        return IpAddress.FromV6((prefix.ToBits() & (UInt128.MaxValue << 64)) | identifier);
    }

    private void TakeAddress(SimulatedLink link, IpAddress own, uint preferred, uint valid)
    {
        InterfaceAddress? known = link.Addresses6.Find(address => address.Local == own);
        if (known is null)
        {
            int max = link.Settings[LinkSetting.MaxAddresses];
            if (valid > 0 && (max == 0 || link.Addresses6.Count < max))
            {
                AddAddress(link, own, preferred, valid);
            }

            return;
        }

        // No advertisement that nobody has signed makes an address end within two hours (RFC 4862, section 5.5.3 e).
        uint left = network.Lifetimes.Left(known.ValidUntil);
        uint granted = Math.Max(valid, Math.Min(left, TwoHours));
        InterfaceAddress wanted = new(link, own, AddressedLength);
        SetLifetimes(wanted, preferred, granted);
        wanted.Flags |= known.Flags & AddressFlags.Permanent; // somebody's word: what a router says of its lifetimes counts all the same
        network.Lifetimes.Take(known, wanted);
        network.Lifetimes.ArmLater(known);
        if (!known.IsTentative)
        {
            network.Tell.Address(known, MessageType.NewAddress);
        }

        network.Temporary.Follow(known, isNew: false);
    }

    private void AddAddress(SimulatedLink link, IpAddress own, uint preferred, uint valid)
    {
        InterfaceAddress address = new(link, own, AddressedLength) { Protocol = Owner, Flags = AddressFlags.ManageTemporary, CreatedAt = Now };
        SetLifetimes(address, preferred, valid);
        network.Addresses6.AddAdvertised(address);
        network.Temporary.Follow(address, isNew: true);
    }

    // However long it lives, a router may end it; and that it is deprecated shows a moment later.
    private void SetLifetimes(InterfaceAddress address, uint preferred, uint valid)
    {
        network.Lifetimes.Set(address, preferred, valid);
        address.Flags &= ~(AddressFlags.Permanent | AddressFlags.Deprecated);
    }
}
