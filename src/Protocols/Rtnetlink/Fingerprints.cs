using System;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>A small hash (FNV-1a) over octets that are compared, not understood.</summary>
internal static class Fingerprints
{
    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>Adds octets; a hash of something is never 0.</summary>
    public static uint Add(uint hash, ReadOnlySpan<byte> octets)
    {
        hash = hash == 0 ? Basis : hash;
        foreach (byte octet in octets)
        {
            hash = (hash ^ octet) * Prime;
        }

        return hash == 0 ? 1 : hash;
    }
}
