using System;
using System.Buffers.Binary;

namespace Spindle.Simulation.World;

/// <summary>A running hash of everything that was drawn and everything that happened: two runs of one seed end with the same value.</summary>
/// <remarks>64 bits, quick, not a secret's: it only has to tell two runs apart.</remarks>
internal sealed class TraceHash
{
    private ulong state = 0xCBF2_9CE4_8422_2325;

    public ulong Value => Mix(state);

    /// <summary>Numbers folded in so far: the first thing to compare when two runs differ.</summary>
    public long Count { get; private set; }

    public void Fold(ulong value)
    {
        state = (state ^ Mix(value + (ulong)Count)) * 0x0000_0100_0000_01B3;
        Count++;
    }

    public void Fold(ReadOnlySpan<byte> octets)
    {
        Fold((ulong)octets.Length);
        while (octets.Length >= 8)
        {
            Fold(BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[8..];
        }

        ulong last = 0;
        for (int i = 0; i < octets.Length; i++)
        {
            last |= (ulong)octets[i] << (8 * i);
        }

        Fold(last);
    }

    public void Fold(ReadOnlySpan<char> text) => Fold(Of(text));

    /// <summary>The hash of a text on its own, the same in every process.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (char letter in text)
        {
            hash = (hash ^ letter) * 0x0000_0100_0000_01B3;
        }

        return Mix(hash ^ (ulong)text.Length);
    }

    /// <summary>Spreads every bit of a number over all 64 (the finish of SplitMix64).</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
