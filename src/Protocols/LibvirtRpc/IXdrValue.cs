namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Arguments, a result, an event or a part of them: what a procedure carries.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IXdrValue<TSelf>
    where TSelf : struct, IXdrValue<TSelf>
{
    /// <summary>Reads the value; what stands behind it stays in the reader. False when the octets are too few or a part is too long.</summary>
    static abstract bool TryRead(ref XdrReader reader, out TSelf value);

    /// <summary>Writes the value.</summary>
    void Write(XdrWriter writer);
}
