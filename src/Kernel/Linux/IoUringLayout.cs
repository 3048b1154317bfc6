using System.Runtime.InteropServices;

namespace Spindle.Kernels.Linux;

/// <summary><c>struct io_sqring_offsets</c>: where in the mapping the parts of the request ring are.</summary>
internal struct IoRequestOffsets
{
    public uint Head;
    public uint Tail;
    public uint RingMask;
    public uint RingEntries;
    public uint Flags;
    public uint Dropped;
    public uint Array;
    public uint Reserved;
    public ulong UserAddress;
}

/// <summary><c>struct io_cqring_offsets</c>: the same of the completion ring.</summary>
internal struct IoCompletionOffsets
{
    public uint Head;
    public uint Tail;
    public uint RingMask;
    public uint RingEntries;
    public uint Overflow;
    public uint Completions;
    public uint Flags;
    public uint Reserved;
    public ulong UserAddress;
}

/// <summary><c>struct io_uring_params</c>.</summary>
internal struct IoUringParameters
{
    public uint RequestEntries;
    public uint CompletionEntries;
    public uint Flags;
    public uint PollingThreadCpu;
    public uint PollingThreadIdle;
    public uint Features;
    public uint WorkQueueFd;
    public uint Reserved0;
    public uint Reserved1;
    public uint Reserved2;
    public IoRequestOffsets Requests;
    public IoCompletionOffsets Completions;
}

/// <summary><c>struct io_uring_sqe</c>, with the names that a poll gives its fields.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct IoRequest
{
    [FieldOffset(0)]
    public byte Operation;

    [FieldOffset(1)]
    public byte Flags;

    [FieldOffset(4)]
    public int Fd;

    [FieldOffset(16)]
    public ulong Address;

    [FieldOffset(24)]
    public uint Length;

    [FieldOffset(28)]
    public uint PollEvents;

    [FieldOffset(32)]
    public ulong Data;
}

/// <summary><c>struct io_uring_rsrc_update</c>, as registering a ring's descriptor has it.</summary>
internal struct IoDescriptorUpdate
{
    public uint Offset;
    public uint Reserved;
    public ulong Data;
}

/// <summary><c>struct io_uring_getevents_arg</c>.</summary>
internal struct IoWaitArgument
{
    public ulong SignalMask;
    public uint SignalMaskSize;
    public uint MinimumWait;
    public ulong Timeout;
}
