using System.Runtime.CompilerServices;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>A page that the kernel empties in a forked child (<c>MADV_WIPEONFORK</c>, Linux 4.14): one read tells whether
/// we are that child.</summary>
internal static unsafe class ForkMark
{
    private const nint PageSize = 4096;
    private const nint ReadWrite = 3;
    private const nint PrivateAnonymous = 0x22;
    private const nint WipeOnFork = 18;

    // Written once, by the type's initializer. Null where the kernel has no such page; then the process id must do.
    private static readonly byte* Page = Create();
    private static readonly int ProcessId = Invoke(SystemCallNumber.Getpid).Int;

    public static bool IsForkedChild
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Page is not null ? *Page == 0 : HasAnotherId();
    }

    // Apart, so that a turn does not pay for the frame of a system call.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasAnotherId() => Invoke(SystemCallNumber.Getpid).Int != ProcessId;

    private static byte* Create()
    {
        Result mapped = Invoke(SystemCallNumber.Mmap, 0, PageSize, ReadWrite, PrivateAnonymous, -1);
        if (!mapped.IsOk || !Invoke(SystemCallNumber.Madvise, (nint)mapped.Value, PageSize, WipeOnFork).IsOk)
        {
            return null;
        }

        byte* page = (byte*)mapped.Value;
        *page = 1;
        return page;
    }
}
