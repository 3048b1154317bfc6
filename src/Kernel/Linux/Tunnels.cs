using System;
using System.Runtime.InteropServices;
using System.Text;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>What is asked of an open <c>/dev/net/tun</c> (<c>Documentation/networking/tuntap.rst</c>).</summary>
internal static unsafe class Tunnels
{
    private const int NameSize = 16;     // IFNAMSIZ
    private const int RequestSize = 40;  // sizeof(struct ifreq)
    private const int SetInterface = 0x400454CA; // TUNSETIFF
    private const int SetPersist = 0x400454CB;   // TUNSETPERSIST

    public static Result Attach(int fd, ref string name, TunnelKind kind)
    {
        if (Encoding.UTF8.GetByteCount(name) >= NameSize)
        {
            return Result.Fail(Errno.EINVAL);
        }

        Span<byte> request = stackalloc byte[RequestSize];
        request.Clear();
        Encoding.UTF8.GetBytes(name, request);
        MemoryMarshal.Write(request[NameSize..], (short)kind);
        Result result;
        fixed (byte* buffer = request)
        {
            result = Invoke(SystemCallNumber.Ioctl, fd, SetInterface, (nint)buffer);
        }

        ReadOnlySpan<byte> told = request[..NameSize];
        int end = told.IndexOf((byte)0);
        name = result.IsOk ? Encoding.UTF8.GetString(end < 0 ? told : told[..end]) : name;
        return result;
    }

    public static Result Persist(int fd, bool isPersistent) => Invoke(SystemCallNumber.Ioctl, fd, SetPersist, isPersistent ? 1 : 0);
}
