using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Drivers.Packets;

/// <summary>Makes the filter for the listeners that listen; never called without one.</summary>
public delegate IReadOnlyList<BpfInstruction> PacketFilterBuilder(IReadOnlyList<PacketListener> listening);

/// <summary>The one packet socket of an EtherType, shared by all links (<c>man 7 packet</c>).</summary>
/// <remarks>
/// It is opened and bound to all links once, at first need, and stays: closing such a socket, or binding it anew,
/// stops the calling thread for 7 to 15 ms while the kernel waits for all processors to forget it. Whether anything
/// comes out of it is a matter of its filter, whose replacement costs microseconds; while nobody listens it drops all.
/// </remarks>
public sealed class PacketSocket : IDisposable
{
    /// <summary>Packets taken in one turn of the loop; what is more waits for the next turn.</summary>
    public const int PacketsPerTurnMax = 64;

    private const int ErrorsInRowMax = 16;
    private const int BufferSize = 4096;
    private const int ReceiveBufferSize = 1 << 20;
    private const int SocketLevel = 1;
    private const int ReceiveBufferOption = 8;
    private const int ReceiveBufferForceOption = 33;
    private const int PacketLevel = 263;
    private const int AuxiliaryDataOption = 8;
    private const int AuxiliaryDataType = 8;
    private const int ControlHeaderSize = 16;
    private const int ControlSize = 64;
    private const uint ChecksumNotReady = 8;
    private const int TruncatedFlag = 0x20;
    private static readonly TimeSpan ErrorPause = TimeSpan.FromSeconds(1);

    private readonly EventLoop loop;
    private readonly ushort etherType;
    private readonly PacketFilterBuilder filterBuilder;
    private readonly Dictionary<int, PacketListener> listeners = [];
    private readonly byte[] buffer = new byte[BufferSize];
    private IReadOnlyList<BpfInstruction> filter = [];
    private FdSource? source;
    private TimerSource? resume;
    private int errorsInRow;
    private int fd = -1;

    /// <summary>A socket that is not open yet.</summary>
    /// <param name="loop">Where it is watched.</param>
    /// <param name="etherType">For instance 0x0800.</param>
    /// <param name="filterBuilder">Makes the filter while somebody listens.</param>
    public PacketSocket(EventLoop loop, ushort etherType, PacketFilterBuilder filterBuilder)
    {
        this.loop = loop;
        this.etherType = etherType;
        this.filterBuilder = filterBuilder;
    }

    /// <summary>What became of the packets.</summary>
    public PacketCounters Counters { get; } = new();

    /// <summary>Given every packet, whoever listens on its link: for answers that come in by another link than the question went out.</summary>
    public PacketHandler? Overhears { get; set; }

    /// <summary>True from the first need on.</summary>
    public bool IsOpen => fd >= 0;

    /// <summary>Adds a listener for a link; it does not listen yet.</summary>
    public PacketListener AddListener(int interfaceIndex, PacketHandler handler)
    {
        PacketListener listener = new(this, interfaceIndex, handler);
        listener.Next = listeners.GetValueOrDefault(interfaceIndex);
        listeners[interfaceIndex] = listener;
        return listener;
    }

    /// <summary>Opens the socket if it is not: at the start of a program, where a failure can still be said.</summary>
    public Result Open()
    {
        if (IsOpen)
        {
            return Result.Ok();
        }

        Result opened = loop.Kernel.Socket(AddressFamily.Packet, SocketType.Datagram, 0);
        if (!opened.IsOk)
        {
            return opened;
        }

        fd = opened.Int;
        Result result = Prepare();
        if (result.IsOk)
        {
            result = loop.TryAddFd(fd, FdEvents.Readable, OnReadable, out source, name: $"packets {etherType:x4}");
        }

        if (!result.IsOk)
        {
            loop.Kernel.Close(fd);
            fd = -1;
        }

        return result;
    }

    /// <summary>Closes the socket; it takes about 15 ms. For the end of a program.</summary>
    public void Dispose()
    {
        source?.Remove();
        resume?.Remove();
        if (IsOpen)
        {
            loop.Kernel.Close(fd);
            fd = -1;
        }
    }

    internal Result Send(int interfaceIndex, MacAddress destination, ReadOnlySpan<byte> octets)
    {
        Result result = Open();
        if (result.IsOk)
        {
            result = loop.Kernel.SendTo(fd, octets, 0, SocketAddress.Packet(etherType, interfaceIndex, destination));
        }

        Counters.Sent += result.IsOk ? 1 : 0;
        Counters.SendErrors += result.IsOk ? 0 : 1;
        return result;
    }

    internal void Remove(PacketListener removed)
    {
        PacketListener first = listeners[removed.InterfaceIndex];
        if (first != removed)
        {
            while (first.Next != removed)
            {
                first = first.Next!;
            }

            first.Next = removed.Next;
        }
        else if (removed.Next is { } next)
        {
            listeners[removed.InterfaceIndex] = next;
        }
        else
        {
            listeners.Remove(removed.InterfaceIndex);
        }
    }

