using System;

namespace Spindle.Protocols.LibvirtRpc.Admin;

/// <summary>Result of 4; a server is its name.</summary>
/// <param name="Names">The servers; none when the client wanted their number alone.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct AdminServerListResult(string[] Names, uint Count) : IXdrValue<AdminServerListResult>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminServerListResult value)
    {
        if (!XdrList.TryReadTexts(ref reader, RpcFrame.ListMaximum, out string[] names) || !reader.TryReadUInt32(out uint count))
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
        XdrList.WriteTexts(writer, Names, RpcFrame.ListMaximum);
        writer.WriteUInt32(Count);
    }
}

/// <summary>Result of 8.</summary>
/// <param name="Clients">The clients; none when the client wanted their number alone.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct AdminClientListResult(AdminClient[] Clients, uint Count) : IXdrValue<AdminClientListResult>
{
    private const int ItemSizeMin = XdrList.TextSizeMin + sizeof(ulong) + sizeof(long) + sizeof(uint);

    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminClientListResult value)
    {
        if (!XdrList.TryRead(ref reader, RpcFrame.ListMaximum, ItemSizeMin, out AdminClient[] clients)
            || !reader.TryReadUInt32(out uint count))
        {
            value = default;
            return false;
        }

        value = new(clients, count);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        XdrList.Write<AdminClient>(writer, Clients, RpcFrame.ListMaximum);
        writer.WriteUInt32(Count);
    }
}
