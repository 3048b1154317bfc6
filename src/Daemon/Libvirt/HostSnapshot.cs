using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Daemon.Libvirt;

/// <summary>All interfaces of the host at one moment, in the order of their names. Any thread may read it.</summary>
internal sealed class HostSnapshot
{
    private readonly Dictionary<string, HostInterface> byName = new(StringComparer.Ordinal);

    /// <summary>A picture of these.</summary>
    public HostSnapshot(ImmutableArray<HostInterface> interfaces)
    {
        Interfaces = interfaces.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (HostInterface each in Interfaces)
        {
            byName[each.Name] = each;
        }
    }

    /// <summary>Nothing.</summary>
    public static HostSnapshot Empty { get; } = new([]);

    /// <summary>All of them, those that lists leave out too.</summary>
    public ImmutableArray<HostInterface> Interfaces { get; }

    /// <summary>The one of this name.</summary>
    public HostInterface? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The first with this address.</summary>
    /// <param name="mac">The address.</param>
    /// <param name="count">How many have it.</param>
    public HostInterface? Find(MacAddress mac, out int count)
    {
        HostInterface? found = null;
        count = 0;
        foreach (HostInterface each in Interfaces)
        {
            if (each.IsListed && each.Mac == mac)
            {
                found ??= each;
                count++;
            }
        }

        return found;
    }

    /// <summary>How many are listed that are active, or are not.</summary>
    public int Count(bool isActive)
    {
        int count = 0;
        foreach (HostInterface each in Interfaces)
        {
            count += each.IsListed && each.IsActive == isActive ? 1 : 0;
        }

        return count;
    }
}
