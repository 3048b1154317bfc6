using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A UDP socket on the loopback. A datagram is delivered before the send returns, and its memory is the receiver's by
/// then: so the sender is told of space each time.</summary>
internal sealed class UdpSocket(SimulatedMachine machine) : SocketFile(machine)
{
    private readonly Queue<byte[]> received = new();
    private readonly int receiveBuffer = 212_992; // net.core.rmem_default
    private int memory;
    private UdpSocket? peer;

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(Queue);
        PollMask data = received.Count > 0 ? PollMask.In | PollMask.ReadNormal : PollMask.None;
        return CommonMask() | data | PollMask.SocketSpace;
    }

    public override Result Bind(string? name) => Result.Ok();

    public override Result ConnectTo(SocketFile other)
    {
        peer = other as UdpSocket;
        return peer is null ? Result.Fail(Errno.EINVAL) : Result.Ok();
    }

    public override Result Write(ReadOnlySpan<byte> source) =>
        peer is null ? Result.Fail(Errno.EDESTADDRREQ) : SendTo(peer, source);

    public override Result SendTo(SocketFile other, ReadOnlySpan<byte> source)
    {
        const int DatagramMax = 65507;
        Errno error = TakeError();
        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        if (source.Length > DatagramMax || IsShut(ShutWrite))
        {
            return Result.Fail(IsShut(ShutWrite) ? Errno.EPIPE : Errno.EMSGSIZE);
        }

        Queue.Wake(PollMask.SocketSpace);
        if (other is UdpSocket receiver && receiver.Hears(this))
        {
            receiver.Deliver(source.ToArray());
        }
        else if (other == peer)
        {
            // Nobody is there: the answer (ICMP) is an error for a socket that is connected.
            Error = Errno.ECONNREFUSED;
            Queue.Wake(PollMask.Error);
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

        if (!received.TryDequeue(out byte[]? datagram))
        {
            return Result.Fail(Errno.EAGAIN);
        }

        memory -= UnixMemory.OfDatagram(datagram.Length);
        int count = Math.Min(datagram.Length, destination.Length);
        datagram.AsSpan(0, count).CopyTo(destination);
        return Result.Ok(count);
    }

    /// <summary>Takes effect on an unconnected socket too, which says ENOTCONN all the same.</summary>
    public override Result Shutdown(int how)
    {
        ShutDirections |= how + 1;
        Queue.WakeAll();
        return peer is null ? Result.Fail(Errno.ENOTCONN) : Result.Ok();
    }

    protected override void Release() => LeavePort();

    // One that is connected hears nobody but its peer.
    private bool Hears(UdpSocket sender) => IsOpen && (peer is null || peer == sender);

    // What there is no room for is lost without a word.
    private void Deliver(byte[] datagram)
    {
        int size = UnixMemory.OfDatagram(datagram.Length);
        if (memory + size <= receiveBuffer)
        {
            memory += size;
            received.Enqueue(datagram);
            Queue.Wake(PollMask.SocketData);
        }
    }
}
