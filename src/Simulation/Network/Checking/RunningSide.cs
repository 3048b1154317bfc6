using System;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Checking;

/// <summary>The running kernel, in the network namespace of the calling thread.</summary>
internal sealed class RunningSide : NetlinkSide, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    private readonly Kernel kernel;
    private readonly int requests;
    private readonly int groups;
    private readonly byte[] buffer = new byte[1 << 16];

    public RunningSide(Kernel kernel)
    {
        this.kernel = kernel;
        WriteSetting("all", "accept_dad", "0");
        WriteSetting("default", "accept_dad", "0");
        WriteSetting("default", "router_solicitations", "0");
        requests = Open();
        groups = Open();
        foreach (int group in NetlinkOptions.Groups)
        {
            kernel.SetSocketOption(groups, NetlinkOptions.NetlinkLevel, NetlinkOptions.AddMembership, group);
        }
    }

    /// <summary>Waits until nothing comes any more: what was not expected shows up here.</summary>
    public bool IsQuiet(TimeSpan span) => !IsReadable(groups, span);

    /// <summary>What has come meanwhile.</summary>
    public System.Collections.Generic.List<string> Rest() => ReadNotifications(0);

    public void Dispose()
    {
        kernel.Close(requests);
        kernel.Close(groups);
    }

    protected override void SendRequest(byte[] message) => kernel.Send(requests, message);

    protected override ReadOnlySpan<byte> ReadReply() => IsReadable(requests, Patience) ? Take(requests) : default;

    protected override ReadOnlySpan<byte> ReadNotification(bool isExpected) =>
        IsReadable(groups, isExpected ? Patience : TimeSpan.Zero) ? Take(groups) : default;

    private ReadOnlySpan<byte> Take(int socket)
    {
        Result result = kernel.Receive(socket, buffer);
        return result.IsOk ? buffer.AsSpan(0, result.Int) : default;
    }

    private bool IsReadable(int socket, TimeSpan timeout)
    {
        const ushort Readable = 1;
        Span<PollEntry> entries = [new PollEntry(socket, Readable)];
        return kernel.Poll(entries, timeout).Value > 0;
    }

    private int Open()
    {
        const int RouteProtocol = 0;
        Result socket = kernel.Socket(AddressFamily.Netlink, SocketType.Raw, RouteProtocol);
        if (!socket.IsOk)
        {
            throw new NamespaceCheckException($"a netlink socket was refused: {socket.Error}");
        }

        kernel.Bind(socket.Int, SocketAddress.Netlink(0, 0));
        NetlinkOptions.Prepare((option, value) => kernel.SetSocketOption(socket.Int, NetlinkOptions.NetlinkLevel, option, value));
        kernel.SetSocketOption(socket.Int, NetlinkOptions.SocketLevel, NetlinkOptions.ReceiveBuffer, NetlinkOptions.BufferOctets);
        return socket.Int;
    }

    private void WriteSetting(string link, string name, string value)
    {
        Result file = kernel.Open($"/proc/sys/net/ipv6/conf/{link}/{name}", FileFlags.Write);
        if (file.IsOk)
        {
            kernel.Write(file.Int, System.Text.Encoding.ASCII.GetBytes(value));
            kernel.Close(file.Int);
        }
    }
}
