using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>A link as the model knows it: what the kernel says, and the service on it.</summary>
internal sealed class Device(LinkFacts link)
{
    private readonly Dictionary<IpPrefix, AddressFacts> addresses = [];
    private IpPrefix? best;
    private bool isBestKnown;

    /// <summary>What the kernel said last.</summary>
    public LinkFacts Link { get; set; } = link;

    /// <summary>Ours to manage.</summary>
    public bool IsManaged { get; set; }

    /// <summary>Settings were asked for; the service comes with them.</summary>
    public bool IsLoading { get; set; }

    /// <summary>The kernel was asked to switch the link on, and has not yet.</summary>
    public bool IsUpWanted { get; set; }

    /// <summary>The service on the link, while there is a cable.</summary>
    public Service? Service { get; set; }

    /// <summary>The MTU before a lease changed it; 0: unchanged.</summary>
    public int OwnMtu { get; set; }

    /// <summary>All addresses on the link, ours or not.</summary>
    public IReadOnlyDictionary<IpPrefix, AddressFacts> Addresses => addresses;

    /// <summary>An IPv4 address that somebody gave the link before us, worth asking a server for.</summary>
    public IpAddress? PresentIpv4()
    {
        foreach (AddressFacts address in Addresses.Values)
        {
            if (address.Prefix.Family == IpFamily.V4 && !address.Prefix.Address.IsLinkLocal)
            {
                return address.Prefix.Address;
            }
        }

        return null;
    }

    /// <summary>The global IPv6 address to show: one that is not deprecated if there is one, and of those a stable one. Null: none can be used now.</summary>
    public IpPrefix? BestIpv6
    {
        get
        {
            if (!isBestKnown)
            {
                best = FindBestIpv6();
                isBestKnown = true;
            }

            return best;
        }
    }

    /// <summary>An address is there, or changed; false if it is told again as it was.</summary>
    public bool Set(AddressFacts address)
    {
        if (addresses.TryGetValue(address.Prefix, out AddressFacts? known) && known == address)
        {
            return false;
        }

        addresses[address.Prefix] = address;
        isBestKnown &= address.Prefix.Family == IpFamily.V4;
        return true;
    }

    /// <summary>An address is gone; false if it was not known.</summary>
    public bool Remove(IpPrefix prefix)
    {
        isBestKnown &= prefix.Family == IpFamily.V4;
        return addresses.Remove(prefix);
    }

    private IpPrefix? FindBestIpv6()
    {
        AddressFacts? found = null;
        foreach (AddressFacts address in addresses.Values)
        {
            bool isCandidate = address.Prefix.Family == IpFamily.V6 && !address.Prefix.Address.IsLinkLocal && !address.IsTentative;
            if (isCandidate && (found is null || RankOf(address) < RankOf(found)))
            {
                found = address;
            }
        }

        return found?.Prefix;
    }

    // What the kernel keeps for open connections alone comes last: of temporary addresses there is one more each day for a week.
    private static int RankOf(AddressFacts address) => (address.IsDeprecated ? 2 : 0) + (address.IsTemporary ? 1 : 0);
}
