using System;
using System.Runtime.InteropServices;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.BadUseProgram;

/// <summary>A loop by io_uring where a filter of system calls (seccomp) refuses it, as a container's does.</summary>
internal static class RefusedRing
{
    private const int SetNoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int SetSeccomp = 22;         // PR_SET_SECCOMP
    private const int ModeFilter = 2;          // SECCOMP_MODE_FILTER
    private const uint Setup = 425;            // io_uring_setup, on x86-64 and arm64
    private const uint Allow = 0x7FFF0000;     // SECCOMP_RET_ALLOW
    private const uint Refuse = 0x00050000;    // SECCOMP_RET_ERRNO
    private const ushort LoadWord = 0x20;      // BPF_LD | BPF_W | BPF_ABS; at 0 is the call's number
    private const ushort JumpEqual = 0x15;     // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort Return = 0x06;        // BPF_RET | BPF_K
    private const int InstructionSize = 8;     // struct sock_filter

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public nint Instructions;
    }

    public static int Run(Errno error)
    {
        if (!Install(error))
        {
            return 50;
        }

        using EventLoop loop = new(new LinuxKernel(), new EventLoopOptions { Waiting = WaitingBy.IoUring });
        if (loop.Waiting != WaitingBy.Epoll || loop.FallbackReason is not { } reason)
        {
            return 51;
        }

        Console.WriteLine(reason);
        int fd = loop.Kernel.EventFd(1).Int;
        bool isTold = false;
        loop.AddFd(fd, FdEvents.Readable, (_, _) =>
        {
            isTold = true;
            loop.Quit();
        });
        loop.Run();
        return isTold ? 0 : 52;
    }

    private static bool Install(Errno error)
    {
        BpfInstruction[] program =
        [
            new(LoadWord, 0, 0, 0),
            new(JumpEqual, 0, 1, Setup),
            new(Return, 0, 0, Refuse | (uint)error),
            new(Return, 0, 0, Allow),
        ];
        nint room = Marshal.AllocHGlobal(program.Length * InstructionSize);
        for (int index = 0; index < program.Length; index++)
        {
            nint at = room + (index * InstructionSize);
            Marshal.WriteInt16(at, (short)program[index].Code);
            Marshal.WriteByte(at + 2, program[index].JumpTrue);
            Marshal.WriteByte(at + 3, program[index].JumpFalse);
            Marshal.WriteInt32(at + 4, unchecked((int)program[index].Operand));
        }

        FilterProgram filter = new() { Length = (ushort)program.Length, Instructions = room };
        bool isInstalled = LibC.Control(SetNoNewPrivileges, 1, 0, 0, 0) == 0
            && LibC.Control(SetSeccomp, ModeFilter, ref filter, 0, 0) == 0;
        Marshal.FreeHGlobal(room);
        return isInstalled;
    }

    private static class LibC
    {
        [DllImport("libc", EntryPoint = "prctl")]
        public static extern int Control(int option, nint a, nint b, nint c, nint d);

        [DllImport("libc", EntryPoint = "prctl")]
        public static extern int Control(int option, nint a, ref FilterProgram program, nint c, nint d);
    }
}
