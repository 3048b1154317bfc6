namespace Spindle.Protocols.LibvirtRpc;

/// <summary>What reader and writer share of RFC 4506.</summary>
internal static class Xdr
{
    /// <summary>Octets that <paramref name="length"/> octets take with their padding: a multiple of four.</summary>
    public static uint Padded(uint length) => (length + 3) & ~3u;
}
