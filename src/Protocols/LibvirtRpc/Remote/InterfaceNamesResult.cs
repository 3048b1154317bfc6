namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>Result of 127 and 138.</summary>
/// <param name="Names">Names of interfaces, at most <see cref="RpcFrame.ListMaximum"/>.</param>
public readonly record struct InterfaceNamesResult(string[] Names) : IXdrValue<InterfaceNamesResult>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out InterfaceNamesResult value)
    {
        bool ok = XdrList.TryReadTexts(ref reader, RpcFrame.ListMaximum, out string[] names);
        value = ok ? new(names) : default;
        return ok;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer) => XdrList.WriteTexts(writer, Names, RpcFrame.ListMaximum);
}
