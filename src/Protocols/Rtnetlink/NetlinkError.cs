using System;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>What became of a request: an error number and, where the kernel gives one, its explanation.</summary>
/// <param name="Number">0: done. Else the error number (errno), positive.</param>
/// <param name="Text">The kernel's extended acknowledgement, or empty.</param>
/// <param name="AttributeOffset">Where in the request the offending attribute begins; 0 if not said.</param>
public readonly record struct NetlinkError(int Number, string Text, uint AttributeOffset)
{
    private const ushort AttributeMessage = 1;
    private const ushort AttributeOffsetType = 2;

    /// <summary>Timed out (ETIMEDOUT): the kernel did not answer.</summary>
    public const int TimedOut = 110;

    /// <summary>No buffer space (ENOBUFS): more requests wait than we keep.</summary>
    public const int TooMany = 105;

    /// <summary>Done without an error.</summary>
    public static NetlinkError None => new(0, "", 0);

    /// <summary>True if the request was done.</summary>
    public bool IsOk => Number == 0;

    /// <summary>Reads an NLMSG_ERROR or NLMSG_DONE message; false if it is too short.</summary>
    public static bool TryRead(NetlinkMessage message, out NetlinkError error)
    {
        error = None;
        if (!MemoryMarshal.TryRead(message.Payload, out int code))
        {
            // A dump that ends well may say no more than that it ended.
            return message.Header.Type == NetlinkMessageType.Done && message.Payload.IsEmpty;
        }

        int number = code == int.MinValue ? int.MaxValue : Math.Abs(code);
        error = (message.Header.Flags & NetlinkFlags.ErrorAttributes) == 0
            ? new(number, "", 0)
            : Explained(number, message);
        return true;
    }

    /// <summary>The number with its explanation.</summary>
    public override string ToString() => string.IsNullOrEmpty(Text)
        ? string.Create(CultureInfo.InvariantCulture, $"error {Number}")
        : string.Create(CultureInfo.InvariantCulture, $"error {Number}: {Text}");

    private static NetlinkError Explained(int number, NetlinkMessage message)
    {
        NetlinkAttributes attributes = message.Attributes(SizeBeforeAttributes(message));
        string text = "";
        uint offset = 0;
        while (attributes.TryNext(out NetlinkAttribute attribute))
        {
            if (attribute.Type == AttributeMessage)
            {
                text = attribute.GetText(null);
            }
            else if (attribute.Type == AttributeOffsetType)
            {
                attribute.TryGetUInt32(out offset);
            }
        }

        return new(number, text, offset);
    }

    /// <summary>The code, then in NLMSG_ERROR the request: its header alone if capped, else all of it.</summary>
    private static int SizeBeforeAttributes(NetlinkMessage message)
    {
        const int CodeSize = 4;
        if (message.Header.Type == NetlinkMessageType.Done)
        {
            return CodeSize;
        }

        bool isCapped = (message.Header.Flags & NetlinkFlags.Capped) != 0;
        ReadOnlySpan<byte> request = message.Payload[CodeSize..];
        uint requestSize = isCapped || !MemoryMarshal.TryRead(request, out uint size) ? NetlinkHeader.Size : size;
        return CodeSize + (int)Math.Min(requestSize, (uint)request.Length);
    }
}
