using System;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>The options of neighbour discovery (RFC 4861, section 4.6): type, length in units of eight octets, value.</summary>
internal ref struct NeighborOptionReader(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> rest = octets;

    /// <summary>True once an option was met whose length is 0 or goes over the end.</summary>
    public bool IsBroken { get; private set; }

    public bool TryNext(out byte type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (rest.Length == 0)
        {
            return false;
        }

        int size = rest.Length < 2 ? 0 : rest[1] * 8;
        if (size == 0 || size > rest.Length)
        {
            IsBroken = true;
            rest = default;
            return false;
        }

        type = rest[0];
        value = rest[2..size];
        rest = rest[size..];
        return true;
    }

    /// <summary>Finds the option with a link-layer address; false if the options are broken.</summary>
    public static bool TryFindLinkLayer(ReadOnlySpan<byte> options, byte wanted, out MacAddress address)
    {
        address = default;
        NeighborOptionReader reader = new(options);
        while (reader.TryNext(out byte type, out ReadOnlySpan<byte> value))
        {
            if (type == wanted && value.Length >= 6)
            {
                address = MacAddress.Read(value);
            }
        }

        return !reader.IsBroken;
    }
}
