using System;
using Spindle.Kernels.Linux;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Raw;

/// <summary>Memory whose second half is not there until it is said to be: a copy of the kernel's that reaches it stands still,
/// in the middle of its call (<c>man 2 userfaultfd</c>).</summary>
/// <remarks>The kernel grants it to CAP_SYS_PTRACE, or to all where <c>vm.unprivileged_userfaultfd</c> is 1.</remarks>
public sealed unsafe class HeldMemory : IDisposable
{
    private const int Size = 65536;
    private const int ReadWrite = 3;               // PROT_READ | PROT_WRITE
    private const int PrivateAnonymous = 0x22;     // MAP_PRIVATE | MAP_ANONYMOUS
    private const int DontNeed = 4;                // MADV_DONTNEED
    private const int Version = 0xAA;              // UFFD_API
    private const int Handshake = unchecked((int)0xC018AA3F); // UFFDIO_API
    private const int Register = unchecked((int)0xC020AA00);  // UFFDIO_REGISTER
    private const int ZeroPage = unchecked((int)0xC020AA04);  // UFFDIO_ZEROPAGE
    private const ulong Missing = 1;               // UFFDIO_REGISTER_MODE_MISSING
    private const int LookMilliseconds = 1;

    private readonly nint start;
    private int fault = -1;

    /// <summary>Maps it.</summary>
    /// <exception cref="OutOfMemoryException">There is none.</exception>
    public HeldMemory()
    {
        Result mapped = Invoke(SystemCallNumber.Mmap, 0, Size * 2, ReadWrite, PrivateAnonymous, -1, 0);
        start = mapped.IsOk ? (nint)mapped.Value : throw new OutOfMemoryException();
    }

    private static nint UserFaultFd => SystemCallNumber.IsArm64 ? 282 : 323;

    private nint Second => start + Size;

    /// <summary>Takes the second half away. One descriptor is in use until <see cref="Release"/>.</summary>
    public Result Hold()
    {
        Result opened = Invoke(UserFaultFd, Descriptors.CloseOnExec | Descriptors.NonBlocking);
        if (!opened.IsOk)
        {
            return opened;
        }

        fault = opened.Int;
        ulong* words = stackalloc ulong[4];
        words[0] = Version;
        words[1] = words[2] = 0;
        Result result = Invoke(SystemCallNumber.Ioctl, fault, Handshake, (nint)words);
        result = result.IsOk ? Invoke(SystemCallNumber.Madvise, Second, Size, DontNeed) : result;
        words[0] = (ulong)Second;
        words[1] = Size;
        words[2] = Missing;
        result = result.IsOk ? Invoke(SystemCallNumber.Ioctl, fault, Register, (nint)words) : result;
        if (!result.IsOk)
        {
            Release();
        }

        return result;
    }

    /// <summary>Waits until a copy stands still, or the one who copies is done without that.</summary>
    /// <returns>True if a copy stands still.</returns>
    public bool WaitForCopy(Func<bool> isDone)
    {
        ArgumentNullException.ThrowIfNull(isDone);
        Span<RawPollEntry> entry = [new RawPollEntry { Fd = fault, Events = 1 }];
        while (!isDone())
        {
            if (RawPolling.Poll(entry, LookMilliseconds).Int > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The second half is there: a copy that stands still goes on.</summary>
    public void Release()
    {
        ulong* words = stackalloc ulong[4];
        words[0] = (ulong)Second;
        words[1] = Size;
        words[2] = words[3] = 0;
        Invoke(SystemCallNumber.Ioctl, fault, ZeroPage, (nint)words);

        // What is closed holds nobody any more, whatever became of the call before.
        Descriptors.Close(fault);
        fault = -1;
    }

    /// <inheritdoc/>
    public void Dispose() => Invoke(SystemCallNumber.Munmap, start, Size * 2);

    /// <summary>An address behind which so many octets are there and no more.</summary>
    internal nint EndOfPresent(int octets)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets, Size);
        return Second - octets;
    }
}
