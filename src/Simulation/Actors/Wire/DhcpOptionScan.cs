using System;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>Walks over options (RFC 2132, section 2): 0 pads, 255 ends, all others have a length.</summary>
internal ref struct DhcpOptionScan(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> rest = octets;

    /// <summary>An option's length went over the end.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The end option was met.</summary>
    public bool HasEnd { get; private set; }

    public bool TryNext(out byte code, out ReadOnlySpan<byte> value)
    {
        code = 0;
        value = default;
        while (rest.Length > 0 && rest[0] == DhcpOptions.Pad)
        {
            rest = rest[1..];
        }

        if (rest.Length == 0)
        {
            return false;
        }

        if (rest[0] == DhcpOptions.End)
        {
            HasEnd = true;
            rest = default;
            return false;
        }

        if (rest.Length < 2 || rest.Length < 2 + rest[1])
        {
            IsBroken = true;
            rest = default;
            return false;
        }

        code = rest[0];
        value = rest.Slice(2, rest[1]);
        rest = rest[(2 + value.Length)..];
        return true;
    }
}
