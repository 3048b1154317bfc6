using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.NeighborDiscovery;

namespace Spindle.Drivers.NeighborDiscovery;

/// <summary>Router discovery on any number of links through one socket, for the life of the process.</summary>
public sealed class RouterDiscoveryDriver : IDisposable
{
    /// <summary>Packets read in one turn of the loop; a flood of them does not starve others.</summary>
    private const int PacketsPerTurn = 32;

    /// <summary>No advertisement is longer than the largest MTU of a link; a longer one is cut and so refused.</summary>
    private const int PacketSizeMax = 9216;

    private readonly EventLoop loop;
    private readonly RouterDiscoveryListener listener;
    private readonly Dictionary<int, FollowedLink> links = [];
    private byte[]? buffer;
    private FdSource? source;
    private bool isDisposed;

    private sealed record FollowedLink(RouterDiscovery Discovery, TimerSource Timer, MacAddress Source);

    /// <summary>A driver that has no socket yet; the first <see cref="Follow"/> opens it.</summary>
    public RouterDiscoveryDriver(EventLoop loop, RouterDiscoveryListener listener)
    {
        this.loop = loop;
        this.listener = listener;
    }

    /// <summary>Advertisements that were dropped: broken, from afar, or not from a router's link-local address.</summary>
    public ulong Dropped { get; private set; }

    /// <summary>Solicitations that the kernel would not send.</summary>
    public ulong SendFailures { get; private set; }

    /// <summary>Begins on a link that is up and has a link-local address; begins anew where it was begun.</summary>
    /// <param name="interfaceIndex">The link.</param>
    /// <param name="hardwareAddress">Its address, for routers to answer to; zeros where it has none.</param>
    /// <returns>A failure if the socket cannot be had (no IPv6, no privilege).</returns>
    public Result Follow(int interfaceIndex, MacAddress hardwareAddress)
    {
        Result opened = Open();
        if (!opened.IsOk)
        {
            return opened;
        }

        Forget(interfaceIndex);
        RouterDiscovery discovery = new(loop.Kernel.RandomSeed());
        TimerSource timer = loop.AddTimer(
            (_, _) => Step(interfaceIndex, RouterDiscoveryInput.TimePassed), name: "router discovery");
        links.Add(interfaceIndex, new(discovery, timer, hardwareAddress));
        Step(interfaceIndex, RouterDiscoveryInput.Started);
        return Result.Ok();
    }

    /// <summary>Ends on a link. Nothing is told any more.</summary>
    public void Forget(int interfaceIndex)
    {
        if (links.Remove(interfaceIndex, out FollowedLink? link))
        {
            link.Timer.Remove();
        }
    }

    /// <summary>A neighbour on a link answers, or does not; others than default routers are passed over.</summary>
    public void Report(int interfaceIndex, IpAddress neighbor, bool isReachable) =>
        Step(interfaceIndex, RouterDiscoveryInput.ReachabilityReported(neighbor, isReachable));

    /// <summary>What was found out on a link; false if it is not followed.</summary>
    public bool TryGet(int interfaceIndex, out RouterDiscovery discovery)
    {
        bool isThere = links.TryGetValue(interfaceIndex, out FollowedLink? link);
        discovery = isThere ? link!.Discovery : null!;
        return isThere;
    }

    /// <summary>Ends on all links and closes the socket.</summary>
    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        foreach (FollowedLink link in links.Values)
        {
            link.Timer.Remove();
        }

        links.Clear();
        source?.Remove();
        if (source is not null)
        {
            loop.Kernel.Close(source.Fd);
        }
    }

    private Result Open()
    {
        if (source is not null)
        {
            return Result.Ok();
        }

        Result socket = RouterDiscoverySocket.Open(loop.Kernel);
        if (!socket.IsOk)
        {
            return socket;
        }

        Result watched = loop.TryAddFd(socket.Int, FdEvents.Readable, OnReadable, out source, name: "router advertisements");
        if (watched.IsOk)
        {
            buffer = new byte[PacketSizeMax];
        }
        else
        {
            loop.Kernel.Close(socket.Int);
        }

        return watched;
    }

    private void OnReadable(FdSource readable, FdEvents ready)
    {
        Span<byte> control = stackalloc byte[256];
        for (int i = 0; i < PacketsPerTurn && !isDisposed; i++)
        {
            int flags = 0;
            Result result = loop.Kernel.ReceiveMessage(
                readable.Fd, buffer, control, ref flags, out SocketAddress sender, out int controlLength);
            if (result.IsOk)
            {
                Take(buffer.AsSpan(0, result.Int), control[..controlLength], sender);
            }
            else if (result.Is(Errno.EAGAIN))
            {
                break;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> control, in SocketAddress sender)
    {
        if (!sender.TryGetInet(out IpAddress address, out _, out _) || !address.IsLinkLocal
            || !RouterDiscoverySocket.TryGetOrigin(control, out int index, out int hopLimit)
            || hopLimit != RouterDiscoverySocket.HopLimit
            || !RouterAdvertisementPacket.TryParse(octets, out RouterAdvertisementPacket packet))
        {
            Dropped++;
            return;
        }

        Step(index, RouterDiscoveryInput.AdvertisementReceived(address, packet));
    }

    private void Step(int interfaceIndex, in RouterDiscoveryInput input)
    {
        if (!links.TryGetValue(interfaceIndex, out FollowedLink? link))
        {
            return;
        }

        link.Discovery.Step(input, loop.Now);
        while (link.Discovery.TryTake(out RouterDiscoveryOutput output))
        {
            if (output == RouterDiscoveryOutput.SendSolicitation)
            {
                Solicit(interfaceIndex, link.Source);
            }
            else if (links.GetValueOrDefault(interfaceIndex) == link)
            {
                listener(interfaceIndex, link.Discovery, output);
            }
        }

        if (links.GetValueOrDefault(interfaceIndex) == link)
        {
            link.Timer.ArmAt(link.Discovery.Deadline);
        }
    }

    private void Solicit(int interfaceIndex, MacAddress hardwareAddress)
    {
        Span<byte> packet = stackalloc byte[RouterSolicitation.SizeMax];
        int size = new RouterSolicitation(hardwareAddress).Write(packet);
        Result sent = RouterDiscoverySocket.SendToRouters(loop.Kernel, source!.Fd, interfaceIndex, packet[..size]);
        SendFailures += sent.IsOk ? 0ul : 1ul;
    }
}
