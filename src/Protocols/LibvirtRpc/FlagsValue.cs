namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Flags alone.</summary>
/// <remarks>Arguments of 220, 221 and 222, and of the administration's 1, 14 and 15.</remarks>
/// <param name="Flags">Bits; most procedures know none and refuse those that are set.</param>
public readonly record struct FlagsValue(uint Flags) : IXdrValue<FlagsValue>, IXdrFlags
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out FlagsValue value)
    {
        bool ok = reader.TryReadUInt32(out uint flags);
        value = ok ? new(flags) : default;
        return ok;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer) => writer.WriteUInt32(Flags);
}
