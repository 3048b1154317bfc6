using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A netlink socket that receives a group. What there is no room for is lost, and that is told once, until all that
/// came before was read.</summary>
internal sealed class NetlinkSocket(SimulatedMachine machine) : SocketFile(machine)
{
    private readonly Queue<byte[]> received = new();
    private int memory;
    private bool isCongested;
    private NetlinkSocket? peer;

    /// <summary>It has a port, which others can send to: from its binding, or from its first message on.</summary>
    public bool IsBound { get; private set; }

    /// <summary>SO_RCVBUF; the smallest there is.</summary>
    public int ReceiveBuffer { get; set; } = 2304;

    /// <summary>From now on it receives what is sent to the group.</summary>
    public void JoinGroup()
    {
        IsBound = true;
        Machine.NetlinkGroup.Insert(0, this);
    }

    /// <summary>From now on it sends to the other, and takes from nobody else.</summary>
    public Result ConnectTo(NetlinkSocket other)
    {
        IsBound = true;
        peer = other.IsBound ? other : null; // who has no port has the kernel's
        return Result.Ok();
    }

    /// <summary>To the one it is connected to; else to the kernel, which listens to nobody of this family.</summary>
    public override Result Write(ReadOnlySpan<byte> source) => SendTo(peer, source);

    /// <summary>A message to one other: there is room for it or it is refused, and what finds an empty queue always has room.</summary>
    /// <param name="other">Null for the kernel.</param>
    /// <param name="source">The message.</param>
    public Result SendTo(NetlinkSocket? other, ReadOnlySpan<byte> source)
    {
        IsBound = true;
        if (source.IsEmpty)
        {
            return Result.Fail(Errno.ENODATA);
        }

        if (other is not { IsOpen: true, IsBound: true } || (other.peer is { } only && only != this))
        {
            return Result.Fail(Errno.ECONNREFUSED);
        }

        int size = UnixMemory.OfDatagram(source.Length);
        if (other.isCongested || (other.memory > 0 && other.memory + size >= other.ReceiveBuffer))
        {
            return Result.Fail(Errno.EAGAIN);
        }

        other.Take(source.ToArray(), size);
        return Result.Ok(source.Length);
    }

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(Queue);
        PollMask data = received.Count > 0 ? PollMask.In | PollMask.ReadNormal : PollMask.None;
        return CommonMask() | data | PollMask.SocketSpace;
    }

    /// <summary>A message to all in the group: the sender is never told that it was lost.</summary>
    public Result SendToGroup(ReadOnlySpan<byte> source)
    {
        const int HeaderSize = 16;
        byte[] message = new byte[source.Length + HeaderSize];
        source.CopyTo(message.AsSpan(HeaderSize));
        foreach (NetlinkSocket receiver in Machine.NetlinkGroup)
        {
            receiver.Deliver(message);
        }

        return Result.Ok(source.Length);
    }

    public override Result Read(Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return Result.Ok(0);
        }

        Errno error = TakeError();
        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        if (!received.TryDequeue(out byte[]? message))
        {
            return Result.Fail(Errno.EAGAIN);
        }

        memory -= UnixMemory.OfDatagram(message.Length);
        isCongested &= received.Count > 0;
        int count = Math.Min(message.Length, destination.Length);
        message.AsSpan(0, count).CopyTo(destination);
        return Result.Ok(count);
    }

    public override Result Shutdown(int how) => Result.Fail(Errno.EOPNOTSUPP);

    protected override void Release() => Machine.NetlinkGroup.Remove(this);

    private void Deliver(byte[] message)
    {
        int size = UnixMemory.OfDatagram(message.Length);
        if (isCongested || memory + size >= ReceiveBuffer)
        {
            Overrun();
            return;
        }

        Take(message, size);
    }

    private void Take(byte[] message, int size)
    {
        memory += size;
        received.Enqueue(message);
        WakeUnless(Mutation.NetlinkMessageIsSilent, PollMask.SocketData);
    }

    private void Overrun()
    {
        if (!isCongested)
        {
            isCongested = true;
            Error = Errno.ENOBUFS;
            WakeUnless(Mutation.NetlinkOverrunIsSilent, PollMask.Error);
        }
    }
}
