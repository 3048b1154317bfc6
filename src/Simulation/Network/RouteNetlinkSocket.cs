using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Network;

/// <summary>A socket of AF_NETLINK and NETLINK_ROUTE (<c>man 7 netlink</c>): requests are answered before the send returns.</summary>
internal sealed class RouteNetlinkSocket(SimulatedMachine machine) : SocketFile(machine)
{
    private const int TruncateFlag = 0x20;
    private const int PeekFlag = 0x2;

    private readonly Queue<(byte[] Octets, uint Groups)> received = new();

    /// <summary>Its address; 0 until it is bound, by bind or by its first send.</summary>
    public uint PortId { get; private set; }

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(Queue);
        PollMask data = received.Count > 0 ? PollMask.In | PollMask.ReadNormal : PollMask.None;
        return CommonMask() | data | PollMask.SocketSpace;
    }

    /// <summary>bind(2).</summary>
    /// <param name="portId">0 for one of the kernel's choice.</param>
    /// <param name="groups">A bit for each of the first 32 multicast groups.</param>
    public Result BindTo(uint portId, uint groups)
    {
        PortId = portId;
        return Result.Ok((int)groups & 0);
    }

    /// <summary>setsockopt(2) of SOL_SOCKET and SOL_NETLINK.</summary>
    public Result SetOption(int level, int option, ReadOnlySpan<byte> value) => Result.Fail(Errno.ENOPROTOOPT);

    /// <summary>getsockopt(2); the value is how many octets were written.</summary>
    public Result GetOption(int level, int option, Span<byte> value) => Result.Fail(Errno.ENOPROTOOPT);

    /// <summary>A classic BPF program that says which messages come in.</summary>
    public Result AttachFilter(ReadOnlySpan<BpfInstruction> program) => Result.Fail(Errno.EOPNOTSUPP);

    /// <summary>Sends to the kernel: requests, one after the other.</summary>
    public override Result Write(ReadOnlySpan<byte> source) => SendTo(0, 0, source);

    /// <summary>sendto(2) with a netlink address.</summary>
    public Result SendTo(uint portId, uint groups, ReadOnlySpan<byte> source) => Result.Ok(source.Length);

    public override Result Read(Span<byte> destination) => Receive(destination, 0, out _, out _);

    /// <summary>recvfrom(2) and recvmsg(2).</summary>
    /// <param name="destination">What does not fit is lost.</param>
    /// <param name="flags">MSG_PEEK; MSG_TRUNC: the answer is the message's length even if that is more than fits.</param>
    /// <param name="senderGroups">The group that it was sent to, as a bit; 0 for an answer.</param>
    /// <param name="isTruncated">More would have come than fits.</param>
    public Result Receive(Span<byte> destination, int flags, out uint senderGroups, out bool isTruncated)
    {
        senderGroups = 0;
        isTruncated = false;
        Errno error = TakeError();
        if (error != Errno.None || received.Count == 0)
        {
            return Result.Fail(error != Errno.None ? error : Errno.EAGAIN);
        }

        (byte[] octets, senderGroups) = (flags & PeekFlag) != 0 ? received.Peek() : received.Dequeue();
        int count = Math.Min(octets.Length, destination.Length);
        octets.AsSpan(0, count).CopyTo(destination);
        isTruncated = count < octets.Length;
        return Result.Ok((flags & TruncateFlag) != 0 ? octets.Length : count);
    }

    public override Result Shutdown(int how) => Result.Fail(Errno.EOPNOTSUPP);
}
