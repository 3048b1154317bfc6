using System;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>One option as it stands in the message: a piece, where RFC 3396 has split a long one.</summary>
public readonly ref struct DhcpOption(DhcpOptionCode code, ReadOnlySpan<byte> value)
{
    /// <summary>Which option.</summary>
    public DhcpOptionCode Code { get; } = code;

    /// <summary>Its octets, 0 to 255.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>Walks over the options of one field; pads are skipped, the end mark or the end of the field ends it.</summary>
public ref struct DhcpOptionReader(ReadOnlySpan<byte> field)
{
    private ReadOnlySpan<byte> rest = field;

    /// <summary>True once an option went beyond the field; the reader then yields nothing more.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Takes the next option.</summary>
    /// <returns>False at the end, or where the rest is truncated (<see cref="IsTruncated"/>).</returns>
    public bool TryTake(out DhcpOption option)
    {
        rest = rest.TrimStart((byte)DhcpOptionCode.Pad);
        if (rest.IsEmpty || rest[0] == (byte)DhcpOptionCode.End)
        {
            rest = default;
            option = default;
            return false;
        }

        if (rest.Length < 2 || rest.Length < 2 + rest[1])
        {
            IsTruncated = true;
            rest = default;
            option = default;
            return false;
        }

        option = new((DhcpOptionCode)rest[0], rest.Slice(2, rest[1]));
        rest = rest[(2 + rest[1])..];
        return true;
    }
}
