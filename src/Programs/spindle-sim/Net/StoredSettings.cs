using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.CommandLine;
using Spindle.Model;
using Spindle.Simulation;
using Spindle.Simulation.Files;

namespace Spindle.Programs.Net;

/// <summary>Holds the daemon's files to what was promised of them: after any cut each is one that was whole, the last that was
/// synced or a later one; none is ever set aside; and what is on the disk is what the daemon believes.</summary>
/// <remarks>It reads the files itself: lines of a group, a comment, or a key and a value.</remarks>
internal sealed class StoredSettings
{
    private const string Root = DaemonOptions.DefaultStorageDirectory + "/";

    private readonly SimulatedMachine machine;
    private readonly Action<string, string> violated;

    // Of each file: what a sync of its folder has made sure of, and after that what may be there instead. Null: no file.
    private readonly Dictionary<string, List<byte[]?>> versions = [];
    private readonly List<ServiceConfiguration> agreed = [];
    private DaemonLife? agreedLife;
    private bool isAgreedOffline;
    private bool hasChanged;

    public StoredSettings(SimulatedMachine machine, Action<string, string> violated)
    {
        this.machine = machine;
        this.violated = violated;
        machine.NameChanged += Changed;
        machine.Synced += Synced;
        machine.Booted += CheckAfterCut;
    }

    /// <summary>The disk fails at present, or did in this life: a file that cannot be read may be put aside.</summary>
    public bool IsDiskSuspect { get; set; }

    /// <summary>What is stored is what the daemon believes, once it says that nothing is left to write.</summary>
    public void CheckAgreement(DaemonLife life)
    {
        NetworkModel model = life.Daemon.Model;
        bool isNews = hasChanged || life != agreedLife || model.IsOffline != isAgreedOffline || HasNews(model);
        if (!isNews || IsDiskSuspect || !life.Daemon.Store.Writer.IsIdle)
        {
            return;
        }

        (agreedLife, isAgreedOffline, hasChanged) = (life, model.IsOffline, false);
        agreed.Clear();
        Dictionary<string, string> global = Read(Root + "settings", null);
        Agree("OfflineMode", global.GetValueOrDefault("OfflineMode", "false"), Text(model.IsOffline), "settings");
        foreach (Service service in model.Services)
        {
            agreed.Add(service.Stored);
            CheckService(service.Ident, service.Stored);
        }
    }

    // What the daemon believes of a service is never changed, but for another.
    private bool HasNews(NetworkModel model)
    {
        bool isSame = model.Services.Count == agreed.Count;
        for (int i = 0; isSame && i < agreed.Count; i++)
        {
            isSame = ReferenceEquals(model.Services[i].Stored, agreed[i]);
        }

        return !isSame;
    }

    private void CheckService(string ident, ServiceConfiguration believed)
    {
        Dictionary<string, string> stored = Read($"{Root}{ident}/settings", ident);
        Agree("AutoConnect", stored.GetValueOrDefault("AutoConnect", "true"), Text(believed.AutoConnect), ident);
        Agree("IPv4.method", stored.GetValueOrDefault("IPv4.method", "dhcp"), Text(believed.Ipv4.Method), ident);
        Agree("IPv4.local_address", stored.GetValueOrDefault("IPv4.local_address", ""), Text(believed.Ipv4.Address), ident);
        Agree("IPv4.gateway", stored.GetValueOrDefault("IPv4.gateway", ""), Text(believed.Ipv4.Gateway), ident);
        Agree("IPv6.method", stored.GetValueOrDefault("IPv6.method", "auto"), Text(believed.Ipv6.Method), ident);
        Agree("IPv6.privacy", stored.GetValueOrDefault("IPv6.privacy", "disabled"), Text(believed.Ipv6.Privacy), ident);
        Agree("IPv6.local_address", stored.GetValueOrDefault("IPv6.local_address", ""), Text(believed.Ipv6.Address), ident);
        string servers = "";
        foreach (IpAddress server in believed.Nameservers)
        {
            servers += server + ";";
        }

        Agree("Nameservers", stored.GetValueOrDefault("Nameservers", ""), servers, ident);
    }

