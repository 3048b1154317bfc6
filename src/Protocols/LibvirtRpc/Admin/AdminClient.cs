namespace Spindle.Protocols.LibvirtRpc.Admin;

/// <summary>A client of one of the daemon's servers. Result of 9.</summary>
/// <param name="Server">Name of the server.</param>
/// <param name="Id">Number of the client, counted from 1.</param>
/// <param name="ConnectedAtSeconds">When it connected, in seconds since 1970.</param>
/// <param name="Transport">How it connected.</param>
public readonly record struct AdminClient(string Server, ulong Id, long ConnectedAtSeconds, AdminTransport Transport)
    : IXdrValue<AdminClient>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminClient value)
    {
        if (!reader.TryReadString(out string server) || !reader.TryReadUInt64(out ulong id)
            || !reader.TryReadInt64(out long connectedAtSeconds) || !reader.TryReadInt32(out int transport))
        {
            value = default;
            return false;
        }

        value = new(server, id, connectedAtSeconds, (AdminTransport)transport);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteString(Server);
        writer.WriteUInt64(Id);
        writer.WriteInt64(ConnectedAtSeconds);
        writer.WriteInt32((int)Transport);
    }
}
