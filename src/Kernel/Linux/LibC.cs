using System.Runtime.InteropServices;

namespace Spindle.Kernels.Linux;

/// <summary>The C library's functions that we call: the way into the kernel, the vDSO clock, and posix_spawn.</summary>
/// <remarks>All signatures are blittable. Of errno see <see cref="SystemCall"/>.</remarks>
internal static unsafe class LibC
{
    /// <summary>The variadic <c>syscall(2)</c>: on both architectures variadic numbers travel like others.</summary>
    [DllImport("libc", EntryPoint = "syscall", ExactSpelling = true)]
    public static extern nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>The same for calls of three numbers: the kernel does not look at the others.</summary>
    [DllImport("libc", EntryPoint = "syscall", ExactSpelling = true)]
    public static extern nint Syscall(nint number, nint a, nint b, nint c);

    /// <summary>The same for calls of four numbers.</summary>
    [DllImport("libc", EntryPoint = "syscall", ExactSpelling = true)]
    public static extern nint Syscall(nint number, nint a, nint b, nint c, nint d);

    /// <summary>Through the vDSO, no system call: too short to need a GC transition.</summary>
    [DllImport("libc", EntryPoint = "clock_gettime", ExactSpelling = true)]
    [SuppressGCTransition]
    public static extern int ClockGetTime(int clock, TimeSpec* time);

    /// <summary>What the kernel told the program of itself at its start; 0: nothing.</summary>
    [DllImport("libc", EntryPoint = "getauxval", ExactSpelling = true)]
    public static extern nuint GetAuxiliaryValue(nuint type);

    [DllImport("libc", EntryPoint = "posix_spawn", ExactSpelling = true)]
    public static extern int PosixSpawn(
        int* processId, byte* path, void* fileActions, void* attributes, byte** arguments, byte** environment);

    [DllImport("libc", EntryPoint = "posix_spawnattr_init", ExactSpelling = true)]
    public static extern int PosixSpawnAttributesInit(void* attributes);

    [DllImport("libc", EntryPoint = "posix_spawnattr_destroy", ExactSpelling = true)]
    public static extern int PosixSpawnAttributesDestroy(void* attributes);

    [DllImport("libc", EntryPoint = "posix_spawnattr_setflags", ExactSpelling = true)]
    public static extern int PosixSpawnAttributesSetFlags(void* attributes, short flags);

    [DllImport("libc", EntryPoint = "posix_spawnattr_setsigmask", ExactSpelling = true)]
    public static extern int PosixSpawnAttributesSetSignalMask(void* attributes, void* mask);

    [DllImport("libc", EntryPoint = "posix_spawnattr_setsigdefault", ExactSpelling = true)]
    public static extern int PosixSpawnAttributesSetSignalDefault(void* attributes, void* mask);

    [DllImport("libc", EntryPoint = "posix_spawn_file_actions_init", ExactSpelling = true)]
    public static extern int PosixSpawnFileActionsInit(void* fileActions);

    [DllImport("libc", EntryPoint = "posix_spawn_file_actions_destroy", ExactSpelling = true)]
    public static extern int PosixSpawnFileActionsDestroy(void* fileActions);

    [DllImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2", ExactSpelling = true)]
    public static extern int PosixSpawnFileActionsAddDup2(void* fileActions, int fd, int newFd);
}
