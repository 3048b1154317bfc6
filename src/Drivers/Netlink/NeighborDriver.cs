using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Drivers.Netlink;

/// <summary>Follows what the kernel finds out about a few IPv6 neighbours: whether they answer.</summary>
/// <remarks>
/// A socket of its own that is there only while somebody is followed, with a filter that lets in nothing of others. Nobody
/// is asked anything: the kernel asks neighbours that it sends something to. What was lost (ENOBUFS) is asked of the kernel.
/// </remarks>
public sealed class NeighborDriver : IDisposable
{
    /// <summary>So many addresses the kernel tells apart for us: a filter's jump reaches no further than 255 instructions.</summary>
    public const int FilteredMax = 128;

    /// <summary>Receive buffer: the kernel doubles it, and charges some 830 octets for a neighbour.</summary>
    private const int BufferOctets = 512 << 10;

    /// <summary>Messages read in one turn of the loop; then others have their turn.</summary>
    private const int MessagesPerTurn = 64;

    private const int MessageSizeMax = 8192;
    private const int MessageTruncate = 0x20;

    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(64);

    private readonly EventLoop loop;
    private readonly NeighborListener listener;
    private readonly TimerSource retry;
    private readonly Backoff retryDelay = new(RetryDelayMin, RetryDelayMax);
    private readonly SortedDictionary<int, IReadOnlyList<IpAddress>> followed = [];
    private readonly Queue<(int InterfaceIndex, IpAddress Address)> unasked = new();
    private byte[] buffer = [];
    private FdSource? source;
    private bool isFilterOld;
    private bool isDisposed;

    /// <summary>A driver that follows nobody and has no socket.</summary>
    public NeighborDriver(EventLoop loop, NeighborListener listener)
    {
        this.loop = loop;
        this.listener = listener;
        retry = loop.AddTimer((_, _) => GoOn(), name: "neighbours: try again");
    }

    /// <summary>True while there is a socket.</summary>
    public bool IsListening => source is not null;

    /// <summary>Messages that were read, of whatever kind.</summary>
    public ulong Received { get; private set; }

    /// <summary>How often the kernel had to be asked again, since something it had said was lost.</summary>
    public ulong Losses { get; private set; }

    /// <summary>Follows these neighbours on a link instead of those before; what is known of new ones is told, later.</summary>
    /// <param name="interfaceIndex">The link.</param>
    /// <param name="addresses">IPv6 addresses; must not change. None: nobody is followed there any more.</param>
    public void Follow(int interfaceIndex, IReadOnlyList<IpAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        IReadOnlyList<IpAddress> before = followed.GetValueOrDefault(interfaceIndex, []);
        if (isDisposed || before.IsSameAs(addresses))
        {
            return;
        }

        if (addresses.Count > 0)
        {
            followed[interfaceIndex] = addresses;
        }
        else
        {
            followed.Remove(interfaceIndex);
        }

        foreach (IpAddress address in addresses)
        {
            if (!before.Has(address))
            {
                unasked.Enqueue((interfaceIndex, address));
            }
        }

        isFilterOld = true;
        retryDelay.Reset();
        GoOn();
    }

