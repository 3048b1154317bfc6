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
    private const string Neighbors6 = "/proc/sys/net/ipv6/neigh/";
    private const string Devices = "/sys/class/net/";

    private readonly MemoryFileSystem tree;
    private readonly NetworkStack network;
    private readonly Ipv4Settings defaults4 = new();
    private readonly Ipv4Settings all4 = Ipv4Settings.OfAll();
    private readonly Dictionary<SimulatedLink, Ipv4Settings> links4 = [];

    public LinkFiles(MemoryFileSystem tree, NetworkStack network)
    {
        this.tree = tree;
        this.network = network;
        AddV4("default", defaults4, WriteDefault4);
        AddV4("all", all4, WriteAll4);
        AddV6("all", network.SettingsOfAll, Set);
        AddV6("default", network.SettingsByDefault, (setting, value) => network.SettingsByDefault[setting] = value);
        foreach (SimulatedLink link in network.Links)
        {
            Add(link);
        }

        network.LinkAdded += Add;
        network.LinkRemoved += Remove;
        network.LinkRenamed += (link, before) => Rename(link, before);
        network.Ipv6Switched += Switch;
        network.AddressAdded += Settle;
    }

    private void Add(SimulatedLink link)
    {
        Ipv4Settings settings = links4[link] = new Ipv4Settings(defaults4);
        AddV4(link.Name, settings, settings.Write);
        link.Addresses4.ForEach(Settle);
        AddDevice(link);
        Switch(link);
    }

    private void Rename(SimulatedLink link, string before)
    {
        tree.Move(V4 + before, link.Name);
        tree.Move(V6 + before, link.Name);
        tree.Move(Neighbors6 + before, link.Name);
        tree.Move(Devices + before, link.Name);
    }

    private void Remove(SimulatedLink link)
    {
        links4.Remove(link);
        tree.Withdraw(V4 + link.Name);
        tree.Withdraw(V6 + link.Name);
        tree.Withdraw(Neighbors6 + link.Name);
        tree.Withdraw(Devices + link.Name);
    }

    private void Switch(SimulatedLink link)
    {
        bool isThere = tree.Find(V6 + link.Name).Node is not null;
        if (link.HasV6 && !isThere)
        {
            AddV6(link.Name, link.Settings, (setting, value) => network.Set(link, setting, value));
            Show($"{V6}{link.Name}/mtu", () => link.Ipv6Mtu);
            Show($"{Neighbors6}{link.Name}/base_reachable_time_ms", () => link.ReachableMilliseconds);
            Show($"{Neighbors6}{link.Name}/retrans_time_ms", () => link.RetransMilliseconds);
            Show($"{V6}{link.Name}/addr_gen_mode", () => link.GenerationMode);
        }
        else if (!link.HasV6 && isThere)
        {
            tree.Withdraw(V6 + link.Name);
            tree.Withdraw(Neighbors6 + link.Name);
        }
    }

    private void AddV4(string name, Ipv4Settings settings, Action<string, int> write)
    {
        foreach (string file in Ipv4Settings.Names)
        {
            AddNumber($"{V4}{name}/{file}", () => settings[file], number => write(file, number));
        }
    }

    private void Settle(InterfaceAddress address)
    {
        if (address.Local.IsV4)
        {
            links4.GetValueOrDefault(address.Link)?.Settle();
        }
    }

    private void WriteDefault4(string name, int value)
    {
        defaults4.Write(name, value);
        foreach (Ipv4Settings settings in links4.Values)
        {
            settings.Follow(name, value);
        }
    }

    private void WriteAll4(string name, int value)
    {
        if (name != Ipv4Settings.Forwarding)
        {
            all4.Write(name, value);
        }
        else if (value != all4[name])
        {
            all4.ForwardAll(value);
            defaults4.Forward(value);
            foreach (Ipv4Settings settings in links4.Values)
            {
                settings.Forward(value);
            }
        }
    }

    private void AddV6(string name, LinkSettings settings, Action<LinkSetting, int> set)
    {
        foreach ((LinkSetting setting, string file) in LinkSettings.Files)
        {
            if (LinkSettings.IsUnsigned(setting))
            {
                AddUnsigned($"{V6}{name}/{file}", () => (uint)settings[setting], number => set(setting, (int)number));
            }
            else
            {
                AddNumber($"{V6}{name}/{file}", () => settings[setting], number => set(setting, number), LinkSettings.RangeOf(setting));
            }
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

    private void Show(string path, Func<uint> get) => tree.Generate(path, new GeneratedContent
    {
        Read = () => get().ToString(CultureInfo.InvariantCulture) + "\n",
        IsNumber = true,
    });

    private void AddUnsigned(string path, Func<uint> get, Action<uint> set) => tree.Generate(path, new GeneratedContent
    {
        Read = () => get().ToString(CultureInfo.InvariantCulture) + "\n",
        IsNumber = true,
        Write = text =>
        {
            Result parsed = NumberText.ParseUnsigned(text, out uint number);
            if (!parsed.IsOk || text.IsEmpty || number == 0)
            {
                return text.IsEmpty ? parsed : Result.Fail(Errno.EINVAL);
            }

            set(number);
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
