using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Network.Packets;
using Spindle.Simulation.Network.Routing;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Network;

/// <summary>A socket of AF_NETLINK and NETLINK_ROUTE (<c>man 7 netlink</c>): requests are answered before the send returns. What
/// there is no room for is lost, and that is told once (ENOBUFS); then nothing comes until all that came before was read.</summary>
internal sealed class RouteNetlinkSocket : SocketFile
{
    private const int SocketLevel = 1;
    private const int NetlinkLevel = 270;
    private const int ReceiveBufferOption = 8;
    private const int ReceiveBufferForceOption = 33;
    private const int AddMembershipOption = 1;
    private const int DropMembershipOption = 2;
    private const int NoOverrunOption = 5;
    private const int CappedOption = 10;
    private const int ExtendedOption = 11;
    private const int StrictOption = 12;
    private const int TruncateFlag = 0x20;
    private const int PeekFlag = 0x2;
    private const int ReceiveBufferMin = 2304;
    private const int ReceiveBufferMax = 4_194_304; // net.core.rmem_max
    private const int DumpSizeMin = 3776;           // a page without what follows the octets
    private const int DumpSizeMax = 32_768 - 320;

    private readonly Queue<Message> received = new();
    private readonly HashSet<int> options = [];
    private BpfProgram? filter;
    private readonly uint processId;
    private ulong memberships;
    private Dump? dump;
    private int dumpSize = DumpSizeMin;
    private int memory;
    private bool isCongested;

    /// <param name="machine">Whose network it is about.</param>
    /// <param name="processId">The first socket of a process that is bound to no number gets the process's.</param>
    public RouteNetlinkSocket(SimulatedMachine machine, uint processId = 100)
        : base(machine)
    {
        this.processId = processId;
        machine.Network.Netlink.Add(this);
    }

    /// <summary>Its address; 0 until it is bound, by bind or by its first send.</summary>
    public uint PortId { get; private set; }

    /// <summary>SO_RCVBUF as the kernel shows it: twice what was asked for.</summary>
    public int ReceiveBuffer { get; private set; } = 212_992;

    /// <summary>NETLINK_GET_STRICT_CHK.</summary>
    public bool IsStrict => options.Contains(StrictOption);

