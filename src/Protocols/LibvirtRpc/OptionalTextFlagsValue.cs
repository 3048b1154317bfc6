namespace Spindle.Protocols.LibvirtRpc;

/// <summary>A text or none, and flags.</summary>
/// <remarks>Arguments of 1 (a URI) and 111 (a capability), and of the administration's 16 and 17.</remarks>
/// <param name="Text">The text.</param>
/// <param name="Flags">Bits.</param>
public readonly record struct OptionalTextFlagsValue(string? Text, uint Flags) : IXdrValue<OptionalTextFlagsValue>, IXdrFlags
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out OptionalTextFlagsValue value)
    {
        if (!reader.TryReadOptionalString(out string? text) || !reader.TryReadUInt32(out uint flags))
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
        writer.WriteOptionalString(Text);
        writer.WriteUInt32(Flags);
    }
}
