namespace Spindle.Protocols.LibvirtRpc;

/// <summary>A text and flags.</summary>
/// <remarks>Arguments of 114 and 131, and of the administration's 5, 6, 12 and 18.</remarks>
/// <param name="Text">The text: XML, or the name of a device or server.</param>
/// <param name="Flags">Bits.</param>
public readonly record struct TextFlagsValue(string Text, uint Flags) : IXdrValue<TextFlagsValue>, IXdrFlags
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out TextFlagsValue value)
    {
        if (!reader.TryReadString(out string text) || !reader.TryReadUInt32(out uint flags))
        {
            value = default;
            return false;
        }

        value = new(text, flags);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteString(Text);
        writer.WriteUInt32(Flags);
    }
}