    /// <summary>Follows nobody any more and closes the socket.</summary>
    public void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            retry.Remove();
            Close();
        }
    }

    /// <summary>Does what is to be done still: a socket, its filter, questions.</summary>
    private void GoOn()
    {
        if (followed.Count == 0)
        {
            Close();
            retry.Disarm();
            return;
        }

        Result result = Open();
        result = result.IsOk ? Narrow() : result;
        while (result.IsOk && unasked.TryPeek(out (int InterfaceIndex, IpAddress Address) next))
        {
            result = Ask(next.InterfaceIndex, next.Address);
            if (!result.Error.IsTransient())
            {
                unasked.Dequeue();
                result = Result.Ok();
            }
        }

        if (result.IsOk)
        {
            retry.Disarm();
            retryDelay.Reset();
        }
        else
        {
            retry.ArmAfter(retryDelay.Next());
        }
    }

    private Result Open()
    {
        if (source is not null)
        {
            return Result.Ok();
        }

        Result socket = NetlinkSocket.OpenForNeighbors(loop.Kernel, BufferOctets, NeighborFilter.For(Addresses()));
        if (!socket.IsOk)
        {
            return socket;
        }

        Result watched = loop.TryAddFd(socket.Int, FdEvents.Readable, OnReadable, out source, name: "neighbours");
        if (!watched.IsOk)
        {
            loop.Kernel.Close(socket.Int);
            return watched;
        }

        buffer = buffer.Length > 0 ? buffer : new byte[MessageSizeMax];
        isFilterOld = false;
        AskAll();
        return watched;
    }

    private Result Narrow()
    {
        Result narrowed = isFilterOld
            ? loop.Kernel.AttachFilter(source!.Fd, NeighborFilter.For(Addresses()))
            : Result.Ok();
        isFilterOld = !narrowed.IsOk;
        return narrowed;
    }

    private Result Ask(int interfaceIndex, IpAddress address)
    {
        Span<byte> message = stackalloc byte[NeighborMessage.SizeMax];
        int size = NeighborMessage.WriteGet(message, 0, interfaceIndex, address);
        return loop.Kernel.SendTo(source!.Fd, message[..size], 0, SocketAddress.Netlink(0, 0));
    }

    private void AskAll()
    {
        unasked.Clear();
        foreach ((int interfaceIndex, IReadOnlyList<IpAddress> addresses) in followed)
        {
            foreach (IpAddress address in addresses)
            {
                unasked.Enqueue((interfaceIndex, address));
            }
        }
    }

    private void Close()
    {
        unasked.Clear();
        if (source is { } open)
        {
            source = null;
            open.Remove();
            loop.Kernel.Close(open.Fd);
        }
    }

    private void OnReadable(FdSource readable, FdEvents ready)
    {
        bool isLost = false;
        for (int i = 0; i < MessagesPerTurn && source == readable; i++)
        {
            Result result = loop.Kernel.ReceiveFrom(readable.Fd, buffer, MessageTruncate, out SocketAddress sender);
            if (result.Is(Errno.EAGAIN))
            {
                break;
            }

            if (!result.IsOk || result.Value > buffer.Length)
            {
                isLost = true;
            }
            else if (sender.TryGetNetlink(out uint portId, out _) && portId == 0)
            {
                isLost |= !Take(buffer.AsSpan(0, result.Int));
            }
        }

        if (isLost && source == readable)
        {
            Losses++;
            AskAll();
            retry.ArmAfter(retryDelay.Next()); // not at once: what fills the queue would be there still
        }
    }

    /// <summary>False if something is lost.</summary>
    private bool Take(ReadOnlySpan<byte> datagram)
    {
        bool isWhole = true;
        NetlinkMessages messages = new(datagram);
        while (messages.TryNext(out NetlinkMessage message))
        {
            Received++;
            if (message.Header.Type == NetlinkMessageType.Error && NetlinkError.TryRead(message, out NetlinkError error))
            {
                isWhole &= !((Errno)error.Number).IsTransient(); // Any other: it is not known, or cannot be asked for.
            }
            else if (message.Header.Type == NetlinkMessageType.NewNeighbor
                && NeighborMessage.TryRead(message, out Neighbor neighbor)
                && followed.TryGetValue(neighbor.InterfaceIndex, out IReadOnlyList<IpAddress>? addresses)
                && addresses.Has(neighbor.Address))
            {
                listener(neighbor);
            }
        }

        return isWhole && !messages.IsBroken;
    }

    private HashSet<IpAddress> Addresses()
    {
        HashSet<IpAddress> all = [];
        foreach (IReadOnlyList<IpAddress> addresses in followed.Values)
        {
            all.UnionWith(addresses);
        }

        return all;
    }
}