    /// <summary>False if the listeners' last change has not reached the socket.</summary>
    internal bool IsFilterSet { get; private set; } = true;

    /// <summary>Sets the filter that the listeners of this moment need, if it is another.</summary>
    internal Result UpdateFilter()
    {
        Result result = SetFilterOfListeners();
        IsFilterSet = result.IsOk;
        return result;
    }

    private Result SetFilterOfListeners()
    {
        List<PacketListener> listening = [];
        foreach (PacketListener first in listeners.Values)
        {
            for (PacketListener? listener = first; listener is not null; listener = listener.Next)
            {
                if (listener.IsListening)
                {
                    listening.Add(listener);
                }
            }
        }

        if (!IsOpen)
        {
            return listening.Count == 0 ? Result.Ok() : Open();
        }

        return SetFilter(listening.Count == 0 ? PacketFilters.DropAll : filterBuilder(listening));
    }

    private Result Prepare()
    {
        Kernel kernel = loop.Kernel;
        if (!kernel.SetSocketOption(fd, SocketLevel, ReceiveBufferForceOption, ReceiveBufferSize).IsOk)
        {
            // Without the privilege the kernel's limit holds; a burst then loses more.
            kernel.SetSocketOption(fd, SocketLevel, ReceiveBufferOption, ReceiveBufferSize);
        }

        Result result = kernel.SetSocketOption(fd, PacketLevel, AuxiliaryDataOption, 1);
        filter = [];
        result = result.IsOk ? UpdateFilter() : result;
        return result.IsOk ? kernel.Bind(fd, SocketAddress.Packet(etherType, 0)) : result;
    }

    private Result SetFilter(IReadOnlyList<BpfInstruction> wanted)
    {
        if (ReferenceEquals(wanted, filter) || wanted.IsSameAs(filter))
        {
            return Result.Ok();
        }

        Result result = loop.Kernel.AttachFilter(fd, [.. wanted]);
        if (result.IsOk)
        {
            filter = wanted;
            Counters.FilterChanges++;
        }

        return result;
    }

    private void OnReadable(FdSource readable, FdEvents ready)
    {
        Span<byte> control = stackalloc byte[ControlSize];
        for (int i = 0; i < PacketsPerTurnMax && IsOpen; i++)
        {
            int flags = 0;
            Result result = loop.Kernel.ReceiveMessage(
                fd, buffer, control, ref flags, out SocketAddress sender, out int controlLength);
            if (result.Is(Errno.EAGAIN))
            {
                return;
            }

            if (!result.IsOk)
            {
                CountError();
                return;
            }

            errorsInRow = 0;
            Counters.Received++;
            if ((flags & TruncatedFlag) != 0)
            {
                Counters.Oversized++;
                continue;
            }

            sender.TryGetPacket(out int interfaceIndex, out _, out byte _, out MacAddress from);
            Deliver(new()
            {
                Octets = buffer.AsSpan(0, result.Int),
                Source = from,
                InterfaceIndex = interfaceIndex,
                IsChecksumUnfilled = IsChecksumUnfilled(control[..controlLength]),
            });
        }
    }

    /// <summary>An error is gone once it is read; one that is not must not keep the loop busy.</summary>
    private void CountError()
    {
        Counters.ReceiveErrors++;
        if (++errorsInRow >= ErrorsInRowMax)
        {
            source!.Interest = FdEvents.None;
            resume ??= loop.AddTimer((_, _) =>
            {
                errorsInRow = 0;
                source.Interest = FdEvents.Readable;
            });
            resume.ArmAfter(ErrorPause);
        }
    }

    private void Deliver(scoped in ReceivedPacket packet)
    {
        bool isClaimed = false;
        PacketListener? listener = listeners.GetValueOrDefault(packet.InterfaceIndex);
        for (; listener is not null; listener = listener.Next)
        {
            if (listener.IsListening)
            {
                isClaimed = true;
                listener.Receive(packet);
            }
        }

        Counters.Delivered += isClaimed ? 1 : 0;
        Counters.Unclaimed += isClaimed ? 0 : 1;
        Overhears?.Invoke(packet);
    }

    /// <summary>Reads <c>tp_status</c>, the first field of <c>struct tpacket_auxdata</c>.</summary>
    private static bool IsChecksumUnfilled(ReadOnlySpan<byte> control)
    {
        while (control.Length >= ControlHeaderSize)
        {
            long length = MemoryMarshal.Read<long>(control);
            if (length < ControlHeaderSize || length > control.Length)
            {
                return false;
            }

            bool isAuxiliaryData = MemoryMarshal.Read<int>(control[8..]) == PacketLevel
                && MemoryMarshal.Read<int>(control[12..]) == AuxiliaryDataType;
            if (isAuxiliaryData && length >= ControlHeaderSize + sizeof(uint))
            {
                return (MemoryMarshal.Read<uint>(control[ControlHeaderSize..]) & ChecksumNotReady) != 0;
            }

            control = control[Math.Min(control.Length, (int)((length + 7) & ~7))..];
        }

        return false;
    }
}
