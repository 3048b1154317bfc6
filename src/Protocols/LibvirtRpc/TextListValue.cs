namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Names of node devices or of their capabilities.</summary>
/// <remarks>Result of 112 and 117.</remarks>
/// <param name="Texts">The texts.</param>
public readonly record struct TextListValue(string[] Texts) : IXdrValue<TextListValue>
{
    /// <summary>Most texts: what a list of node devices may have.</summary>
    public const int Maximum = 65_536;

    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out TextListValue value)
    {
        bool ok = XdrList.TryReadTexts(ref reader, Maximum, out string[] texts);
        value = ok ? new(texts) : default;
        return ok;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer) => XdrList.WriteTexts(writer, Texts, Maximum);
}
