using System;
using System.Text;
using Spindle.Kernels;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Checking;

/// <summary>A netlink socket that hears of links, addresses, routes and rules.</summary>
internal sealed class GroupWatch : IDisposable
{
    private readonly Kernel kernel;
    private readonly int socket;
    private readonly byte[] buffer = new byte[1 << 16];

    /// <param name="kernel">Which kernel.</param>
    /// <param name="socket">A netlink socket, which this closes.</param>
    /// <exception cref="NamespaceCheckException">It cannot join the groups.</exception>
    public GroupWatch(Kernel kernel, int socket)
    {
        this.kernel = kernel;
        this.socket = socket;
        Result joined = kernel.Bind(socket, SocketAddress.Netlink(0, 0));
        foreach (int group in NetlinkOptions.Groups)
        {
            joined = joined.IsOk ? kernel.SetSocketOption(socket, NetlinkOptions.NetlinkLevel, NetlinkOptions.AddMembership, group) : joined;
        }

        if (!joined.IsOk)
        {
            throw new NamespaceCheckException($"the groups of netlink cannot be joined: {joined.Error}");
        }
    }

    /// <summary>What was told since it was last asked, in order, one line each.</summary>
    public void AppendTo(StringBuilder text)
    {
        while (kernel.Receive(socket, buffer) is { IsOk: true } received)
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, received.Int);
            while (MessageReader.TryNext(ref rest, out MessageReader message))
            {
                if (MessageText.Of(message) is { } told)
                {
                    text.Append("\n    ").Append(told);
                }
            }
        }
    }

    public void Dispose() => kernel.Close(socket);
}
