using System;
using System.Collections.Immutable;
using System.Text;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>An interface as a node device of class net (libvirt's <c>nodedev.rng</c>, capability <c>net</c>).</summary>
/// <param name="Interface">The link's name.</param>
public sealed record NetworkDevice(string Interface)
{
    /// <summary>The device's own name; see <see cref="NameOf"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Its directory in sysfs, if it is known.</summary>
    public string? Path { get; init; }

    /// <summary>The device that it hangs on.</summary>
    public string Parent { get; init; } = ComputerDevice.Name;

    /// <summary>The hardware address, if it has one.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>Speed and state.</summary>
    public InterfaceLink Link { get; init; }

    /// <summary>Offloads that are on, by their short names (<c>rx</c>, <c>tso</c>): letters, hyphens and underscores.</summary>
    public ImmutableArray<string> Features { get; init; } = [];

    /// <summary>What kind of network it is on.</summary>
    public NetworkDeviceKind Kind { get; init; }

    /// <summary>libvirt's name of a link: <c>net_eth0_52_54_00_12_34_56</c>; what is neither letter nor digit becomes a line.</summary>
    public static string NameOf(string link, MacAddress mac)
    {
        StringBuilder name = new($"net_{link}_{mac.ToString().ToLowerInvariant()}");
        for (int i = 0; i < name.Length; i++)
        {
            name[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
        }

        return name.ToString();
    }

    /// <summary>The document in libvirt's shape.</summary>
    public string Write()
    {
        XmlWriter writer = new();
        writer.Tag("device").Open();
        writer.Text("name", Name);
        writer.TextIfAny("path", Path);
        writer.Text("parent", Parent);
        writer.Tag("capability").Attribute("type", "net").Open();
        writer.Text("interface", Interface);
        writer.TextIfAny("address", Mac?.ToString().ToLowerInvariant());
        InterfaceWriter.WriteLink(writer, Link);
        foreach (string feature in Features)
        {
            writer.Tag("feature").Attribute("name", feature).Empty();
        }

        if (Kind != NetworkDeviceKind.Other)
        {
            writer.Tag("capability").Attribute("type", Kind == NetworkDeviceKind.Wireless ? "80211" : "80203").Empty();
        }

        writer.Close("capability");
        writer.Close("device");
        return writer.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(NetworkDevice? other) => other is not null && Interface == other.Interface && Name == other.Name
        && Path == other.Path && Parent == other.Parent && Mac == other.Mac && Link == other.Link && Kind == other.Kind
        && Features.IsSameAs(other.Features);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Interface, Name, Path, Mac, Kind);
}

/// <summary>The IEEE standard of a network device.</summary>
public enum NetworkDeviceKind
{
    /// <summary>Wired, 802.3: <c>80203</c>.</summary>
    Wired,

    /// <summary>Wireless, 802.11: <c>80211</c>.</summary>
    Wireless,

    /// <summary>Neither.</summary>
    Other,
}
