using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A unix socket of any type: who it talks to, what waits to be read, and the memory its own messages use.</summary>
/// <remarks>How octets go is <see cref="UnixTransfer"/>'s affair.</remarks>
internal sealed class UnixSocket : SocketFile
{
    private const int ReceivedMax = 10; // net.unix.max_dgram_qlen

    private int memory;

    public UnixSocket(SimulatedMachine machine, SocketType type)
        : base(machine)
    {
        Type = type;
        Relay = new UnixRelay(this);
    }

    public SocketType Type { get; }

    /// <summary>What it was bound to, or its listener was: an abstract name (from its NUL on) or a path; null: nothing. Who was closed
    /// keeps it: messages are told by it.</summary>
    public string? Name { get; set; }

    /// <summary>The file that stands for its name.</summary>
    public MemoryNode? Node { get; set; }

    public UnixSocketState State { get; set; }

    /// <summary>The connected socket; a stream keeps a peer that has been closed.</summary>
    public UnixSocket? Peer { get; set; }

    /// <summary>Process and user that connected, as they were then (SO_PEERCRED); null: nobody known (a pair, a listener).</summary>
    public (int ProcessId, uint User)? PeerCredentials { get; set; }

    /// <summary>True once the socket was closed: who is connected to it finds it dead.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Messages that wait to be read, the oldest first.</summary>
    public LinkedList<UnixMessage> Received { get; } = new();

    /// <summary>The urgent octet that was not read yet.</summary>
    public UnixMessage? Urgent { get; set; }

    /// <summary>Sockets that a listener has accepted and nobody has fetched yet, and how many there may be.</summary>
    public Queue<UnixSocket> Embryos { get; } = new();

    public int Backlog { get; set; }

    /// <summary>Those whose peer this is and who wait for room here.</summary>
    public WaitQueue RoomQueue { get; } = new();

    /// <summary>Its own place in the queue of its peer.</summary>
    public UnixRelay Relay { get; }

    /// <summary>True if more messages wait here than may: only its own peer can send another.</summary>
    public bool IsFull => Received.Count > ReceivedMax && !Machine.Breaks(Mutation.UnixQueueIsUnlimited);

    /// <summary>A datagram socket's peer does not know of it.</summary>
    public bool HasConnection => Type != SocketType.Datagram;

    /// <summary>True if a quarter of the send buffer or less is used: only then one that polls is told of space.</summary>
    public bool HasSpace => State != UnixSocketState.Listening && (Machine.Breaks(Mutation.SpaceIsHalfTheBuffer) ? 2L : 4L) * (memory + 1) <= SendBuffer;

    /// <summary>True if a send need not wait: it may overrun the buffer by one message.</summary>
    public bool MaySend => memory < SendBuffer;

    public static (UnixSocket First, UnixSocket Second) Pair(SimulatedMachine machine, SocketType type)
    {
        UnixSocket first = new(machine, type) { State = UnixSocketState.Established };
        UnixSocket second = new(machine, type) { State = UnixSocketState.Established, Peer = first };
        first.Peer = second;
        return (first, second);
    }

    public override bool IsStream => Type == SocketType.Stream;

    public override PollMask Poll(WaitRegistrar? registrar) => Poll(registrar, ~PollMask.None);

    public override PollMask Poll(WaitRegistrar? registrar, PollMask asked)
    {
        registrar?.Register(Queue);
        PollMask mask = CommonMask();
        mask |= Received.Count > 0 || Embryos.Count > 0 ? PollMask.In | PollMask.ReadNormal : PollMask.None;
        mask |= Urgent is not null ? PollMask.Priority : PollMask.None;
        mask |= HasConnection && State == UnixSocketState.Closed ? PollMask.HangUp : PollMask.None;
        // Who does not ask for space does not wait for it either.
        bool asksForSpace = (asked & PollMask.SocketSpace) != PollMask.None;
        return asksForSpace && HasSpace && !UnixDatagrams.AwaitsPeer(this) ? mask | PollMask.SocketSpace : mask;
    }

    // read(2) of nothing does not reach the socket.
    public override Result Read(Span<byte> destination) =>
        destination.IsEmpty ? Result.Ok(0) : UnixTransfer.Receive(this, destination, isPeek: false, out _, out _);

    public override Result Write(ReadOnlySpan<byte> source) => UnixTransfer.Send(this, source, name: null);

    public Result Connect(string name) => HasConnection ? UnixConnections.Connect(this, name) : UnixDatagrams.Connect(this, name);