    private void Agree(string key, string stored, string believed, string place)
    {
        if (stored != believed)
        {
            violated("what is stored is what the daemon believes", $"{place}: {key} is '{stored}', not '{believed}'");
        }
    }

    private void Changed(string path, MemoryNode? node)
    {
        if (!path.StartsWith(Root, StringComparison.Ordinal))
        {
            return;
        }

        string name = Path.GetFileName(path);
        if (name.Contains(".bad-", StringComparison.Ordinal) && node is not null && !IsDiskSuspect)
        {
            violated("no file of settings is ever set aside", path);
        }

        if (name is not ("settings" or "lease"))
        {
            return;
        }

        hasChanged |= name == "settings";
        byte[]? content = node is null ? null : node.Content[..node.Length];
        if (!versions.TryGetValue(path, out List<byte[]?>? kept))
        {
            versions.Add(path, kept = [null]);
        }

        kept.Add(content);
        CheckWhole(path, content);
    }

    // A synced folder has its names for good; so has what is below it if it was synced then (the daemon syncs each file first).
    private void Synced(MemoryNode folder)
    {
        if (!folder.IsDirectory)
        {
            return;
        }

        foreach ((string path, List<byte[]?> kept) in versions)
        {
            if (kept.Count > 1 && machine.Files.Find(Path.GetDirectoryName(path)!).Node == folder)
            {
                kept.RemoveRange(0, kept.Count - 1);
            }
        }
    }

    private void CheckAfterCut()
    {
        hasChanged = true;
        foreach ((string path, List<byte[]?> kept) in versions)
        {
            byte[]? found = Content(path);
            if (!kept.Exists(version => version is null ? found is null : found is not null && version.AsSpan().SequenceEqual(found)))
            {
                violated("after a power cut a file is the old one or a new one", $"{path} is neither of {kept.Count}: {Show(found)}");
            }

            kept.Clear();
            kept.Add(found);
            CheckWhole(path, found);
        }
    }

    private void CheckWhole(string path, byte[]? content)
    {
        if (content is null)
        {
            return;
        }

        ReadOnlySpan<byte> octets = content;
        bool isWhole = octets is [.., (byte)'\n'] && !octets.Contains((byte)0);
        foreach (Range range in octets.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = octets[range];
            isWhole &= line is [] or [(byte)'#', ..] or [(byte)'[', .., (byte)']'] || line.IndexOf((byte)'=') > 0;
        }

        if (!isWhole)
        {
            violated("only whole files get the name of settings", $"{path}: {Show(content)}");
        }
    }

    private byte[]? Content(string path) =>
        machine.Files.Find(path) is { Error: Kernels.Errno.None, Node: { Kind: NodeKind.File } node } ? node.Content[..node.Length] : null;

    // The keys of one group, or of all groups.
    private Dictionary<string, string> Read(string path, string? group)
    {
        Dictionary<string, string> keys = [];
        bool isInside = group is null;
        foreach (string line in Encoding.UTF8.GetString(Content(path) ?? []).Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.StartsWith('['))
            {
                isInside = group is null || line == $"[{group}]";
            }
            else if (isInside && equals > 0)
            {
                keys[line[..equals]] = line[(equals + 1)..];
            }
        }

        return keys;
    }

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(IpAddress? address) => address?.ToString() ?? "";

    private static string Text(IpPrefix? prefix) => prefix?.Address.ToString() ?? "";

    private static string Text(Ipv4Method method) => method switch
    {
        Ipv4Method.Off => "off",
        Ipv4Method.Dhcp => "dhcp",
        Ipv4Method.Manual => "manual",
    };

    private static string Text(Ipv6Method method) => method switch
    {
        Ipv6Method.Off => "off",
        Ipv6Method.Auto => "auto",
        Ipv6Method.Manual => "manual",
    };

    private static string Text(Ipv6Privacy privacy) => privacy switch
    {
        Ipv6Privacy.Disabled => "disabled",
        Ipv6Privacy.Enabled => "enabled",
        Ipv6Privacy.Preferred => "prefered",
    };

    private static string Show(byte[]? content) => content is null
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{content.Length} octets: {Encoding.UTF8.GetString(content).ReplaceLineEndings("\\n")}");
}
