using System;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Packets;

/// <summary>A classic BPF program that was checked and can run: it ends, and touches nothing but the packet.</summary>
internal sealed class BpfProgram
{
    private const int LengthMax = 4096;
    private const int MemorySize = 16;
    private const int WordBits = 32;

    private readonly BpfInstruction[] instructions;

    private BpfProgram(BpfInstruction[] instructions) => this.instructions = instructions;

    /// <summary>Checks a program as Linux does before it is attached: EINVAL for one that is not sound.</summary>
    public static Result Create(ReadOnlySpan<BpfInstruction> instructions, out BpfProgram? program)
    {
        program = null;
        if (instructions.Length is 0 or > LengthMax)
        {
            return Result.Fail(Errno.EINVAL);
        }

        for (int index = 0; index < instructions.Length; index++)
        {
            if (!IsSound(instructions[index], instructions.Length - index - 1))
            {
                return Result.Fail(Errno.EINVAL);
            }
        }

        if (instructions[^1].Code is not (BpfCode.ReturnConstant or BpfCode.ReturnAccumulator)
            || !AreLoadsPreceded(instructions))
        {
            return Result.Fail(Errno.EINVAL);
        }

        program = new BpfProgram(instructions.ToArray());
        return Result.Ok();
    }

    /// <summary>How many octets of the packet it lets through; 0 for none of it.</summary>
    public uint Run(in BpfPacket packet)
    {
        Span<uint> memory = stackalloc uint[MemorySize];
        memory.Clear();
        uint accumulator = 0;
        uint register = 0;
        for (int at = 0; ; at++)
        {
            BpfInstruction instruction = instructions[at];
            uint operand = instruction.Operand;
            switch (instruction.Code)
            {
                case BpfCode.ReturnConstant:
                    return operand;
                case BpfCode.ReturnAccumulator:
                    return accumulator;
                case BpfCode.Jump:
                    at += (int)operand;
                    break;
                case BpfCode.LoadWordImmediate:
                    accumulator = operand;
                    break;
                case BpfCode.LoadMemory:
                    accumulator = memory[(int)operand];
                    break;
                case BpfCode.LoadLength:
                    accumulator = (uint)packet.Octets.Length;
                    break;
                case BpfCode.LoadIndexImmediate:
                    register = operand;
                    break;
                case BpfCode.LoadIndexMemory:
                    register = memory[(int)operand];
                    break;
                case BpfCode.LoadIndexLength:
                    register = (uint)packet.Octets.Length;
                    break;
                case BpfCode.Store:
                    memory[(int)operand] = accumulator;
                    break;
                case BpfCode.StoreIndex:
                    memory[(int)operand] = register;
                    break;
                case BpfCode.IndexFromAccumulator:
                    register = accumulator;
                    break;
                case BpfCode.AccumulatorFromIndex:
                    accumulator = register;
                    break;
                case BpfCode.LoadIndexHeaderLength:
                    if (!packet.TryLoad(operand, 1, out uint octet))
                    {
                        return 0;
                    }

                    register = 4 * (octet & 15);
                    break;
                case BpfCode.LoadWordAbsolute or BpfCode.LoadHalfAbsolute or BpfCode.LoadOctetAbsolute when BpfPacket.IsAttribute(operand):
                    accumulator = packet.FindAttribute(accumulator, register);
                    break;
                case ushort code when IsLoad(code, out int size, out bool isIndexed):
                    bool isThere = isIndexed
                        ? packet.TryLoadIndexed(register, operand, size, out accumulator)
                        : packet.TryLoad(operand, size, out accumulator);
                    if (!isThere)
                    {
                        return 0;
                    }

                    break;
                case ushort code when (code & 7) == 5:
                    uint other = (code & BpfCode.WithIndex) != 0 ? register : operand;
                    at += IsTrue(code, accumulator, other) ? instruction.JumpTrue : instruction.JumpFalse;
                    break;
                case ushort code:
                    if (!TryCalculate(code, ref accumulator, (code & BpfCode.WithIndex) != 0 ? register : operand))
                    {
                        return 0;
                    }

                    break;
            }
        }
    }

    private static bool IsLoad(ushort code, out int size, out bool isIndexed)
    {
        isIndexed = code is BpfCode.LoadWordIndexed or BpfCode.LoadHalfIndexed or BpfCode.LoadOctetIndexed;
        size = code switch
        {
            BpfCode.LoadWordAbsolute or BpfCode.LoadWordIndexed => 4,
            BpfCode.LoadHalfAbsolute or BpfCode.LoadHalfIndexed => 2,
            BpfCode.LoadOctetAbsolute or BpfCode.LoadOctetIndexed => 1,
            _ => 0,
        };
        return size != 0;
    }

