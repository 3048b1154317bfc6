using System.Runtime.InteropServices;

namespace Spindle.Kernels.Linux;

/// <summary>The numbers of the system calls we make: x86-64 has its own, arm64 the generic table.</summary>
internal static class SystemCallNumber
{
    public static nint Accept4 => IsArm64 ? 242 : 288;
    public static nint Bind => IsArm64 ? 200 : 49;
    public static nint Close => IsArm64 ? 57 : 3;
    public static nint Connect => IsArm64 ? 203 : 42;
    public static nint EpollControl => IsArm64 ? 21 : 233;
    public static nint EpollCreate1 => IsArm64 ? 20 : 291;
    public static nint EpollPwait => IsArm64 ? 22 : 281;
    public static nint EpollPwait2 => 441;

    /// <summary>x86-64 alone.</summary>
    public static nint EpollWait => 232;

    /// <summary>poll; x86-64 alone.</summary>
    public static nint PollPlain => 7;
    public static nint EventFd2 => IsArm64 ? 19 : 290;
    public static nint Execve => IsArm64 ? 221 : 59;
    public static nint Fchmod => IsArm64 ? 52 : 91;
    public static nint Fchmodat => IsArm64 ? 53 : 268;
    public static nint Fchownat => IsArm64 ? 54 : 260;
    public static nint Fcntl => IsArm64 ? 25 : 72;
    public static nint Fsync => IsArm64 ? 82 : 74;
    public static nint Futex => IsArm64 ? 98 : 202;
    public static nint Getdents64 => IsArm64 ? 61 : 217;
    public static nint Getpid => IsArm64 ? 172 : 39;
    public static nint Getuid => IsArm64 ? 174 : 102;
    public static nint Getrandom => IsArm64 ? 278 : 318;
    public static nint Getsockname => IsArm64 ? 204 : 51;
    public static nint Getsockopt => IsArm64 ? 209 : 55;
    public static nint InotifyAddWatch => IsArm64 ? 27 : 254;
    public static nint InotifyInit1 => IsArm64 ? 26 : 294;
    public static nint InotifyRemoveWatch => IsArm64 ? 28 : 255;
    public static nint IoUringEnter => 426;
    public static nint IoUringRegister => 427;
    public static nint IoUringSetup => 425;
    public static nint Ioctl => IsArm64 ? 29 : 16;
    public static nint Kill => IsArm64 ? 129 : 62;
    public static nint Listen => IsArm64 ? 201 : 50;
    public static nint Madvise => IsArm64 ? 233 : 28;
    public static nint Mkdirat => IsArm64 ? 34 : 258;
    public static nint Mmap => IsArm64 ? 222 : 9;
    public static nint Openat => IsArm64 ? 56 : 257;
    public static nint Munmap => IsArm64 ? 215 : 11;
    public static nint PidfdOpen => 434;
    public static nint PidfdSendSignal => 424;
    public static nint Pipe2 => IsArm64 ? 59 : 293;
    public static nint Ppoll => IsArm64 ? 73 : 271;
    public static nint Prctl => IsArm64 ? 167 : 157;
    public static nint Prlimit64 => IsArm64 ? 261 : 302;
    public static nint Pread64 => IsArm64 ? 67 : 17;
    public static nint Pselect6 => IsArm64 ? 72 : 270;
    public static nint Read => IsArm64 ? 63 : 0;
    public static nint Readlinkat => IsArm64 ? 78 : 267;
    public static nint Recvfrom => IsArm64 ? 207 : 45;
    public static nint Recvmsg => IsArm64 ? 212 : 47;
    public static nint Renameat2 => IsArm64 ? 276 : 316;
    public static nint RtSigaction => IsArm64 ? 134 : 13;
    public static nint RtSigprocmask => IsArm64 ? 135 : 14;
    public static nint RtSigqueueinfo => IsArm64 ? 138 : 129;
    public static nint Sendmsg => IsArm64 ? 211 : 46;
    public static nint Sendto => IsArm64 ? 206 : 44;
    public static nint Setdomainname => IsArm64 ? 162 : 171;
    public static nint Sethostname => IsArm64 ? 161 : 170;
    public static nint Setsid => IsArm64 ? 157 : 112;
    public static nint Setsockopt => IsArm64 ? 208 : 54;
    public static nint Shutdown => IsArm64 ? 210 : 48;
    public static nint Signalfd4 => IsArm64 ? 74 : 289;
    public static nint Socket => IsArm64 ? 198 : 41;
    public static nint Socketpair => IsArm64 ? 199 : 53;
    public static nint Statx => IsArm64 ? 291 : 332;
    public static nint TimerfdCreate => IsArm64 ? 85 : 283;
    public static nint TimerfdSettime => IsArm64 ? 86 : 286;
    public static nint Uname => IsArm64 ? 160 : 63;
    public static nint Unlinkat => IsArm64 ? 35 : 263;
    public static nint Waitid => IsArm64 ? 95 : 247;
    public static nint Write => IsArm64 ? 64 : 1;

    /// <summary>True on arm64; the compiler knows the answer. Everything else is x86-64.</summary>
    public static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
}
