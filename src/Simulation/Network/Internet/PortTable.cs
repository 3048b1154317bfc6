using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation.Network.Internet;

/// <summary>Which sockets have which ports, of one protocol.</summary>
internal sealed class PortTable
{
    // net.ipv4.ip_local_port_range
    private const int EphemeralFirst = 32_768;
    private const int EphemeralCount = 60_999 - EphemeralFirst + 1;

    private readonly Dictionary<ushort, List<InternetSocket>> sockets = [];
    private int next;

    /// <summary>The sockets at a port, the latest first.</summary>
    public IReadOnlyList<InternetSocket> At(ushort port) => sockets.TryGetValue(port, out List<InternetSocket>? found) ? found : [];

    /// <summary>Gives a socket a port: EADDRINUSE if another has it, EAGAIN or EADDRINUSE if none is left.</summary>
    /// <param name="socket">Who asks.</param>
    /// <param name="local">With which address; unspecified for all.</param>
    /// <param name="port">Which; 0 for any.</param>
    /// <param name="areCompatible">Whether two sockets may share it although their addresses meet.</param>
    public Result Take(InternetSocket socket, IpAddress local, ushort port, Func<InternetSocket, InternetSocket, bool> areCompatible)
    {
        if (port != 0)
        {
            return TryTake(socket, local, port, areCompatible) ? Result.Ok() : Result.Fail(Errno.EADDRINUSE);
        }

        for (int count = 0; count < EphemeralCount; count++)
        {
            ushort candidate = (ushort)(EphemeralFirst + (next++ % EphemeralCount));
            if (!sockets.ContainsKey(candidate) && TryTake(socket, local, candidate, areCompatible))
            {
                return Result.Ok();
            }
        }

        return Result.Fail(Errno.EADDRINUSE);
    }

    /// <summary>Gives a socket a port that it shares with another: that of the listener it came from.</summary>
    public void Share(InternetSocket socket) => Add(socket, socket.Port);

    public void Leave(InternetSocket socket)
    {
        if (socket.Port != 0 && sockets.TryGetValue(socket.Port, out List<InternetSocket>? found) && found.Remove(socket) && found.Count == 0)
        {
            sockets.Remove(socket.Port);
        }
    }

    private bool TryTake(InternetSocket socket, IpAddress local, ushort port, Func<InternetSocket, InternetSocket, bool> areCompatible)
    {
        foreach (InternetSocket other in At(port))
        {
            if (Meet(socket, local, other) && !areCompatible(socket, other))
            {
                return false;
            }
        }

        Add(socket, port);
        return true;
    }

    private void Add(InternetSocket socket, ushort port)
    {
        socket.Port = port;
        if (!sockets.TryGetValue(port, out List<InternetSocket>? found))
        {
            sockets.Add(port, found = []);
        }

        found.Insert(0, socket);
    }

    // Both could be meant by one packet: their links, versions and addresses leave room for one.
    private static bool Meet(InternetSocket socket, IpAddress local, InternetSocket other)
    {
        if (socket.DeviceIndex != 0 && other.DeviceIndex != 0 && socket.DeviceIndex != other.DeviceIndex)
        {
            return false;
        }

        if (local.Family != other.Local.Family)
        {
            InternetSocket six = local.IsV6 ? socket : other;
            IpAddress sixLocal = local.IsV6 ? local : other.Local;

            // One that was bound to all addresses and connected since still stands in the way of IPv4's all, which comes later.
            bool meetsAll = sixLocal.IsUnspecified || (local.IsV4 && local.IsUnspecified && !other.IsAddressBound);
            return meetsAll && six.Internet.V6(InternetOptions.OnlyV6) == 0;
        }

        return local.IsUnspecified || other.Local.IsUnspecified || local == other.Local;
    }
}
