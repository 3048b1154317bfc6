namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Nothing: arguments or result of a procedure that has none.</summary>
public readonly record struct EmptyValue : IXdrValue<EmptyValue>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out EmptyValue value)
    {
        value = default;
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
    }
}
