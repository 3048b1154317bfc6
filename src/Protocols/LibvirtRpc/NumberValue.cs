namespace Spindle.Protocols.LibvirtRpc;

/// <summary>One number.</summary>
/// <remarks>
/// Arguments of 60 (a feature), 127 and 138 (most names that the client has room for) and 375 (a callback);
/// result of 60, 70, 111, 116, 126, 137, 149, 156 and 374; event 362 (why).
/// </remarks>
/// <param name="Number">The number.</param>
public readonly record struct NumberValue(int Number) : IXdrValue<NumberValue>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out NumberValue value)
    {
        bool ok = reader.TryReadInt32(out int number);
        value = ok ? new(number) : default;
        return ok;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer) => writer.WriteInt32(Number);
}
