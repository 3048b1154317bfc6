using System;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Basics;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>Clocks, randomness, the host's names and its links' numbers.</summary>
internal static unsafe class Machine
{
    private const int NameFieldSize = 65;     // of struct utsname
    private const int InterfaceNameSize = 16; // IFNAMSIZ
    private const int InterfaceRequestSize = 40; // sizeof(struct ifreq)
    private const int GetInterfaceIndex = 0x8933; // SIOCGIFINDEX

    public static Instant Now(ClockId clock)
    {
        TimeSpec time;
        if (LibC.ClockGetTime((int)clock, &time) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(clock), clock, "The kernel does not know this clock.");
        }

        return time.ToInstant();
    }

    public static void Random(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            fixed (byte* octets = destination)
            {
                Result result = Invoke(SystemCallNumber.Getrandom, (nint)octets, destination.Length);
                if (!result.IsOk)
                {
                    throw new InvalidOperationException($"getrandom failed: {result.Error}.");
                }

                destination = destination[result.Int..];
            }
        }
    }

    public static string HostName()
    {
        Span<byte> names = stackalloc byte[NameFieldSize * 6];
        fixed (byte* buffer = names)
        {
            Invoke(SystemCallNumber.Uname, (nint)buffer);
        }

        ReadOnlySpan<byte> node = names.Slice(NameFieldSize, NameFieldSize);
        return Encoding.UTF8.GetString(node[..node.IndexOf((byte)0)]);
    }

    public static Result SetName(nint number, string name)
    {
        using CString text = new(name);
        return Invoke(number, text.Address, text.Length);
    }

    /// <summary>By ioctl on a socket of any kind; <c>struct ifreq</c> has the name first and the number at 16.</summary>
    public static Result InterfaceIndex(string name)
    {
        int size = Encoding.UTF8.GetByteCount(name);
        if (size is 0 or >= InterfaceNameSize)
        {
            return Result.Fail(Errno.ENODEV);
        }

        Result socket = Sockets.Socket(AddressFamily.Unix, SocketType.Datagram, 0);
        if (!socket.IsOk)
        {
            return socket;
        }

        Span<byte> request = stackalloc byte[InterfaceRequestSize];
        request.Clear();
        Encoding.UTF8.GetBytes(name, request);
        Result result;
        fixed (byte* buffer = request)
        {
            result = Invoke(SystemCallNumber.Ioctl, socket.Int, GetInterfaceIndex, (nint)buffer);
        }

        Descriptors.Close(socket.Int);
        return result.IsOk ? Result.Ok(MemoryMarshal.Read<int>(request[InterfaceNameSize..])) : result;
    }
}