    /// <summary>Messages that were lost.</summary>
    public ulong Dropped { get; private set; }

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(Queue);
        PollMask data = received.Count > 0 ? PollMask.In | PollMask.ReadNormal : PollMask.None;
        return CommonMask() | data | PollMask.SocketSpace;
    }

    public bool IsMember(int group) => (memberships >> group & 1) != 0;

    /// <summary>bind(2).</summary>
    /// <param name="portId">0 for one of the kernel's choice.</param>
    /// <param name="groups">A bit for each of the first 32 multicast groups.</param>
    public Result BindTo(uint portId, uint groups)
    {
        RouteNetlink netlink = Machine.Network.Netlink;
        if (PortId != 0 && portId != PortId)
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (PortId == 0)
        {
            if (portId != 0 && !netlink.TryTakePort(portId))
            {
                return Result.Fail(Errno.EADDRINUSE);
            }

            PortId = portId != 0 ? portId : netlink.TakeAnyPort(processId);
        }

        memberships = (memberships & ~0x1_FFFF_FFFEul) | (ulong)groups << 1;
        return Result.Ok();
    }

    /// <summary>setsockopt(2) of SOL_SOCKET and SOL_NETLINK.</summary>
    public Result SetOption(int level, int option, ReadOnlySpan<byte> value)
    {
        if (value.Length < sizeof(int))
        {
            return Result.Fail(Errno.EINVAL);
        }

        int number = BinaryPrimitives.ReadInt32LittleEndian(value);
        if (level == SocketLevel && (option is ReceiveBufferOption or ReceiveBufferForceOption))
        {
            uint asked = option == ReceiveBufferOption ? Math.Min((uint)number, ReceiveBufferMax) : Math.Min((uint)number, int.MaxValue / 2);
            ReceiveBuffer = Math.Max((int)asked * 2, ReceiveBufferMin);
            return Result.Ok();
        }

        return level == NetlinkLevel ? SetNetlinkOption(option, number) : Result.Fail(Errno.ENOPROTOOPT);
    }

    /// <summary>getsockopt(2); the value is how many octets were written.</summary>
    public Result GetOption(int level, int option, Span<byte> value)
    {
        int? found = level switch
        {
            SocketLevel when option == ReceiveBufferOption => ReceiveBuffer,
            NetlinkLevel when option is NoOverrunOption or CappedOption or ExtendedOption or StrictOption => options.Contains(option) ? 1 : 0,
            _ => null,
        };
        if (found is not { } number)
        {
            return Result.Fail(Errno.ENOPROTOOPT);
        }

        if (value.Length < sizeof(int))
        {
            return Result.Fail(Errno.EINVAL);
        }

        BinaryPrimitives.WriteInt32LittleEndian(value, number);
        return Result.Ok(sizeof(int));
    }

    /// <summary>A classic BPF program that says which messages come in.</summary>
    public Result AttachFilter(ReadOnlySpan<BpfInstruction> program)
    {
        Result created = BpfProgram.Create(program, out BpfProgram? made);
        filter = made ?? filter;
        return created;
    }

    /// <summary>Sends to the kernel: requests, one after the other.</summary>
    public override Result Write(ReadOnlySpan<byte> source) => SendTo(0, 0, source);

    /// <summary>sendto(2) with a netlink address. Only the kernel can be reached.</summary>
    public Result SendTo(uint portId, uint groups, ReadOnlySpan<byte> source)
    {
        if (PortId == 0)
        {
            BindTo(0, 0);
        }

        if (source.IsEmpty || portId != 0 || groups != 0)
        {
            return Result.Fail(source.IsEmpty ? Errno.ENODATA : Errno.ECONNREFUSED);
        }

        Machine.Network.Netlink.Take(this, source);
        return Result.Ok(source.Length);
    }

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

        bool isPeek = (flags & PeekFlag) != 0;
        Message message = isPeek ? received.Peek() : received.Dequeue();
        senderGroups = message.Group is > 0 and <= 32 ? 1u << (message.Group - 1) : 0;
        int count = Math.Min(message.Octets.Length, destination.Length);
        message.Octets.AsSpan(0, count).CopyTo(destination);
        isTruncated = count < message.Octets.Length;
        dumpSize = Math.Clamp(destination.Length, dumpSize, DumpSizeMax);
        if (!isPeek)
        {
            memory -= message.Memory;
            isCongested &= received.Count > 0;
            GoOn();
        }

        return Result.Ok((flags & TruncateFlag) != 0 ? message.Octets.Length : count);
    }

    public override Result Shutdown(int how) => Result.Fail(Errno.EOPNOTSUPP);

    /// <summary>A message of a group. Who sends it is never told that it was lost.</summary>
    public void Deliver(byte[] message, int group, int cost)
    {
        if (filter?.Run(new BpfPacket(message)) == 0)
        {
            return;
        }

        if (isCongested || memory + cost > ReceiveBuffer)
        {
            Overrun();
            return;
        }

        Enqueue(new Message(message, cost, group));
    }

    /// <summary>An answer to one who asked: there is always room for it, if the buffer is not full already.</summary>
    public void Answer(byte[] message)
    {
        if (memory > ReceiveBuffer)
        {
            Overrun();
            return;
        }

        Enqueue(new Message(message, UnixMemory.OfDatagram(message.Length), 0));
    }

    /// <summary>NLMSG_ERROR: the error, or 0; then the request, or its header alone; then words, if they are wanted.</summary>
    public void Acknowledge(MessageReader request, Answer answer)
    {
        const int WordsAttribute = 1;
        bool isCapped = options.Contains(CappedOption) || answer.IsOk;
        bool hasWords = options.Contains(ExtendedOption) && answer.Words.Length > 0;
        int flags = (isCapped ? MessageFlags.Capped : 0) | (hasWords ? MessageFlags.HasAttributes : 0);
        MessageBuilder message = new(MessageType.Error, flags, request.Sequence, PortId);
        message.UInt32((uint)-(int)answer.Error)
            .Octets(isCapped ? request.Octets[..MessageReader.HeaderSize] : request.Octets);
        if (hasWords)
        {
            message.Attribute(WordsAttribute, answer.Words);
        }

        Answer(message.ToArray());
    }

    /// <summary>Begins a dump: one at a time.</summary>
    public Answer Begin(Dump wanted)
    {
        if (dump is not null)
        {
            return Routing.Answer.Fail(Errno.EBUSY);
        }

        dump = wanted;
        GoOn();
        return Routing.Answer.Done;
    }

    protected override void Release() => Machine.Network.Netlink.Remove(this);

    private Result SetNetlinkOption(int option, int number)
    {
        switch (option)
        {
            case AddMembershipOption or DropMembershipOption when number is < 1 or > Groups.Max:
                return Result.Fail(Errno.EINVAL);
            case AddMembershipOption:
                memberships |= 1ul << number;
                return Result.Ok();
            case DropMembershipOption:
                memberships &= ~(1ul << number);
                return Result.Ok();
            case NoOverrunOption or CappedOption or ExtendedOption or StrictOption:
                _ = number != 0 ? options.Add(option) : options.Remove(option);
                return Result.Ok();
            default:
                return Result.Fail(Errno.ENOPROTOOPT);
        }
    }

    // The next part of a dump is made once half of the room is free.
    private void GoOn()
    {
        if (dump is null || memory > ReceiveBuffer / 2)
        {
            return;
        }

        byte[] part = dump.Next(dumpSize, out bool isLast);
        if (isLast)
        {
            dump = null;
        }

        Enqueue(new Message(part, UnixMemory.OfDatagram(part.Length), 0));
    }

    private void Enqueue(Message message)
    {
        memory += message.Memory;
        received.Enqueue(message);
        Queue.Wake(PollMask.SocketData);
    }

    private void Overrun()
    {
        Dropped++;
        if (!isCongested && !options.Contains(NoOverrunOption))
        {
            Error = Errno.ENOBUFS;
            Queue.Wake(PollMask.Error);
        }

        isCongested = true;
    }

    private readonly record struct Message(byte[] Octets, int Memory, int Group);
}
