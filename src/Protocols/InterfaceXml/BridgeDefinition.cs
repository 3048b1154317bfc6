using System;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>What makes an interface a bridge (<c>&lt;bridge stp='' delay=''&gt;</c>).</summary>
public sealed record BridgeDefinition
{
    /// <summary>Spanning tree protocol; null when not said.</summary>
    public bool? SpanningTree { get; init; }

    /// <summary>
    /// The forward delay as written, a decimal number of zero or more; null when not said. libvirt gives it no unit: its udev
    /// back end writes the kernel's value (hundredths of a second), netcf took seconds.
    /// </summary>
    public string? ForwardDelay { get; init; }

    /// <summary>The ports: ethernet, vlan or bond, each without start mode, MTU and protocols of its own.</summary>
    public ImmutableArray<InterfaceDefinition> Members { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(BridgeDefinition? other) => other is not null && SpanningTree == other.SpanningTree
        && ForwardDelay == other.ForwardDelay && Members.IsSameAs(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SpanningTree, ForwardDelay, Members.Length);
}
