namespace Spindle.Simulation.Network.Packets;

/// <summary>Instruction codes of classic BPF (<c>Documentation/networking/filter.rst</c>): all that Linux takes from a program.</summary>
internal static class BpfCode
{
    public const ushort LoadWordImmediate = 0x00;
    public const ushort LoadWordAbsolute = 0x20;
    public const ushort LoadHalfAbsolute = 0x28;
    public const ushort LoadOctetAbsolute = 0x30;
    public const ushort LoadWordIndexed = 0x40;
    public const ushort LoadHalfIndexed = 0x48;
    public const ushort LoadOctetIndexed = 0x50;
    public const ushort LoadMemory = 0x60;
    public const ushort LoadLength = 0x80;

    public const ushort LoadIndexImmediate = 0x01;
    public const ushort LoadIndexMemory = 0x61;
    public const ushort LoadIndexLength = 0x81;
    public const ushort LoadIndexHeaderLength = 0xB1; // 4 * (octet & 15)

    public const ushort Store = 0x02;
    public const ushort StoreIndex = 0x03;

    // Arithmetic and jumps take the constant; with this bit the index register.
    public const ushort WithIndex = 0x08;
    public const ushort Add = 0x04;
    public const ushort Subtract = 0x14;
    public const ushort Multiply = 0x24;
    public const ushort Divide = 0x34;
    public const ushort Or = 0x44;
    public const ushort And = 0x54;
    public const ushort ShiftLeft = 0x64;
    public const ushort ShiftRight = 0x74;
    public const ushort Negate = 0x84;
    public const ushort Modulo = 0x94;
    public const ushort ExclusiveOr = 0xA4;

    public const ushort Jump = 0x05;
    public const ushort JumpIfEqual = 0x15;
    public const ushort JumpIfAbove = 0x25;
    public const ushort JumpIfNotBelow = 0x35;
    public const ushort JumpIfAnySet = 0x45;

    public const ushort ReturnConstant = 0x06;
    public const ushort ReturnAccumulator = 0x16;

    public const ushort IndexFromAccumulator = 0x07;
    public const ushort AccumulatorFromIndex = 0x87;
}
