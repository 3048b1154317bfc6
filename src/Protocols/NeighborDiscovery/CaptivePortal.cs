using System;
using System.Text;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>Where the captive portal's API is (RFC 8910, section 2.3).</summary>
/// <param name="Uri">Its URI in printable ASCII; <c>urn:ietf:params:capport:unrestricted</c> says that there is none.</param>
public readonly record struct CaptivePortal(string Uri)
{
    /// <summary>Reads the option; false if it is another one, or what it holds is no URI.</summary>
    public static bool TryRead(NeighborOption option, out CaptivePortal portal)
    {
        portal = new("");
        if (option.Type != NeighborOptionType.CaptivePortal)
        {
            return false;
        }

        ReadOnlySpan<byte> octets = option.Value.TrimEnd((byte)0);
        if (octets.IsEmpty || octets.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return false;
        }

        portal = new(Encoding.ASCII.GetString(octets));
        return true;
    }

    /// <summary>Writes the option, padded with zeros; the answer is its length.</summary>
    public int Write(Span<byte> destination)
    {
        int size = NeighborOption.HeaderSize + Uri.Length;
        int padded = (size + NeighborOption.Unit - 1) / NeighborOption.Unit * NeighborOption.Unit;
        destination[..padded].Clear();
        destination[0] = (byte)NeighborOptionType.CaptivePortal;
        destination[1] = (byte)(padded / NeighborOption.Unit);
        Encoding.ASCII.GetBytes(Uri, destination[NeighborOption.HeaderSize..]);
        return padded;
    }
}
