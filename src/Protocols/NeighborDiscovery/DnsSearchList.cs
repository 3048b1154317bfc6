using System;
using System.Buffers.Binary;
using System.Text;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>DNS search domains in a buffer, with the time that they may be used (RFC 8106, section 5.2).</summary>
public ref struct DnsSearchList
{
    private const int FixedSize = 8;
    private const int LabelSizeMax = 63;
    private const int NameLengthMax = 253;

    private ReadOnlySpan<byte> rest;

    /// <summary>How long; 0: no longer; 0xFFFFFFFF: for ever.</summary>
    public uint LifetimeSeconds { get; private init; }

    /// <summary>The option; false if it is another one or has no room for a name.</summary>
    public static bool TryParse(NeighborOption option, out DnsSearchList list)
    {
        ReadOnlySpan<byte> octets = option.Octets;
        bool ok = option.Type == NeighborOptionType.DnsSearchList && octets.Length > FixedSize;
        list = ok
            ? new() { LifetimeSeconds = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]), rest = octets[FixedSize..] }
            : default;
        return ok;
    }

    /// <summary>The next domain, without the last dot; false at the end, or where the rest is no name.</summary>
    /// <remarks>
    /// Names with other octets than letters, digits, hyphens and underscores are passed over: they go into files and
    /// onto the bus, and no host can be in them (RFC 1123, section 2.1).
    /// </remarks>
    public bool TryNext(out string domain)
    {
        while (TryTakeName(out ReadOnlySpan<byte> labels))
        {
            if (TryText(labels, out domain))
            {
                return true;
            }
        }

        domain = "";
        return false;
    }

    /// <summary>Writes the option, padded with zeros; the answer is its length.</summary>
    public static int Write(Span<byte> destination, uint lifetimeSeconds, ReadOnlySpan<string> domains)
    {
        int size = FixedSize;
        foreach (string domain in domains)
        {
            foreach (Range label in domain.AsSpan().Split('.'))
            {
                int length = Encoding.ASCII.GetBytes(domain.AsSpan()[label], destination[(size + 1)..]);
                destination[size] = (byte)length;
                size += 1 + length;
            }

            destination[size++] = 0;
        }

        int padded = (size + NeighborOption.Unit - 1) / NeighborOption.Unit * NeighborOption.Unit;
        destination[size..padded].Clear();
        destination[..FixedSize].Clear();
        destination[0] = (byte)NeighborOptionType.DnsSearchList;
        destination[1] = (byte)(padded / NeighborOption.Unit);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], lifetimeSeconds);
        return padded;
    }

    /// <summary>Takes one name's labels, without the empty last one; compression is not allowed here.</summary>
    private bool TryTakeName(out ReadOnlySpan<byte> labels)
    {
        int at = 0;
        while (at < rest.Length && rest[at] != 0)
        {
            if (rest[at] > LabelSizeMax)
            {
                break;
            }

            at += 1 + rest[at];
        }

        bool ok = at > 0 && at < rest.Length && rest[at] == 0;
        labels = ok ? rest[..at] : default;
        rest = ok ? rest[(at + 1)..] : default;
        return ok;
    }

    private static bool TryText(ReadOnlySpan<byte> labels, out string domain)
    {
        Span<char> text = stackalloc char[NameLengthMax + 1];
        int length = 0;
        domain = "";
        if (labels.Length > NameLengthMax + 1)
        {
            return false;
        }

        while (!labels.IsEmpty)
        {
            foreach (byte octet in labels.Slice(1, labels[0]))
            {
                if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'-' or (byte)'_'))
                {
                    return false;
                }

                text[length++] = char.ToLowerInvariant((char)octet);
            }

            text[length++] = '.';
            labels = labels[(1 + labels[0])..];
        }

        domain = new string(text[..(length - 1)]);
        return true;
    }
}
