using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>The address that all routers of a network share (RFC 4291, section 2.6.1): a link that forwards has it for each of
/// its networks, once, however many addresses it has there.</summary>
internal sealed class SubnetRouters(NetworkStack stack)
{
    private const byte HostLength = 128;
    private const byte LengthMax = 126; // RFC 6164: the two ends of a link with 127 bits are not to be confused

    private readonly Dictionary<(SimulatedLink Link, IpAddress Address), int> users = [];

    /// <summary>Whether packets to it are for the machine.</summary>
    /// <param name="address">The destination.</param>
    /// <param name="link">Where it came in; null for anywhere.</param>
    public bool Has(IpAddress address, SimulatedLink? link)
    {
        foreach ((SimulatedLink Link, IpAddress Address) user in users.Keys)
        {
            if (user.Address == address && (link is null || user.Link == link))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A link's address may be used from now on, or the link forwards from now on.</summary>
    public void Join(InterfaceAddress address)
    {
        if (!IsWanted(address) || address.Network6.Address.IsUnspecified)
        {
            return;
        }

        (SimulatedLink, IpAddress) key = (address.Link, address.Network6.Address);
        users[key] = users.GetValueOrDefault(key) + 1;
        if (users[key] == 1)
        {
            stack.Routes6.Add(
                new Route(Route.LocalTable, new IpPrefix(address.Network6.Address, HostLength))
                {
                    Type = RouteType.Anycast, Link = address.Link, IsAnycastAddress = true,
                },
                Routing.MessageFlags.Create);
        }
    }

    /// <summary>The opposite of <see cref="Join"/>.</summary>
    public void Leave(InterfaceAddress address)
    {
        (SimulatedLink, IpAddress) key = (address.Link, address.Network6.Address);
        if (!users.TryGetValue(key, out int count) || !IsWanted(address))
        {
            return;
        }

        users[key] = count - 1;
        if (count == 1)
        {
            users.Remove(key);
            stack.Routes6.Delete(new RouteWish(Route.LocalTable, new IpPrefix(address.Network6.Address, HostLength))
            {
                LinkIndex = address.Link.Index,
                Type = RouteType.Anycast,
            });
        }
    }

    /// <summary>A link begins or ceases to forward.</summary>
    public void Switch(SimulatedLink link, bool forwards)
    {
        foreach (InterfaceAddress address in new List<InterfaceAddress>(link.Addresses6))
        {
            if (forwards && !address.IsTentative)
            {
                Join(address);
            }
            else if (!forwards)
            {
                Leave(address);
            }
        }
    }

    /// <summary>The link's routes are gone already.</summary>
    public void Forget(SimulatedLink link)
    {
        foreach ((SimulatedLink Link, IpAddress Address) user in new List<(SimulatedLink Link, IpAddress Address)>(users.Keys))
        {
            if (user.Link == link)
            {
                users.Remove(user);
            }
        }
    }

    private static bool IsWanted(InterfaceAddress address) => address.PrefixLength <= LengthMax;
}
