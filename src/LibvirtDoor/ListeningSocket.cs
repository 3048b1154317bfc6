using System;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor;

/// <summary>A socket that listens, and its name if it has one in a folder.</summary>
internal sealed class ListeningSocket
{
    private const uint FileKindMask = 0xF000;
    private const uint SocketKind = 0xC000; // S_IFSOCK
    private const int SocketLevel = 1;
    private const int ReuseAddressOption = 2; // SO_REUSEADDR

    private readonly Kernel kernel;
    private readonly string? path;
    private readonly FileStatus? file;

    private ListeningSocket(Kernel kernel, int fd, string? path, FileStatus? file)
    {
        this.kernel = kernel;
        this.path = path;
        this.file = file;
        Fd = fd;
    }

    public int Fd { get; }

    /// <summary>Listens at a path. EADDRINUSE: somebody else does; EEXIST: something there is no socket. The name of a
    /// socket that nobody has open is taken over.</summary>
    public static Result OpenUnix(Kernel kernel, UnixListenerOptions options, int backlog, out ListeningSocket? socket)
    {
        socket = null;
        if (!SocketAddress.TryUnix(options.Path, out SocketAddress address))
        {
            return Result.Fail(Errno.ENAMETOOLONG);
        }

        Result result = RemoveStale(kernel, options.Path, address);
        if (result.IsOk)
        {
            result = kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0);
        }

        if (!result.IsOk)
        {
            return result;
        }

        int fd = result.Int;
        result = kernel.Bind(fd, address);
        if (result.IsOk)
        {
            FileStatus? file = kernel.Status(options.Path, out FileStatus status, followLinks: false).IsOk ? status : null;
            socket = new ListeningSocket(kernel, fd, options.Path, file);

            // Nobody can connect before it listens, so nobody comes in by the wrong permissions.
            result = Protect(kernel, options);
            result = result.IsOk ? kernel.Listen(fd, backlog) : result;
        }

        return Keep(kernel, fd, result, ref socket);
    }

    public static Result OpenTcp(Kernel kernel, TcpListenerOptions options, int backlog, out ListeningSocket? socket)
    {
        socket = null;
        IpAddress address = options.Address;
        Result result = kernel.Socket(address.IsV4 ? AddressFamily.Inet : AddressFamily.Inet6, SocketType.Stream, 0);
        if (result.Is(Errno.EAFNOSUPPORT) && address == IpAddress.AnyV6)
        {
            address = IpAddress.AnyV4;
            result = kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0);
        }

        if (!result.IsOk)
        {
            return result;
        }

        int fd = result.Int;
        kernel.SetSocketOption(fd, SocketLevel, ReuseAddressOption, 1);
        result = kernel.Bind(fd, SocketAddress.Inet(address, options.Port));
        result = result.IsOk ? kernel.Listen(fd, backlog) : result;
        socket = new ListeningSocket(kernel, fd, null, null);
        return Keep(kernel, fd, result, ref socket);
    }

    /// <summary>Ends it; its name goes too, if it still means this socket.</summary>
    public void Close()
    {
        if (path is not null && IsStillOurs())
        {
            kernel.Unlink(path);
        }

        kernel.Close(Fd);
    }

    private static Result Keep(Kernel kernel, int fd, Result result, ref ListeningSocket? socket)
    {
        if (result.IsOk)
        {
            return result;
        }

        if (socket is null)
        {
            kernel.Close(fd);
        }
        else
        {
            socket.Close();
        }

        socket = null;
        return result;
    }

    private static Result Protect(Kernel kernel, UnixListenerOptions options)
    {
        Result result = Result.Ok();
        if (options.UserId is not null || options.GroupId is not null)
        {
            result = kernel.ChangeOwner(options.Path, options.UserId, options.GroupId);
        }

        return result.IsOk ? kernel.ChangeMode(options.Path, options.Mode) : result;
    }

    private static Result RemoveStale(Kernel kernel, string path, in SocketAddress address)
    {
        if (path[0] is '@' or '\0' || !kernel.Status(path, out FileStatus status, followLinks: false).IsOk)
        {
            return Result.Ok();
        }

        if ((status.Mode & FileKindMask) != SocketKind)
        {
            return Result.Fail(Errno.EEXIST);
        }

        Result probe = kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0);
        if (!probe.IsOk)
        {
            return probe;
        }

        // Only a refusal says that nobody has it open; a full queue says that somebody has.
        Result connected = kernel.Connect(probe.Int, address);
        kernel.Close(probe.Int);
        return connected.Is(Errno.ECONNREFUSED) ? kernel.Unlink(path)
            : connected.Is(Errno.ENOENT) ? Result.Ok()
            : Result.Fail(Errno.EADDRINUSE);
    }

    private bool IsStillOurs() => file is null
        || (kernel.Status(path!, out FileStatus now, followLinks: false).IsOk
            && now.Inode == file.Value.Inode && now.Device == file.Value.Device);
}