    private static bool IsTrue(ushort code, uint left, uint right) => (code & ~BpfCode.WithIndex) switch
    {
        BpfCode.JumpIfEqual => left == right,
        BpfCode.JumpIfAbove => left > right,
        BpfCode.JumpIfNotBelow => left >= right,
        _ => (left & right) != 0,
    };

    // False: division by zero, which ends the program; nothing of the packet is let through.
    private static bool TryCalculate(ushort code, ref uint value, uint operand)
    {
        int operation = code & ~BpfCode.WithIndex;
        if (operation is BpfCode.Divide or BpfCode.Modulo && operand == 0)
        {
            return false;
        }

        value = operation switch
        {
            BpfCode.Add => value + operand,
            BpfCode.Subtract => value - operand,
            BpfCode.Multiply => value * operand,
            BpfCode.Divide => value / operand,
            BpfCode.Modulo => value % operand,
            BpfCode.Or => value | operand,
            BpfCode.And => value & operand,
            BpfCode.ExclusiveOr => value ^ operand,
            BpfCode.ShiftLeft => value << (int)(operand & (WordBits - 1)),
            BpfCode.ShiftRight => value >> (int)(operand & (WordBits - 1)),
            _ => 0 - value,
        };
        return true;
    }

    private static bool IsSound(in BpfInstruction instruction, int following) => instruction.Code switch
    {
        BpfCode.Divide or BpfCode.Modulo => instruction.Operand != 0,
        BpfCode.ShiftLeft or BpfCode.ShiftRight => instruction.Operand < WordBits,
        BpfCode.LoadMemory or BpfCode.LoadIndexMemory or BpfCode.Store or BpfCode.StoreIndex =>
            instruction.Operand < MemorySize,
        BpfCode.Jump => instruction.Operand < (uint)following,
        BpfCode.LoadWordAbsolute or BpfCode.LoadHalfAbsolute or BpfCode.LoadOctetAbsolute =>
            BpfPacket.IsKnown(instruction.Operand),
        _ when (instruction.Code & 7) == 5 => IsJump(instruction.Code)
            && instruction.JumpTrue < following && instruction.JumpFalse < following,
        _ => IsPlain(instruction.Code),
    };

    private static bool IsJump(ushort code) => (code & ~BpfCode.WithIndex)
        is BpfCode.JumpIfEqual or BpfCode.JumpIfAbove or BpfCode.JumpIfNotBelow or BpfCode.JumpIfAnySet;

    private static bool IsPlain(ushort code) => code is BpfCode.LoadWordImmediate or BpfCode.LoadWordIndexed
        or BpfCode.LoadHalfIndexed or BpfCode.LoadOctetIndexed or BpfCode.LoadLength
        or BpfCode.LoadIndexImmediate or BpfCode.LoadIndexLength or BpfCode.LoadIndexHeaderLength
        or BpfCode.ReturnConstant or BpfCode.ReturnAccumulator
        or BpfCode.IndexFromAccumulator or BpfCode.AccumulatorFromIndex or BpfCode.Negate
        || ((code & 7) == 4 && code <= (BpfCode.ExclusiveOr | BpfCode.WithIndex)
            && (code & ~BpfCode.WithIndex) != BpfCode.Negate && (code & ~0xFF) == 0);

    // A word of memory may be loaded only where every way to the instruction has stored it.
    private static bool AreLoadsPreceded(ReadOnlySpan<BpfInstruction> instructions)
    {
        ushort[] stored = new ushort[instructions.Length];
        Array.Fill(stored, ushort.MaxValue);
        ushort valid = 0;
        for (int at = 0; at < instructions.Length; at++)
        {
            BpfInstruction instruction = instructions[at];
            valid &= stored[at];
            switch (instruction.Code)
            {
                case BpfCode.Store or BpfCode.StoreIndex:
                    valid |= (ushort)(1 << (int)instruction.Operand);
                    break;
                case BpfCode.LoadMemory or BpfCode.LoadIndexMemory:
                    if ((valid >> (int)instruction.Operand & 1) == 0)
                    {
                        return false;
                    }

                    break;
                case BpfCode.Jump:
                    stored[at + 1 + (int)instruction.Operand] &= valid;
                    valid = ushort.MaxValue;
                    break;
                case ushort code when (code & 7) == 5:
                    stored[at + 1 + instruction.JumpTrue] &= valid;
                    stored[at + 1 + instruction.JumpFalse] &= valid;
                    valid = ushort.MaxValue;
                    break;
            }
        }

        return true;
    }
}
