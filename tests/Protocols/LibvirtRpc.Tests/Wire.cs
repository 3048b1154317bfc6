using System;
using System.Collections.Generic;
using System.Text;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>
/// Octets put together by hand: a second author of the format, which shares no line with the reader and the writer under test.
/// </summary>
internal sealed class Wire
{
    private readonly List<byte> octets = [];

    public int Length => octets.Count;

    public static Wire Hex(string text) => new Wire().Raw(Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal)));

    public Wire Raw(params byte[] values)
    {
        octets.AddRange(values);
        return this;
    }

    public Wire U32(uint value) => Raw((byte)(value / 0x1000000), (byte)(value / 0x10000), (byte)(value / 0x100), (byte)value);

    public Wire I32(int value) => U32(unchecked((uint)value));

    public Wire U64(ulong value) => U32((uint)(value / 0x1_0000_0000)).U32(unchecked((uint)value));

    public Wire Text(string value) => Text(Encoding.UTF8.GetBytes(value));

    public Wire Text(byte[] value, byte padding = 0)
    {
        U32((uint)value.Length).Raw(value);
        for (int i = value.Length; i % 4 != 0; i++)
        {
            Raw(padding);
        }

        return this;
    }

    public Wire Some(string value) => U32(1).Text(value);

    public Wire None() => U32(0);

    public Wire Characters(string value, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Raw(0, 0, 0, i < value.Length ? (byte)value[i] : (byte)0);
        }

        return this;
    }

    /// <summary>The whole message: what is here becomes the payload.</summary>
    public byte[] Message(uint program, int procedure, int type, uint serial, int status)
    {
        return new Wire().U32((uint)(28 + Length)).U32(program).U32(1).I32(procedure).I32(type).U32(serial).I32(status)
            .Raw(Octets()).Octets();
    }

    public byte[] Octets() => [.. octets];
}
