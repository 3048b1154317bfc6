using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>A link as the model knows it: what the kernel says, and the service on it.</summary>
internal sealed class Device(LinkFacts link)
{
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
    public Dictionary<IpPrefix, AddressFacts> Addresses { get; } = [];

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

    /// <summary>The global IPv6 addresses that can be used now, stable ones first.</summary>
    public List<IpPrefix> UsableIpv6()
    {
        List<IpPrefix> usable = [];
        foreach (AddressFacts address in Addresses.Values)
        {
            if (address.Prefix.Family == IpFamily.V6 && !address.Prefix.Address.IsLinkLocal && !address.IsTentative)
            {
                usable.Insert(address.IsTemporary ? usable.Count : 0, address.Prefix);
            }
        }

        return usable;
    }
}
