using System;
using System.Buffers.Binary;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Checking;

/// <summary>One request of a sequence: its octets, and how a person would write it.</summary>
/// <param name="Text">What is asked, in words.</param>
/// <param name="Octets">The message; its sequence number is set when it is sent.</param>
/// <param name="WaitsForLook">The running kernel looks at new links, and at those that were switched off, a moment later.</param>
internal sealed record NetlinkStep(string Text, byte[] Octets, bool WaitsForLook = false)
{
    private const int TypeOffset = 4;

    /// <summary>How long that takes at most: the kernel looks at carriers once a second, but for those that matter at once.</summary>
    public static TimeSpan FirstLook { get; } = TimeSpan.FromMilliseconds(1150);

    /// <summary>A link is made, changed or removed.</summary>
    public bool IsOfLinks => (MessageType)BinaryPrimitives.ReadUInt16LittleEndian(Octets.AsSpan(TypeOffset))
        is MessageType.NewLink or MessageType.DeleteLink;

    public override string ToString() => Text;
}
