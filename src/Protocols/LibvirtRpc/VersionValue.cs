namespace Spindle.Protocols.LibvirtRpc;

/// <summary>One version: major * 1,000,000 + minor * 1,000 + micro.</summary>
/// <remarks>Result of 4 and 157, and of the administration's 3.</remarks>
/// <param name="Version">The version.</param>
public readonly record struct VersionValue(ulong Version) : IXdrValue<VersionValue>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out VersionValue value)
    {
        bool ok = reader.TryReadUInt64(out ulong version);
        value = ok ? new(version) : default;
        return ok;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer) => writer.WriteUInt64(Version);
}
