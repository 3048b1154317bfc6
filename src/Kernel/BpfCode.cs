namespace Spindle.Kernels;

/// <summary>Instruction codes of classic BPF (<c>Documentation/networking/filter.rst</c>): all that Linux takes from a program.</summary>
/// <remarks>A is the accumulator, X the index register, M the sixteen words of memory, k the constant. What is loaded is unsigned
/// and in network order.</remarks>
public static class BpfCode
{
    /// <summary>A = k.</summary>
    public const ushort LoadWordImmediate = 0x00;

    /// <summary>A = the 32 bits at k.</summary>
    public const ushort LoadWordAbsolute = 0x20;

    /// <summary>A = the 16 bits at k.</summary>
    public const ushort LoadHalfAbsolute = 0x28;

    /// <summary>A = the octet at k.</summary>
    public const ushort LoadOctetAbsolute = 0x30;

    /// <summary>A = the 32 bits at X + k.</summary>
    public const ushort LoadWordIndexed = 0x40;

    /// <summary>A = the 16 bits at X + k.</summary>
    public const ushort LoadHalfIndexed = 0x48;

    /// <summary>A = the octet at X + k.</summary>
    public const ushort LoadOctetIndexed = 0x50;

    /// <summary>A = M[k].</summary>
    public const ushort LoadMemory = 0x60;

    /// <summary>A = the length of the packet.</summary>
    public const ushort LoadLength = 0x80;

    /// <summary>X = k.</summary>
    public const ushort LoadIndexImmediate = 0x01;

    /// <summary>X = M[k].</summary>
    public const ushort LoadIndexMemory = 0x61;

    /// <summary>X = the length of the packet.</summary>
    public const ushort LoadIndexLength = 0x81;

    /// <summary>X = 4 * (the octet at k &amp; 15): the length of an IPv4 header.</summary>
    public const ushort LoadIndexHeaderLength = 0xB1;

    /// <summary>M[k] = A.</summary>
    public const ushort Store = 0x02;

    /// <summary>M[k] = X.</summary>
    public const ushort StoreIndex = 0x03;

    /// <summary>A bit: arithmetic or a comparison with X instead of k.</summary>
    public const ushort WithIndex = 0x08;

    /// <summary>A += k.</summary>
    public const ushort Add = 0x04;

    /// <summary>A -= k.</summary>
    public const ushort Subtract = 0x14;

    /// <summary>A *= k.</summary>
    public const ushort Multiply = 0x24;

    /// <summary>A /= k; by 0 the program ends and nothing is let through.</summary>
    public const ushort Divide = 0x34;

    /// <summary>A |= k.</summary>
    public const ushort Or = 0x44;

    /// <summary>A &amp;= k.</summary>
    public const ushort And = 0x54;

    /// <summary>A &lt;&lt;= k.</summary>
    public const ushort ShiftLeft = 0x64;

    /// <summary>A &gt;&gt;= k.</summary>
    public const ushort ShiftRight = 0x74;

    /// <summary>A = -A.</summary>
    public const ushort Negate = 0x84;

    /// <summary>A %= k.</summary>
    public const ushort Modulo = 0x94;

    /// <summary>A ^= k.</summary>
    public const ushort ExclusiveOr = 0xA4;

    /// <summary>Skips k instructions.</summary>
    public const ushort Jump = 0x05;

    /// <summary>A == k.</summary>
    public const ushort JumpIfEqual = 0x15;

    /// <summary>A &gt; k.</summary>
    public const ushort JumpIfAbove = 0x25;

    /// <summary>A &gt;= k.</summary>
    public const ushort JumpIfNotBelow = 0x35;

    /// <summary>A &amp; k is not 0.</summary>
    public const ushort JumpIfAnySet = 0x45;

    /// <summary>Lets k octets through.</summary>
    public const ushort ReturnConstant = 0x06;

    /// <summary>Lets A octets through.</summary>
    public const ushort ReturnAccumulator = 0x16;

    /// <summary>X = A.</summary>
    public const ushort IndexFromAccumulator = 0x07;

    /// <summary>A = X.</summary>
    public const ushort AccumulatorFromIndex = 0x87;
}
