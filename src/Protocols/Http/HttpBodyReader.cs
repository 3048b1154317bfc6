using System;
using System.Buffers.Text;
using System.Text;

namespace Spindle.Protocols.Http;

/// <summary>Finds the end of a response's body and passes over what is in it (RFC 9112, section 6).</summary>
internal sealed class HttpBodyReader
{
    private HttpChunkReader chunks;
    private long contentLength = -1;
    private bool isLengthBad;
    private bool isChunked;
    private bool isEncoded;

    /// <summary>Octets passed over, framing included.</summary>
    public long Size { get; private set; }

    /// <summary>Takes note of a header that says how the body ends.</summary>
    public void TakeHeader(in HttpHeader header)
    {
        if (header.Is("Transfer-Encoding"))
        {
            isEncoded = true;
            ReadOnlySpan<byte> last = header.Value[(header.Value.LastIndexOf((byte)',') + 1)..].Trim((byte)' ');
            isChunked = Ascii.EqualsIgnoreCase(last, "chunked"u8);
        }
        else if (header.Is("Content-Length"))
        {
            bool isNumber = Utf8Parser.TryParse(header.Value, out long length, out int used)
                && used == header.Value.Length && length >= 0;
            isLengthBad |= !isNumber || (contentLength >= 0 && contentLength != length);
            contentLength = length;
        }
    }

    /// <summary>Forgets the headers: they were an interim response's.</summary>
    public void Reset()
    {
        contentLength = -1;
        isLengthBad = isChunked = isEncoded = false;
    }

    /// <summary>The head is over; true if there is no body.</summary>
    public bool Begin(int statusCode) =>
        statusCode is 204 or 304 || (!isEncoded && !isLengthBad && contentLength == 0);

    /// <summary>Passes over a piece; true at the body's end. A body without a known end lasts until the peer closes.</summary>
    public bool Read(ReadOnlySpan<byte> octets)
    {
        Size += octets.Length;
        return isEncoded
            ? isChunked && chunks.Read(octets)
            : !isLengthBad && contentLength >= 0 && Size >= contentLength;
    }
}
