using System;
using System.Buffers.Binary;
using Spindle.Kernels;

namespace Spindle.Simulation.Network;

/// <summary>A classic BPF program on a socket (SO_ATTACH_FILTER, <c>linux/filter.h</c>; S. McCanne and V. Jacobson, 1993): which
/// messages come in. Loads beyond the message's end and division by zero reject it.</summary>
internal sealed class SocketFilter
{
    private const int InstructionsMax = 4096;
    private const int MemoryWords = 16;

    /// <summary>SKF_AD_OFF + SKF_AD_NLATTR.</summary>
    private const uint AttributeExtension = 0xFFFF_F000 + 12;

    private BpfInstruction[] program = [];

    /// <summary>Takes a program, if it ends and jumps only forward, within itself.</summary>
    public Result Attach(ReadOnlySpan<BpfInstruction> instructions)
    {
        if (instructions.Length is 0 or > InstructionsMax || (instructions[^1].Code & 0x07) != 0x06)
        {
            return Result.Fail(Errno.EINVAL);
        }

        for (int at = 0; at < instructions.Length; at++)
        {
            if (!IsSound(instructions[at], instructions.Length - at - 1))
            {
                return Result.Fail(Errno.EINVAL);
            }
        }

        program = instructions.ToArray();
        return Result.Ok();
    }

    public bool LetsIn(ReadOnlySpan<byte> message) => LengthOf(message) > 0;

    /// <summary>How much of a message comes in; 0 for nothing.</summary>
    public int LengthOf(ReadOnlySpan<byte> message)
    {
        Span<uint> memory = stackalloc uint[MemoryWords];
        memory.Clear();
        uint accumulator = 0;
        uint index = 0;
        for (int at = 0; at < program.Length; at++)
        {
            BpfInstruction one = program[at];
            switch (one.Code & 0x07)
            {
                case 0x00:
                    if (!TryLoad(one, message, index, memory, ref accumulator))
                    {
                        return 0;
                    }

                    break;
                case 0x01:
                    if (!TryLoadIndex(one, message, memory, out index))
                    {
                        return 0;
                    }

                    break;
                case 0x02: memory[(int)one.Operand] = accumulator; break;
                case 0x03: memory[(int)one.Operand] = index; break;
                case 0x04:
                    if (!TryCompute(one, index, ref accumulator))
                    {
                        return 0;
                    }

                    break;
                case 0x05: at += Jump(one, accumulator, index); break;
                case 0x06:
                    return (int)Math.Min((one.Code & 0x18) == 0x10 ? accumulator : one.Operand, (uint)message.Length);
                default:
                    if ((one.Code & 0xF8) == 0)
                    {
                        index = accumulator;
                    }
                    else
                    {
                        accumulator = index;
                    }

                    break;
            }
        }

        return message.Length;
    }

    private static bool IsSound(BpfInstruction one, int rest) => (one.Code & 0x07) switch
    {
        0x05 => (one.Code & 0xF0) == 0 ? one.Operand < (uint)rest : one.JumpTrue < rest && one.JumpFalse < rest,
        0x02 or 0x03 => one.Operand < MemoryWords,
        0x00 or 0x01 when (one.Code & 0xE0) == 0x60 => one.Operand < MemoryWords,
        0x04 when (one.Code & 0x08) == 0 && ((one.Code & 0xF0) is 0x30 or 0x90) => one.Operand != 0,
        _ => true,
    };

    private static bool TryLoad(BpfInstruction one, ReadOnlySpan<byte> message, uint index, Span<uint> memory, ref uint value)
    {
        switch (one.Code & 0xE0)
        {
            case 0x00: value = one.Operand; return true;
            case 0x60: value = memory[(int)one.Operand]; return true;
            case 0x80: value = (uint)message.Length; return true;
            case 0x20 when one.Operand == AttributeExtension: value = FindAttribute(message, value, index); return true;
            case 0x20: return TryRead(message, one.Operand, one.Code & 0x18, out value);
            case 0x40: return TryRead(message, (long)one.Operand + index, one.Code & 0x18, out value);
            default: return false;
        }
    }

    // From the octet that the accumulator says, the attribute of the type that the index says; 0: there is none.
    private static uint FindAttribute(ReadOnlySpan<byte> message, uint from, uint type)
    {
        const int HeaderSize = 4;
        const int TypeMask = 0x3FFF;
        for (long at = from; at <= message.Length - HeaderSize;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(message[(int)at..]);
            if (length < HeaderSize || length > message.Length - at)
            {
                break;
            }

            if ((BinaryPrimitives.ReadUInt16LittleEndian(message[((int)at + 2)..]) & TypeMask) == type)
            {
                return (uint)at;
            }

            at += (length + 3) & ~3;
        }

        return 0;
    }

    private static bool TryLoadIndex(BpfInstruction one, ReadOnlySpan<byte> message, Span<uint> memory, out uint value)
    {
        value = 0;
        switch (one.Code & 0xE0)
        {
            case 0x00: value = one.Operand; return true;
            case 0x60: value = memory[(int)one.Operand]; return true;
            case 0x80: value = (uint)message.Length; return true;
            case 0xA0:
                bool isThere = one.Operand < (uint)message.Length;
                value = isThere ? (uint)(message[(int)one.Operand] & 0xF) << 2 : 0;
                return isThere;
            default: return false;
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> message, long offset, int size, out uint value)
    {
        int octets = size == 0x00 ? 4 : size == 0x08 ? 2 : 1;
        value = 0;
        if (offset < 0 || offset + octets > message.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> at = message[(int)offset..];
        value = octets == 4 ? BinaryPrimitives.ReadUInt32BigEndian(at) : octets == 2 ? BinaryPrimitives.ReadUInt16BigEndian(at) : at[0];
        return true;
    }

    private static bool TryCompute(BpfInstruction one, uint index, ref uint accumulator)
    {
        uint operand = (one.Code & 0x08) != 0 ? index : one.Operand;
        int operation = one.Code & 0xF0;
        if (operand == 0 && (operation is 0x30 or 0x90))
        {
            return false;
        }

        accumulator = operation switch
        {
            0x00 => accumulator + operand,
            0x10 => accumulator - operand,
            0x20 => accumulator * operand,
            0x30 => accumulator / operand,
            0x40 => accumulator | operand,
            0x50 => accumulator & operand,
            0x60 => operand < 32 ? accumulator << (int)operand : 0,
            0x70 => operand < 32 ? accumulator >> (int)operand : 0,
            0x80 => 0u - accumulator,
            0x90 => accumulator % operand,
            _ => accumulator ^ operand,
        };
        return true;
    }

    private static int Jump(BpfInstruction one, uint accumulator, uint index)
    {
        uint operand = (one.Code & 0x08) != 0 ? index : one.Operand;
        if ((one.Code & 0xF0) == 0)
        {
            return (int)one.Operand;
        }

        bool isTrue = (one.Code & 0xF0) switch
        {
            0x10 => accumulator == operand,
            0x20 => accumulator > operand,
            0x30 => accumulator >= operand,
            _ => (accumulator & operand) != 0,
        };
        return isTrue ? one.JumpTrue : one.JumpFalse;
    }
}
