using System;

namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>Result of 284.</summary>
/// <param name="Interfaces">The interfaces; none when the client wanted their number alone.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct InterfaceListResult(InterfaceReference[] Interfaces, uint Count) : IXdrValue<InterfaceListResult>
{
    private const int ItemSizeMin = 2 * XdrList.TextSizeMin;

    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out InterfaceListResult value)
    {
        if (!XdrList.TryRead(ref reader, RpcFrame.ListMaximum, ItemSizeMin, out InterfaceReference[] interfaces)
            || !reader.TryReadUInt32(out uint count))
        {
            value = default;
            return false;
        }

        value = new(interfaces, count);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        XdrList.Write<InterfaceReference>(writer, Interfaces, RpcFrame.ListMaximum);
        writer.WriteUInt32(Count);
    }
}
