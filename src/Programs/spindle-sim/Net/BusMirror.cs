using System;
using System.Collections.Generic;
using Spindle.DBus;

namespace Spindle.Programs.Net;

/// <summary>The services as a front end knows them: what GetServices said once, and every signal since.</summary>
/// <remarks>A front end that listens must never have to ask again: <see cref="Difference"/> holds the daemon to it.</remarks>
internal sealed class BusMirror
{
    private readonly Dictionary<string, Dictionary<string, string>> services = new(StringComparer.Ordinal);
    private List<string> order = [];

    /// <summary>Paths, the first service's first.</summary>
    public IReadOnlyList<string> Order => order;

    /// <summary>Nothing is known any more.</summary>
    public void Clear()
    {
        services.Clear();
        order = [];
    }

    /// <summary>The value of a property as text; empty if it is not there.</summary>
    public string Property(string path, string name) =>
        services.TryGetValue(path, out Dictionary<string, string>? known) && known.TryGetValue(name, out string? value) ? value : "";

    /// <summary>Takes over what GetServices answered.</summary>
    public void Take(BusValue[] answer)
    {
        Clear();
        foreach (BusValue entry in answer[0].Items)
        {
            entry.Items[0].TryGetObjectPath(out string? path);
            order.Add(path!);
            services[path!] = Properties(entry.Items[1]);
        }
    }

    /// <summary>Takes a signal in.</summary>
    public void Hear(string path, string face, string member, BusValue[] values)
    {
        if (face == "net.connman.Manager" && member == "ServicesChanged")
        {
            Change(values[0], values[1]);
        }
        else if (face == "net.connman.Service" && member == "PropertyChanged"
            && services.TryGetValue(path, out Dictionary<string, string>? known) && values[0].TryGetString(out string? name))
        {
            known[name] = values[1].Content.ToString();
        }
    }

    /// <summary>What differs between this mirror and a fresh answer of GetServices; null if nothing does.</summary>
    public string? Difference(BusValue[] answer)
    {
        BusMirror fresh = new();
        fresh.Take(answer);
        if (!order.TrueForAll(fresh.order.Contains) || order.Count != fresh.order.Count)
        {
            return $"services by signals: {string.Join(' ', order)}; asked: {string.Join(' ', fresh.order)}";
        }

        for (int i = 0; i < order.Count; i++)
        {
            if (order[i] != fresh.order[i])
            {
                return $"order by signals: {string.Join(' ', order)}; asked: {string.Join(' ', fresh.order)}";
            }

            foreach ((string name, string value) in fresh.services[order[i]])
            {
                if (Property(order[i], name) != value)
                {
                    return $"{order[i]} {name} by signals: {Property(order[i], name)}; asked: {value}";
                }
            }
        }

        return null;
    }

    private void Change(BusValue changed, BusValue removed)
    {
        List<string> next = [];
        foreach (BusValue entry in changed.Items)
        {
            entry.Items[0].TryGetObjectPath(out string? path);
            next.Add(path!);
            if (entry.Items[1].Items.Count > 0)
            {
                services[path!] = Properties(entry.Items[1]);
            }
        }

        foreach (BusValue gone in removed.Items)
        {
            gone.TryGetObjectPath(out string? path);
            services.Remove(path!);
        }

        order = next;
    }

    private static Dictionary<string, string> Properties(BusValue dictionary)
    {
        Dictionary<string, string> properties = new(StringComparer.Ordinal);
        foreach (BusValue entry in dictionary.Items)
        {
            entry.Items[0].TryGetString(out string? name);
            properties[name!] = entry.Items[1].Content.ToString();
        }

        return properties;
    }
}
