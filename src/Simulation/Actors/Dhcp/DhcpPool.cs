using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Dhcp;

/// <summary>What an address of a pool is.</summary>
internal enum DhcpBindingState
{
    Offered,
    Leased,

    /// <summary>Somebody else uses it, said a client that declined it or our own look at the link.</summary>
    Abandoned,
}

/// <summary>An address and who has it until when.</summary>
internal sealed record DhcpBinding(IpAddress Address, string ClientKey, DhcpBindingState State, Instant Until);

/// <summary>The addresses a server may give, and to whom it gave them: one address has one client at a time, by construction.</summary>
internal sealed class DhcpPool
{
    private readonly Dictionary<IpAddress, DhcpBinding> byAddress = [];
    private readonly Dictionary<string, IpAddress> byClient = [];
    private uint next;

    /// <param name="network">The subnet.</param>
    /// <param name="first">The first address.</param>
    /// <param name="count">How many.</param>
    public DhcpPool(IpPrefix network, IpAddress first, int count)
    {
        Network = network.Network;
        First = first;
        Count = count;
    }

    public IpPrefix Network { get; }

    public IpAddress First { get; }

    public int Count { get; }

    /// <summary>Bindings that have not ended.</summary>
    public int InUse(Instant now)
    {
        int inUse = 0;
        foreach (DhcpBinding binding in byAddress.Values)
        {
            inUse += binding.Until > now ? 1 : 0;
        }

        return inUse;
    }

    public bool Contains(IpAddress address) => address.IsV4 && address.ToV4() - First.ToV4() < (uint)Count;

    /// <summary>What the client has, also when it has ended; null if nothing.</summary>
    public DhcpBinding? Of(string client) => byClient.TryGetValue(client, out IpAddress address) ? byAddress[address] : null;

    /// <summary>What has not ended at an address; null if it is free.</summary>
    public DhcpBinding? At(IpAddress address, Instant now) =>
        byAddress.TryGetValue(address, out DhcpBinding? binding) && binding.Until > now ? binding : null;

    /// <summary>The address to offer (RFC 2131, section 4.3.1): the client's own, the one it wishes, or a free one.</summary>
    public IpAddress? Choose(string client, IpAddress wished, Instant now)
    {
        if (Of(client) is { } own)
        {
            return own.Address;
        }

        if (Contains(wished) && At(wished, now) is null)
        {
            return wished;
        }

        for (int tried = 0; tried < Count; tried++)
        {
            IpAddress candidate = IpAddress.FromV4(First.ToV4() + (next++ % (uint)Count));
            if (At(candidate, now) is null)
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Gives an address to a client; false if somebody else has it.</summary>
    public bool TryBind(string client, IpAddress address, DhcpBindingState state, Instant now, TimeSpan span)
    {
        if (!Contains(address) || (At(address, now) is { } other && other.ClientKey != client))
        {
            return false;
        }

        if (Of(client) is { } earlier && earlier.Address != address)
        {
            byAddress.Remove(earlier.Address);
        }

        if (byAddress.TryGetValue(address, out DhcpBinding? ended) && ended.ClientKey != client)
        {
            byClient.Remove(ended.ClientKey);
        }

        byAddress[address] = new(address, client, state, now + span);
        byClient[client] = address;
        return true;
    }

    /// <summary>The client gives its address back.</summary>
    public void Release(string client, Instant now)
    {
        if (Of(client) is { } binding)
        {
            byAddress[binding.Address] = binding with { Until = now };
        }
    }

    /// <summary>Nobody gets the address for a while.</summary>
    public void Abandon(IpAddress address, Instant until)
    {
        if (byAddress.TryGetValue(address, out DhcpBinding? binding))
        {
            byClient.Remove(binding.ClientKey);
        }

        byAddress[address] = new(address, "", DhcpBindingState.Abandoned, until);
    }

    /// <summary>The client's binding is forgotten, and the next address it is offered is another one.</summary>
    public void Evict(string client, Instant until)
    {
        if (Of(client) is { } binding)
        {
            byClient.Remove(client);
            byAddress[binding.Address] = new(binding.Address, "", DhcpBindingState.Abandoned, until);
        }
    }

    /// <summary>All is forgotten, as by a server that keeps leases in memory and restarts.</summary>
    public void Forget()
    {
        byAddress.Clear();
        byClient.Clear();
    }
}
