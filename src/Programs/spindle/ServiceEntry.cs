using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.DBus;

namespace Spindle.Programs;

/// <summary>A service as the daemon describes it: a path and a dictionary.</summary>
internal sealed record ServiceEntry(string Path, BusValue Properties)
{
    /// <summary>The last element of the path.</summary>
    public string Identifier => Path[(Path.LastIndexOf('/') + 1)..];

    public string Name => Text("Name");

    public string State => Text("State");

    public string Interface => Text("Ethernet", "Interface");

    public bool IsConnected => State is "ready" or "online";

    /// <summary>The IPv4 address with its prefix, else the IPv6 one, else nothing.</summary>
    public string Address => Addresses().FirstOrDefault("");

    public static ServiceEntry? Of(BusValue entry) =>
        entry.Items is [BusValue first, BusValue second] && first.TryGetObjectPath(out string? path)
            ? new ServiceEntry(path, second)
            : null;

    public IEnumerable<string> Addresses()
    {
        if (Text("IPv4", "Address") is { Length: > 0 } ipv4)
        {
            yield return Spindle.Basics.IpAddress.TryParse(Text("IPv4", "Netmask"), out Spindle.Basics.IpAddress mask)
                && Spindle.Basics.IpPrefix.TryLengthOfNetmask(mask, out byte length) ? $"{ipv4}/{length}" : ipv4;
        }

        if (Text("IPv6", "Address") is { Length: > 0 } ipv6)
        {
            yield return Properties.TryGetEntry("IPv6", out BusValue? dictionary)
                && dictionary.TryGetEntry("PrefixLength", out BusValue? value) && value.TryGetByte(out byte length)
                ? $"{ipv6}/{length}"
                : ipv6;
        }
    }

    public string Text(string key) =>
        Properties.TryGetEntry(key, out BusValue? value) && value.TryGetString(out string? text) ? text : "";

    public string Text(string key, string inner) =>
        Properties.TryGetEntry(key, out BusValue? value) && value.TryGetEntry(inner, out BusValue? found)
            && found.TryGetString(out string? text) ? text : "";

    public IReadOnlyList<string> Texts(string key) =>
        Properties.TryGetEntry(key, out BusValue? value) && value.TryGetStringArray(out string[]? texts) ? texts : [];

    public bool Is(string key) =>
        Properties.TryGetEntry(key, out BusValue? value) && value.TryGetBoolean(out bool isSo) && isSo;

    /// <summary>Finds the one that a person means: by path, identifier, name or interface, in this order.</summary>
    public static ServiceEntry Find(IReadOnlyList<ServiceEntry> services, string name)
    {
        Func<ServiceEntry, bool>[] rules =
        [
            service => service.Path == name,
            service => service.Identifier == name,
            service => service.Name == name,
            service => service.Interface == name,
            service => string.Equals(service.Name, name, StringComparison.OrdinalIgnoreCase),
        ];
        foreach (Func<ServiceEntry, bool> rule in rules)
        {
            ServiceEntry[] found = [.. services.Where(rule)];
            if (found.Length == 1)
            {
                return found[0];
            }

            if (found.Length > 1)
            {
                throw new CommandException(
                    ExitCode.NotFound,
                    $"'{Plain.Of(name)}' is the name of {found.Length} services; say which: "
                    + string.Join(", ", found.Select(static service => service.Identifier)));
            }
        }

        throw new CommandException(ExitCode.NotFound, $"there is no service '{Plain.Of(name)}'");
    }
}
