using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Kernels;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Packets;

namespace Spindle.Simulation.Files;

/// <summary>What the kernel shows of its links: their settings under <c>/proc/sys/net</c>, and <c>/sys/class/net</c>. A link's files
/// come, go and are renamed with it; those of IPv6 are there while it can speak that.</summary>
internal sealed class LinkFiles
{
    private const string V4 = "/proc/sys/net/ipv4/conf/";
    private const string V6 = "/proc/sys/net/ipv6/conf/";
    private const string Devices = "/sys/class/net/";

    // Kept, and without an effect in the model; accept_source_route is 0 for all.
    private static readonly (string Name, int Value)[] SettingsV4 =
    [
        ("accept_local", 0), ("accept_redirects", 1), ("accept_source_route", 1), ("arp_accept", 0), ("arp_announce", 0), ("arp_ignore", 0),
        ("arp_notify", 0), ("forwarding", 0), ("log_martians", 0), ("promote_secondaries", 0), ("proxy_arp", 0), ("route_localnet", 0),
        ("rp_filter", 0), ("send_redirects", 1),
    ];

    private readonly MemoryFileSystem tree;
    private readonly NetworkStack network;
    private readonly Dictionary<string, int> defaults4 = new(StringComparer.Ordinal);

    public LinkFiles(MemoryFileSystem tree, NetworkStack network)
    {
        this.tree = tree;
        this.network = network;
        AddV4("default", defaults4);
        AddV4("all", new Dictionary<string, int>(StringComparer.Ordinal) { ["accept_source_route"] = 0 });
        AddV6("all", network.SettingsOfAll, Set);
        AddV6("default", network.SettingsByDefault, (setting, value) => network.SettingsByDefault[setting] = value);
        foreach (SimulatedLink link in network.Links)
        {
            Add(link);
        }

        network.LinkAdded += Add;
        network.LinkRemoved += link => Remove(link.Name);
        network.LinkRenamed += (link, before) => Rename(link, before);
        network.Ipv6Switched += Switch;
    }

    private void Add(SimulatedLink link)
    {
        AddV4(link.Name, new Dictionary<string, int>(defaults4, StringComparer.Ordinal));
        AddDevice(link);
        Switch(link);
    }

    private void Rename(SimulatedLink link, string before)
    {
        tree.Move(V4 + before, link.Name);
        tree.Move(V6 + before, link.Name);
        tree.Move(Devices + before, link.Name);
    }

    private void Remove(string name)
    {
        tree.Withdraw(V4 + name);
        tree.Withdraw(V6 + name);
        tree.Withdraw(Devices + name);
    }

    private void Switch(SimulatedLink link)
    {
        bool isThere = tree.Find(V6 + link.Name).Node is not null;
        if (link.HasV6 && !isThere)
        {
            AddV6(link.Name, link.Settings, (setting, value) => network.Set(link, setting, value));
            tree.Generate($"{V6}{link.Name}/mtu", new GeneratedContent { Read = () => $"{link.Mtu}\n", IsNumber = true });
            tree.Generate($"{V6}{link.Name}/addr_gen_mode", new GeneratedContent { Read = () => $"{link.GenerationMode}\n", IsNumber = true });
        }
        else if (!link.HasV6 && isThere)
        {
            tree.Withdraw(V6 + link.Name);
        }
    }

    private void AddV4(string name, Dictionary<string, int> values)
    {
        foreach ((string file, int value) in SettingsV4)
        {
            values.TryAdd(file, value);
            AddNumber($"{V4}{name}/{file}", () => values[file], number => values[file] = number);
        }
    }

    private void AddV6(string name, LinkSettings settings, Action<LinkSetting, int> set)
    {
        foreach ((LinkSetting setting, string file) in LinkSettings.Files)
        {
            AddNumber($"{V6}{name}/{file}", () => settings[setting], number => set(setting, number), LinkSettings.RangeOf(setting));
        }
    }

    // What is written for all links is written to each, of two settings; the others are for new ones, or for none at all.
    private void Set(LinkSetting setting, int value)
    {
        network.SettingsOfAll[setting] = value;
        if (setting is not (LinkSetting.DisableIpv6 or LinkSetting.Forwarding))
        {
            return;
        }

        network.SettingsByDefault[setting] = value;
        foreach (SimulatedLink link in new List<SimulatedLink>(network.Links))
        {
            network.Set(link, setting, value);
        }
    }

    private void AddNumber(string path, Func<int> get, Action<int> set, (int Min, int Max)? range = null) => tree.Generate(path, new GeneratedContent
    {
        Read = () => get().ToString(CultureInfo.InvariantCulture) + "\n",
        IsNumber = true,
        Write = text =>
        {
            Result parsed = NumberText.Parse(text, out int number);
            bool isThere = parsed.IsOk && text.Length > 0;
            if (isThere && range is { } bounds && (number < bounds.Min || number > bounds.Max))
            {
                return Result.Fail(Errno.EINVAL);
            }

            if (isThere)
            {
                set(number);
            }

            return parsed;
        },
    });

    private void AddDevice(SimulatedLink link)
    {
        string kind = link.Kind switch
        {
            LinkKind.Bridge => "DEVTYPE=bridge\n",
            LinkKind.Vlan => "DEVTYPE=vlan\n",
            LinkKind.Loopback or LinkKind.Ethernet or LinkKind.Veth or LinkKind.Dummy or LinkKind.Tap or LinkKind.Tun => "",
        };
        Dictionary<string, Func<string>> texts = new(StringComparer.Ordinal)
        {
            ["uevent"] = () => string.Create(CultureInfo.InvariantCulture, $"{kind}INTERFACE={link.Name}\nIFINDEX={link.Index}\n"),
            ["address"] = () => link.MacAddress + "\n",
            ["ifindex"] = () => string.Create(CultureInfo.InvariantCulture, $"{link.Index}\n"),
            ["mtu"] = () => string.Create(CultureInfo.InvariantCulture, $"{link.Mtu}\n"),
            ["type"] = () => string.Create(CultureInfo.InvariantCulture, $"{LinkHeader.HardwareType(link)}\n"),
            ["flags"] = () => string.Create(CultureInfo.InvariantCulture, $"0x{(uint)link.Flags & 0xFFFF & ~0x40u:x}\n"),
        };
        foreach ((string file, Func<string> text) in texts)
        {
            tree.Generate($"{Devices}{link.Name}/{file}", new GeneratedContent { Read = text });
        }
    }
}
