namespace Spindle.Protocols.LibvirtRpc;

/// <summary>One text.</summary>
/// <remarks>
/// Arguments of 113, 115, 116, 128 and 129 (a name or an address); result of 3, 7, 59, 110, 114, 130 and 113 (a
/// node device is its name).
/// </remarks>
/// <param name="Text">The text.</param>
public readonly record struct TextValue(string Text) : IXdrValue<TextValue>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out TextValue value)
    {
        bool ok = reader.TryReadString(out string text);
        value = ok ? new(text) : default;
        return ok;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer) => writer.WriteString(Text);
}
