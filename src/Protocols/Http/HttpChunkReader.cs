using System;

namespace Spindle.Protocols.Http;

/// <summary>Finds the end of a chunked body (RFC 9112, section 7.1). A malformed one lasts until the peer closes.</summary>
internal struct HttpChunkReader
{
    private enum Part : byte
    {
        Size,
        Extension,
        Data,
        DataEnd,
        Trailer,
        Malformed,
        Ended,
    }

    // Far above any body that is read to its end, far below what would overflow.
    private const long ChunkSizeMax = 1L << 40;

    private Part part;
    private long chunkLeft;
    private bool isLineEmpty;
    private bool hasDigit;

    /// <summary>Passes over a piece; true at the end.</summary>
    public bool Read(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty && part is not (Part.Malformed or Part.Ended))
        {
            if (part == Part.Data)
            {
                int taken = (int)Math.Min(chunkLeft, octets.Length);
                chunkLeft -= taken;
                octets = octets[taken..];
                part = chunkLeft == 0 ? Part.DataEnd : Part.Data;
            }
            else
            {
                Take(octets[0]);
                octets = octets[1..];
            }
        }

        return part == Part.Ended;
    }

    private void Take(byte octet)
    {
        switch (part)
        {
            case Part.Size when Digit(octet) is >= 0 and int digit:
                hasDigit = true;
                chunkLeft = (chunkLeft << 4) + digit;
                part = chunkLeft > ChunkSizeMax ? Part.Malformed : Part.Size;
                break;
            case Part.Size or Part.Extension when octet == '\n':
                EndSize();
                break;
            case Part.Size:
                part = hasDigit ? Part.Extension : Part.Malformed;
                break;
            case Part.DataEnd:
                part = octet == '\n' ? Part.Size : octet == '\r' ? Part.DataEnd : Part.Malformed;
                hasDigit = false;
                break;
            case Part.Trailer when octet == '\n':
                part = isLineEmpty ? Part.Ended : Part.Trailer;
                isLineEmpty = true;
                break;
            case Part.Trailer:
                isLineEmpty &= octet == '\r';
                break;
            default:
                break;
        }
    }

    private void EndSize()
    {
        isLineEmpty = true;
        part = !hasDigit ? Part.Malformed : chunkLeft == 0 ? Part.Trailer : Part.Data;
    }

    private static int Digit(byte octet) => octet switch
    {
        >= (byte)'0' and <= (byte)'9' => octet - '0',
        >= (byte)'a' and <= (byte)'f' => octet - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => octet - 'A' + 10,
        _ => -1,
    };
}
