using System;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>A host interface as libvirt describes it (libvirt's <c>interface.rng</c>, version 4).</summary>
public sealed record InterfaceDefinition
{
    /// <summary>Octets in the largest document that is read.</summary>
    public const int MaximumSize = 262_144;

    /// <summary>Which kind. A bridge has <see cref="Bridge"/>, a bond <see cref="Bond"/>, a VLAN <see cref="Vlan"/>, never two.</summary>
    public required InterfaceKind Kind { get; init; }

    /// <summary>The device's name as written; null only for a VLAN that leaves it out (see <see cref="DeviceName"/>).</summary>
    public string? Name { get; init; }

    /// <summary>When to bring it up.</summary>
    public InterfaceStartMode StartMode { get; init; }

    /// <summary>Octets; 0 when not said. The schema allows any unsigned 32-bit number.</summary>
    public uint Mtu { get; init; }

    /// <summary>At most one of each family, in the document's order.</summary>
    public ImmutableArray<InterfaceProtocol> Protocols { get; init; } = [];

    /// <summary>Speed and state; a bridge has none.</summary>
    public InterfaceLink Link { get; init; }

    /// <summary>The hardware address; ethernet alone has one.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The part of a bridge.</summary>
    public BridgeDefinition? Bridge { get; init; }

    /// <summary>The part of a bond.</summary>
    public BondDefinition? Bond { get; init; }

    /// <summary>The part of a VLAN.</summary>
    public VlanDefinition? Vlan { get; init; }

    /// <summary>The name, or what a nameless VLAN is called: <c>eth0.42</c>.</summary>
    public string DeviceName => Name ?? (Vlan is null ? "" : $"{Vlan.Interface}.{Vlan.Tag}");

    /// <summary>The protocol of a family, if it is there.</summary>
    public InterfaceProtocol? Protocol(IpFamily family)
    {
        foreach (InterfaceProtocol protocol in Protocols)
        {
            if (protocol.Family == family)
            {
                return protocol;
            }
        }

        return null;
    }

    /// <summary>Reads a document that the schema accepts; false with what is wrong, where, and in libvirt's words.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out InterfaceDefinition? definition, out XmlRefusal refusal)
    {
        definition = null;
        if (XmlDocument.TryRead(utf8, out XmlElement? root, out XmlFault fault))
        {
            InterfaceReader reader = new();
            definition = reader.ReadDocument(root);
            fault = reader.Fault;
        }

        refusal = definition is null ? XmlRefusal.From(utf8, fault) : default;
        return definition is not null;
    }

    /// <summary>Reads a document out of a string.</summary>
    public static bool TryParse(
        string xml, [NotNullWhen(true)] out InterfaceDefinition? definition, out XmlRefusal refusal)
    {
        // A character has at most three octets in UTF-8 here (a pair has four): nothing too large is copied.
        int size = Math.Min(xml.Length, MaximumSize + 1);
        return TryParse(Encoding.UTF8.GetBytes(xml, 0, size), out definition, out refusal);
    }

    /// <summary>The document in libvirt's shape: its element order, single quotes, steps of two blanks, a newline at the end.</summary>
    public string Write() => InterfaceWriter.Write(this);

    /// <inheritdoc/>
    public bool Equals(InterfaceDefinition? other) => other is not null && Kind == other.Kind && Name == other.Name
        && StartMode == other.StartMode && Mtu == other.Mtu && Link == other.Link && Mac == other.Mac
        && Bridge == other.Bridge && Bond == other.Bond && Vlan == other.Vlan && Protocols.IsSameAs(other.Protocols);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Name, StartMode, Mtu, Mac, Protocols.Length);
}
