using System;
using System.Collections.Generic;

namespace Spindle.Simulation.Files;

/// <summary>Settings of links under <c>/proc/sys/net/ipv4/conf</c>. They are kept, and have no effect in the model; but on one another.</summary>
/// <remarks>What is written to <c>default</c> holds for links that are there too: for those of their settings that nobody has
/// written, as long as they have never had an address. Forwarding is different: <c>all</c> is for every link, <c>default</c> for
/// new ones alone.</remarks>
internal sealed class Ipv4Settings
{
    public const string Forwarding = "forwarding";

    private const string AcceptRedirects = "accept_redirects";

    // accept_source_route is 0 for all.
    private static readonly (string Name, int Value)[] Initial =
    [
        ("accept_local", 0), (AcceptRedirects, 1), ("accept_source_route", 1), ("arp_accept", 0), ("arp_announce", 0), ("arp_ignore", 0),
        ("arp_notify", 0), (Forwarding, 0), ("log_martians", 0), ("promote_secondaries", 0), ("proxy_arp", 0), ("route_localnet", 0),
        ("rp_filter", 0), ("send_redirects", 1),
    ];

    private readonly Dictionary<string, int> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> own = new(StringComparer.Ordinal);

    /// <summary>Those of <c>default</c> at boot.</summary>
    public Ipv4Settings()
    {
        foreach ((string name, int value) in Initial)
        {
            values[name] = value;
        }
    }

    /// <summary>Those of a link, from <c>default</c>.</summary>
    public Ipv4Settings(Ipv4Settings defaults) => values = new Dictionary<string, int>(defaults.values, StringComparer.Ordinal);

    /// <summary>Those of <c>all</c> at boot.</summary>
    public static Ipv4Settings OfAll()
    {
        Ipv4Settings all = new();
        all.values["accept_source_route"] = 0;
        return all;
    }

    public static IEnumerable<string> Names
    {
        get
        {
            foreach ((string name, _) in Initial)
            {
                yield return name;
            }
        }
    }

    public int this[string name] => values[name];

    /// <summary>Somebody writes one.</summary>
    public void Write(string name, int value)
    {
        values[name] = value;
        own.Add(name);
    }

    /// <summary>None of them follows <c>default</c> from now on: the link has an address.</summary>
    public void Settle() => own.UnionWith(values.Keys);

    /// <summary>One was written to <c>default</c>.</summary>
    public void Follow(string name, int value)
    {
        if (name != Forwarding && !own.Contains(name))
        {
            values[name] = value;
        }
    }

    /// <summary>Forwarding was switched for all links: this is one of them, or <c>default</c>.</summary>
    public void Forward(int value) => values[Forwarding] = value;

    /// <summary>Forwarding was switched here, for all links: a router takes no redirects.</summary>
    public void ForwardAll(int value)
    {
        values[Forwarding] = value;
        values[AcceptRedirects] = value == 0 ? 1 : 0;
    }
}
