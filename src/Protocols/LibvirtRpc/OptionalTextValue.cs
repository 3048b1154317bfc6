namespace Spindle.Protocols.LibvirtRpc;

/// <summary>One text or none.</summary>
/// <remarks>Arguments of 5, result of 115.</remarks>
/// <param name="Text">The text.</param>
public readonly record struct OptionalTextValue(string? Text) : IXdrValue<OptionalTextValue>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out OptionalTextValue value)
    {
        bool ok = reader.TryReadOptionalString(out string? text);
        value = ok ? new(text) : default;
        return ok;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer) => writer.WriteOptionalString(Text);
}
