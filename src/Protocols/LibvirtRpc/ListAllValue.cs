namespace Spindle.Protocols.LibvirtRpc;

/// <summary>What to list.</summary>
/// <remarks>Arguments of 284 and 285, and of the administration's 4.</remarks>
/// <param name="NeedResults">Whether the list is wanted, or its length alone.</param>
/// <param name="Flags">Which items; 0 means all.</param>
public readonly record struct ListAllValue(bool NeedResults, uint Flags) : IXdrValue<ListAllValue>, IXdrFlags
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out ListAllValue value)
    {
        if (!reader.TryReadBoolean(out bool needResults) || !reader.TryReadUInt32(out uint flags))
        {
            value = default;
            return false;
        }

        value = new(needResults, flags);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteBoolean(NeedResults);
        writer.WriteUInt32(Flags);
    }
}