    /// <summary>connect(2) with an address of no family.</summary>
    public Result Disconnect() => HasConnection ? Result.Fail(Errno.EINVAL) : UnixDatagrams.Dissolve(this);

    /// <summary>sendto(2) with an address.</summary>
    /// <param name="name">The name in it; null if it has none.</param>
    /// <param name="source">The message.</param>
    public Result SendTo(string? name, ReadOnlySpan<byte> source) => Type switch
    {
        SocketType.Stream => Result.Fail(State == UnixSocketState.Established ? Errno.EISCONN : Errno.EOPNOTSUPP),
        SocketType.SequentialPacket => Write(source), // who it is for was said when it was connected
        _ => name is null ? Result.Fail(Errno.EINVAL) : UnixTransfer.Send(this, source, name),
    };

    public override Result Listen(int backlog) => UnixConnections.Listen(this, backlog);

    public override Result Accept(SimulatedProcess process) => UnixConnections.Accept(process, this);

    public override Result SendUrgent() => UnixUrgent.Send(this);

    public override Result ReceiveUrgent() => UnixUrgent.Receive(this);

    /// <summary>Ends one or both directions.</summary>
    /// <param name="how">0 reading, 1 writing, 2 both.</param>
    public override Result Shutdown(int how)
    {
        if (how is < 0 or > 2)
        {
            return Result.Fail(Errno.EINVAL);
        }

        int mine = how + 1;
        ShutDirections |= mine;
        UnixSocket? other = HasConnection ? Peer : null;
        if (other is not null)
        {
            other.ShutDirections |= ((mine & ShutRead) != 0 ? ShutWrite : 0) | ((mine & ShutWrite) != 0 ? ShutRead : 0);
        }

        WakeAllUnless(Mutation.ShutdownDoesNotWakeItself);
        other?.WakeAllUnless(Mutation.ShutdownDoesNotWakePeer);

        return Result.Ok();
    }

    /// <summary>A message, or a connection, has come.</summary>
    public void AnnounceData()
    {
        if (!(Received.Count > 1 && Machine.Breaks(Mutation.SocketWakesWhenEmpty)))
        {
            Queue.Wake(Machine.Breaks(Mutation.SocketDataHasNoBand) ? PollMask.PipeData : PollMask.SocketData);
        }
    }

    public void Charge(int octets) => memory += octets;

    /// <summary>A message of this socket's is consumed or thrown away: there may be space again.</summary>
    public void Release(int octets)
    {
        memory -= octets;
        AnnounceSpace();
    }

    /// <summary>Throws away what waits to be read.</summary>
    public void Discard()
    {
        Urgent = null;
        while (Received.First is { } node)
        {
            Received.RemoveFirst();
            node.Value.Sender.Release(node.Value.Memory);
        }

        while (Embryos.TryDequeue(out UnixSocket? embryo))
        {
            embryo.End(isEmbryo: true);
        }
    }

    protected override void AnnounceSpace()
    {
        bool wakes = HasSpace || Machine.Breaks(Mutation.SpaceIsAlwaysAnnounced);
        if (!IsDead && wakes && !Machine.Breaks(Mutation.SpaceIsNotAnnounced))
        {
            Queue.Wake(PollMask.SocketSpace);
        }
    }

    protected override void Release() => End(isEmbryo: false);

    private void End(bool isEmbryo)
    {
        IsDead = true;
        State = UnixSocketState.Closed;
        ShutDirections = ShutBoth;
        Machine.UnixNames.Forget(this);
        if (!Machine.Breaks(Mutation.UnixCloseIsSilentToSenders))
        {
            RoomQueue.WakeAll();
        }

        if (Peer is { } receiver && !HasConnection)
        {
            UnixDatagrams.LeaveQueue(this, receiver);
        }

        if (Peer is { } other && HasConnection)
        {
            other.ShutDirections = ShutBoth;
            // One empty message is nothing that could be lost; two are, for the kernel looks no further than to the second.
            bool hasUnread = isEmbryo || Received.Count > 1 || Received.First?.Value.Length > 0;
            if (hasUnread && !Machine.Breaks(Mutation.CloseDoesNotReset))
            {
                other.Error = Errno.ECONNRESET;
            }

            other.WakeAllUnless(Mutation.CloseDoesNotWakePeer);
        }

        Peer = null;
        Discard();
    }
}

/// <summary>States of a <see cref="UnixSocket"/>.</summary>
internal enum UnixSocketState
{
    /// <summary>Not connected yet, or no more.</summary>
    Closed,

    /// <summary>Waits for connections.</summary>
    Listening,

    /// <summary>Connected.</summary>
    Established,
}
