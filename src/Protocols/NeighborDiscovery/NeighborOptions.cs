using System;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>Walks options.</summary>
public ref struct NeighborOptions(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> rest = octets;

    /// <summary>True if all options fit and none has no length (RFC 4861, sections 6.1.1 and 6.1.2).</summary>
    public readonly bool AreValid()
    {
        NeighborOptions walk = new(rest);
        while (walk.TryNext(out _))
        {
        }

        return walk.rest.IsEmpty;
    }

    /// <summary>The next option; false at the end, or where the rest is no option.</summary>
    public bool TryNext(out NeighborOption option)
    {
        option = default;
        int length = rest.Length < NeighborOption.HeaderSize ? 0 : rest[1] * NeighborOption.Unit;
        if (length == 0 || length > rest.Length)
        {
            return false;
        }

        option = new(rest[..length]);
        rest = rest[length..];
        return true;
    }
}
