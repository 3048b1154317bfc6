namespace Spindle.Protocols.LibvirtRpc;

/// <summary>A list of texts.</summary>
/// <remarks>Result of 112, 117, 127 and 138. A client takes at most <see cref="RpcFrame.ListMaximum"/> names of interfaces.</remarks>
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
    public void Write(XdrWriter writer) => XdrList.WriteTexts(writer, Texts);
}
