using System.Collections.Generic;
using System.Text;
using Spindle.Kernels;
using Spindle.Simulation.Files;

namespace Spindle.Simulation.Objects;

/// <summary>Which unix socket has which name. An abstract one begins with NUL, is each type's own, and goes with its socket; any other
/// is a path, and stays in its folder until somebody removes it.</summary>
internal sealed class UnixNames(SimulatedMachine machine)
{
    private const uint Mode = 0x1FF; // 0777, without what the process masks

    private readonly Dictionary<(SocketType Type, string Name), UnixSocket> abstractNames = [];
    private readonly Dictionary<MemoryNode, UnixSocket> paths = [];

    /// <summary>A socket is closed.</summary>
    public void Forget(UnixSocket socket)
    {
        if (socket.Node is { } node)
        {
            paths.Remove(node);
        }
        else if (socket.Name is { } name && abstractNames.TryGetValue((socket.Type, name), out UnixSocket? owner) && owner == socket)
        {
            abstractNames.Remove((socket.Type, name));
        }
    }

    /// <summary>The socket that has a name, if it is of the same type.</summary>
    public Errno Find(string name, SocketType type, out UnixSocket? found)
    {
        found = null;
        if (IsAbstract(name))
        {
            return abstractNames.TryGetValue((type, name), out found) ? Errno.None : Errno.ECONNREFUSED;
        }

        PathWalk walk = machine.Files.Find(name);
        if (walk.ErrorOfNode != Errno.None)
        {
            return walk.ErrorOfNode;
        }

        return !paths.TryGetValue(walk.Node!, out found) ? Errno.ECONNREFUSED : found.Type != type ? Errno.EPROTOTYPE : Errno.None;
    }

    /// <summary>Gives a socket its one name.</summary>
    public Result Bind(UnixSocket socket, string name, uint mask)
    {
        bool isAbstract = IsAbstract(name);
        if (socket.Name is not null)
        {
            // Of a path, what stands in its way is told first.
            PathWalk place = isAbstract ? default : machine.Files.Find(name, followsLast: false);
            return Result.Fail(place.Error != Errno.None ? place.Error : place.Node is not null ? Errno.EADDRINUSE : Errno.EINVAL);
        }

        Result made = !isAbstract ? machine.Files.MakeSocket(name, Mode & ~mask)
            : abstractNames.TryAdd((socket.Type, name), socket) ? Result.Ok() : Result.Fail(Errno.EADDRINUSE);
        if (!made.IsOk)
        {
            return made;
        }

        socket.Name = name;
        if (!isAbstract)
        {
            socket.Node = machine.Files.Find(name, followsLast: false).Node;
            paths.Add(socket.Node!, socket);
        }

        return Result.Ok();
    }

    /// <summary>The name in an address, a path without the NUL behind it; null if there is none.</summary>
    public static string? Of(in SocketAddress address)
    {
        if (address.Family != AddressFamily.Unix || address.Length <= sizeof(ushort))
        {
            return null;
        }

        string name = Encoding.UTF8.GetString(address.Octets[sizeof(ushort)..]);
        return IsAbstract(name) ? name : name.Split('\0')[0];
    }

    /// <summary>A name as an address; for none, the family alone.</summary>
    public static SocketAddress AddressOf(string? name)
    {
        if (name is not null && SocketAddress.TryUnix(name, out SocketAddress address))
        {
            return address;
        }

        SocketAddress unnamed = new() { Length = sizeof(ushort) };
        unnamed.Buffer[0] = (byte)AddressFamily.Unix;
        return unnamed;
    }

    private static bool IsAbstract(string name) => name.StartsWith('\0');
}
