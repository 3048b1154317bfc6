namespace Spindle.Protocols.LibvirtRpc.Admin;

/// <summary>Arguments of 10 and 11.</summary>
/// <param name="Client">Which client.</param>
/// <param name="Flags">None is known.</param>
public readonly record struct AdminClientFlagsArguments(AdminClient Client, uint Flags)
    : IXdrValue<AdminClientFlagsArguments>, IXdrFlags
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminClientFlagsArguments value)
    {
        if (!AdminClient.TryRead(ref reader, out AdminClient client)
            || !reader.TryReadUInt32(out uint flags))
        {
            value = default;
            return false;
        }

        value = new(client, flags);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        Client.Write(writer);
        writer.WriteUInt32(Flags);
    }
}

/// <summary>Arguments of 8.</summary>
/// <param name="Server">Name of the server.</param>
/// <param name="NeedResults">Whether the list is wanted, or its length alone.</param>
/// <param name="Flags">None is known.</param>
public readonly record struct AdminListClientsArguments(string Server, bool NeedResults, uint Flags)
    : IXdrValue<AdminListClientsArguments>, IXdrFlags
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminListClientsArguments value)
    {
        if (!reader.TryReadString(out string server) || !reader.TryReadBoolean(out bool needResults)
            || !reader.TryReadUInt32(out uint flags))
        {
            value = default;
            return false;
        }

        value = new(server, needResults, flags);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteString(Server);
        writer.WriteBoolean(NeedResults);
        writer.WriteUInt32(Flags);
    }
}

/// <summary>Arguments of 9.</summary>
/// <param name="Server">Name of the server.</param>
/// <param name="Id">Number of the client.</param>
/// <param name="Flags">None is known.</param>
public readonly record struct AdminLookupClientArguments(string Server, ulong Id, uint Flags)
    : IXdrValue<AdminLookupClientArguments>, IXdrFlags
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminLookupClientArguments value)
    {
        if (!reader.TryReadString(out string server) || !reader.TryReadUInt64(out ulong id)
            || !reader.TryReadUInt32(out uint flags))
        {
            value = default;
            return false;
        }

        value = new(server, id, flags);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteString(Server);
        writer.WriteUInt64(Id);
        writer.WriteUInt32(Flags);
    }
}

/// <summary>Arguments of 19.</summary>
/// <param name="TimeoutSeconds">After how long without a client the daemon ends.</param>
/// <param name="Flags">None is known.</param>
public readonly record struct AdminDaemonTimeoutArguments(uint TimeoutSeconds, uint Flags)
    : IXdrValue<AdminDaemonTimeoutArguments>, IXdrFlags
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminDaemonTimeoutArguments value)
    {
        if (!reader.TryReadUInt32(out uint timeoutSeconds) || !reader.TryReadUInt32(out uint flags))
        {
            value = default;
            return false;
        }

        value = new(timeoutSeconds, flags);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteUInt32(TimeoutSeconds);
        writer.WriteUInt32(Flags);
    }
}
