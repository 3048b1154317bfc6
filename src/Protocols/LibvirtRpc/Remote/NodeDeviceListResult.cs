using System;

namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>Result of 285; a node device is its name.</summary>
/// <param name="Names">The devices; none when the client wanted their number alone.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct NodeDeviceListResult(string[] Names, uint Count) : IXdrValue<NodeDeviceListResult>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out NodeDeviceListResult value)
    {
        if (!XdrList.TryReadTexts(ref reader, TextListValue.Maximum, out string[] names) || !reader.TryReadUInt32(out uint count))
        {
            value = default;
            return false;
        }

        value = new(names, count);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        XdrList.WriteTexts(writer, Names, TextListValue.Maximum);
        writer.WriteUInt32(Count);
    }
}
