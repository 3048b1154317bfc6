using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Spindle.Kernels.Linux;

/// <summary>The one door into the kernel: numbers in, a <see cref="Result"/> out, EINTR retried here and nowhere else.</summary>
/// <remarks>
/// errno is read by <see cref="Marshal.GetLastSystemError"/> right behind the call, and only where the call failed:
/// it is what the LibraryImport generator emits, both runtimes keep errno across their GC transition, and a call that
/// succeeds pays nothing (SetLastError costs 8 to 15 ns each time).
/// </remarks>
internal static unsafe class SystemCall
{
    /// <summary>Makes a call and makes it again as long as a signal interrupts it.</summary>
    public static Result Invoke(nint number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        nint value = LibC.Syscall(number, a, b, c, d, e, f);
        return value != -1 ? Result.Ok(value) : Fail(number, a, b, c, d, e, f);
    }

    /// <summary>As <see cref="Invoke"/>, for what every event does: reading and writing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Result InvokeShort(nint number, nint a, nint b, nint c)
    {
        nint value = LibC.Syscall(number, a, b, c);
        return value != -1 ? Result.Ok(value) : Fail(number, a, b, c, 0, 0, 0);
    }

    /// <inheritdoc cref="InvokeShort(nint, nint, nint, nint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Result InvokeShort(nint number, nint a, nint b, nint c, nint d, nint e, nint f)
    {
        nint value = LibC.Syscall(number, a, b, c, d, e, f);
        return value != -1 ? Result.Ok(value) : Fail(number, a, b, c, d, e, f);
    }

    /// <summary>Makes a call; EINTR comes back.</summary>
    public static Result InvokeOnce(nint number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        nint value = LibC.Syscall(number, a, b, c, d, e, f);
        return value != -1 ? Result.Ok(value) : Result.Fail((Errno)Marshal.GetLastSystemError());
    }

    // Apart from the calls themselves, so that a success pays nothing. errno first: nothing may come between.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Result Fail(nint number, nint a, nint b, nint c, nint d, nint e, nint f)
    {
        Result result = Result.Fail((Errno)Marshal.GetLastSystemError());
        while (result.Error == Errno.EINTR)
        {
            result = InvokeOnce(number, a, b, c, d, e, f);
        }

        return result;
    }
}
