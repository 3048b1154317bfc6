namespace Spindle.Protocols.LibvirtRpc.Admin;

/// <summary>Result of 14.</summary>
/// <param name="Outputs">The outputs, with spaces between.</param>
/// <param name="Count">How many.</param>
public readonly record struct AdminLoggingOutputsResult(string Outputs, uint Count)
    : IXdrValue<AdminLoggingOutputsResult>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminLoggingOutputsResult value)
    {
        if (!reader.TryReadString(out string outputs) || !reader.TryReadUInt32(out uint count))
        {
            value = default;
            return false;
        }

        value = new(outputs, count);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteString(Outputs);
        writer.WriteUInt32(Count);
    }
}

/// <summary>Result of 15.</summary>
/// <param name="Filters">The filters, with spaces between, or none.</param>
/// <param name="Count">How many.</param>
public readonly record struct AdminLoggingFiltersResult(string? Filters, uint Count)
    : IXdrValue<AdminLoggingFiltersResult>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminLoggingFiltersResult value)
    {
        if (!reader.TryReadOptionalString(out string? filters) || !reader.TryReadUInt32(out uint count))
        {
            value = default;
            return false;
        }

        value = new(filters, count);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteOptionalString(Filters);
        writer.WriteUInt32(Count);
    }
}
