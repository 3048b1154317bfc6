using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Spindle.Kernels;

namespace Spindle.Simulation.Objects;

/// <summary>Which unix socket has which address, and how connections are made to it.</summary>
internal sealed class UnixNames
{
    private readonly Dictionary<string, UnixSocket> sockets = [];
    private readonly Dictionary<UnixSocket, string> names = [];

    public void Forget(UnixSocket socket)
    {
        if (names.Remove(socket, out string? name))
        {
            sockets.Remove(name);
        }
    }

    public string? NameOf(UnixSocket socket) => names.GetValueOrDefault(socket);

    public bool IsBound(UnixSocket socket) => names.ContainsKey(socket);

    public bool TryFind(string name, [NotNullWhen(true)] out UnixSocket? socket) => sockets.TryGetValue(name, out socket);

    public Result Bind(UnixSocket socket, string name)
    {
        if (names.ContainsKey(socket))
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (!sockets.TryAdd(name, socket))
        {
            return Result.Fail(Errno.EADDRINUSE);
        }

        names.Add(socket, name);
        return Result.Ok();
    }
}
