using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A TCP socket (<c>man 7 tcp</c>). Between two of this machine what one side sends is at the other before the call
/// returns; how many octets are on their way at the most is the kernel's secret, which it changes as it goes, and here a constant.
/// Over a link there is a <see cref="TcpConnection"/> between them.</summary>
internal sealed class TcpSocket(SimulatedMachine machine, AddressFamily family = AddressFamily.Inet)
    : InternetSocket(machine, family, SocketType.Stream)
{
    private const int OutOfBandFlag = 1;
    private const int CapacityMax = 2_500_000;

    private readonly TcpStream stream = new();
    private readonly Queue<TcpSocket> embryos = new();
    private readonly TcpOptions options = new();
    private TcpSocket? peer;
    private int backlog;
    private bool hasNoSpace;
    private bool hasFin;
    private bool isConnectReported;

    public TcpState State { get; private set; }

    public override int Protocol => IpProtocol.Tcp;

    /// <summary>What goes over links; null for a connection within the machine.</summary>
    public TcpConnection? Connection { get; set; }

    /// <summary>TCP_NODELAY.</summary>
    public bool IsNoDelay => options.IsNoDelay;

    /// <summary>Octets that may yet come.</summary>
    public int ReceiveRoom => (ReceiveBuffer / 2) - stream.Length;

    /// <summary>True if a listener has room for one connection more.</summary>
    public bool MayTakeIn => State == TcpState.Listen && embryos.Count <= backlog;

    // A third of the capacity is free before one that waits for space is told of it.
    private bool HasSpace => Connection is { } connection ? connection.Unsent <= SendBuffer / 3 * 2
        : peer is null || peer.stream.Length <= CapacityMax / 3 * 2;

    public override bool IsStream => true;

    /// <summary>SO_RCVLOWAT: whoever watches is told if there is as much already.</summary>
    public override int ReceiveLowWater
    {
        get => base.ReceiveLowWater;
        set
        {
            base.ReceiveLowWater = value;
            if (hasFin || stream.Arrived >= value)
            {
                Queue.Wake(PollMask.SocketData);
            }
        }
    }

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(Queue);
        if (State == TcpState.Listen)
        {
            return embryos.Count > 0 ? PollMask.In | PollMask.ReadNormal : PollMask.None;
        }

        PollMask mask = CommonMask() | (State == TcpState.Closed ? PollMask.HangUp : PollMask.None);
        if (State == TcpState.SynSent)
        {
            return mask;
        }

        mask |= IsEnough(stream.Available) ? PollMask.In | PollMask.ReadNormal : PollMask.None;
        mask |= stream.HasUrgent ? PollMask.Priority : PollMask.None;
        hasNoSpace |= !IsShut(ShutWrite) && !HasSpace;
        return mask | (IsShut(ShutWrite) || HasSpace ? PollMask.PipeSpace : PollMask.None);
    }

    public override Result Listen(int count)
    {
        if (State is not (TcpState.Closed or TcpState.Listen))
        {
            return Result.Fail(Errno.EINVAL);
        }

        Result taken = Port == 0 ? TakePort(Local, 0) : Result.Ok();
        if (!taken.IsOk)
        {
            return taken;
        }

        State = TcpState.Listen;
        backlog = count;
        return Result.Ok();
    }

    public override Result Accept(SimulatedProcess process)
    {
        return State != TcpState.Listen ? Result.Fail(Errno.EINVAL)
            : embryos.TryDequeue(out TcpSocket? embryo) ? process.Open(embryo) : Result.Fail(Errno.EAGAIN);
    }

    /// <summary>Begins to connect. Within the machine the answer is there by the time of the return, but told by what comes after.</summary>
    public override Result ConnectTo(SimulatedProcess process, in SocketAddress address)
    {
        if (State is TcpState.Listen or TcpState.Established or TcpState.SynSent || ShutDirections != 0)
        {
            return ConnectAgain();
        }

        Result found = FindWay(address, out TcpEndpoints endpoints, out RouteQuery way, out RouteChoice route);
        if (!found.IsOk)
        {
            return found;
        }

        Local = endpoints.Local;
        Remote = endpoints.Remote;
        RemotePort = endpoints.RemotePort;
        if (route.Type == RouteType.Local)
        {
            ConnectWithin(Machine.Internet.Tcp.FindListener(endpoints.Remote, endpoints.RemotePort, Machine.Network.Loopback));
        }
        else
        {
            State = TcpState.SynSent;
            Machine.Internet.Tcp.Connect(this, endpoints, way with { Source = endpoints.Local });
        }

        return Result.Fail(Errno.EINPROGRESS);
    }

    public override Result Write(ReadOnlySpan<byte> source)
    {
        if (Error != Errno.None || IsShut(ShutWrite) || State is TcpState.Closed or TcpState.Listen)
        {
            Errno error = TakeError();
            return Result.Fail(error != Errno.None ? error : Errno.EPIPE);
        }

        int room = Connection is { } over ? State == TcpState.SynSent ? 0 : SendBuffer - over.Unsent
            : peer is null ? 0 : CapacityMax - peer.stream.Length;
        if (room <= 0 && !source.IsEmpty)
        {
            hasNoSpace = true;
            return Result.Fail(Errno.EAGAIN);
        }

        int count = Math.Min(room, source.Length);
        if (count > 0 && Connection is { } connection)
        {
            connection.Send(source[..count]);
        }
        else if (count > 0)
        {
            peer!.Receive(source[..count], isUrgent: false, this);
        }

        return Result.Ok(count);
    }

    public override Result Read(Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return Result.Ok(0);
        }

        if (State == TcpState.Listen)
        {
            return Result.Fail(Errno.ENOTCONN);
        }

        int count = stream.TakeTo(destination);
        if (count > 0)
        {
            peer?.AnnounceSpace();
            Connection?.Read();
            return Result.Ok(count);
        }

        Errno error = hasFin ? Errno.None : TakeError();
        return error != Errno.None ? Result.Fail(error)
            : IsShut(ShutRead) ? Result.Ok(0)
            : Result.Fail(State == TcpState.Closed ? Errno.ENOTCONN : Errno.EAGAIN);
    }

    public override Result SendUrgent()
    {
        Result result = Connection is null ? Write([]) : Result.Fail(Errno.EOPNOTSUPP);
        if (result.IsOk && peer is not null)
        {
            peer.Receive([1], isUrgent: true, this);
            return Result.Ok(1);
        }

        return result;
    }

    public override Result ReceiveUrgent() => State == TcpState.Listen ? Result.Fail(Errno.ENOTCONN)
        : !stream.HasUrgent ? Result.Fail(Errno.EINVAL)
        : State == TcpState.Closed && !hasFin ? Result.Fail(Errno.ENOTCONN) // the connection was reset
        : Result.Ok(stream.TakeUrgent());

    public override Result Shutdown(int how)
    {
        if (State == TcpState.Listen && how != 1)
        {
            State = TcpState.Closed;
            ShutDirections = 0; // what was shut down before it listened is forgotten
            ResetEmbryos();
            Queue.WakeAll();
            return Result.Ok();
        }

        if (State != TcpState.Established || Connection is { State: TcpConnectionState.TimeWait or TcpConnectionState.Closed })
        {
            // It takes effect all the same, and whoever polls is told.
            ShutDirections |= State == TcpState.Closed ? how + 1 : 0;
            Queue.WakeAll();
            return Result.Fail(Errno.ENOTCONN);
        }

        bool hadFinSent = IsShut(ShutWrite);
        ShutDirections |= how + 1;
        if (IsShut(ShutWrite) && !hadFinSent)
        {
            peer?.ReceiveFin();
            Connection?.Finish();
        }

        WakeAllUnless(Mutation.TcpShutdownIsSilent);
        EndIfDone();
        return Result.Ok();
    }

    /// <summary>The next close sends RST (SO_LINGER with no time).</summary>
    public void Reset()
    {
        TcpSocket? other = peer;
        peer = null;
        other?.ReceiveReset();
        Connection?.Abort();
        Connection = null;
    }

    public override Result SendMessage(
        SimulatedProcess process, ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, in SocketAddress address) =>
        (flags & OutOfBandFlag) != 0 && data.Length == 1 ? SendUrgent() : Write(data);

    /// <summary>Reads; a stream has no sender and no control data.</summary>
    public override Result ReceiveMessage(
        Span<byte> data, Span<byte> control, ref int flags, out SocketAddress sender, out int controlLength)
    {
        sender = default;
        controlLength = 0;
        (int asked, flags) = (flags, 0);
        return (asked & OutOfBandFlag) != 0 ? ReceiveUrgent()
            : (asked & PeekFlag) != 0 && stream.Length > 0 ? Result.Ok(stream.PeekTo(data)) : Read(data);
    }

    public override Result SetOption(SimulatedProcess process, int level, int option, ReadOnlySpan<byte> value)
    {
        if (level != TcpOptions.Level)
        {
            return base.SetOption(process, level, option, value);
        }

        bool isThere = TryNumber(value, out int number);
        if (!isThere || !TcpOptions.IsKnown(option))
        {
            return Result.Fail(isThere ? Errno.ENOPROTOOPT : Errno.EINVAL);
        }

        options[option] = number;
        return Result.Ok();
    }

    public override Result GetOption(int level, int option, Span<byte> value) => level != TcpOptions.Level ? base.GetOption(level, option, value)
        : TcpOptions.IsKnown(option) ? Number(value, options[option]) : Result.Fail(Errno.ENOPROTOOPT);

    /// <summary>A connection that a listener gets over a link, before it stands.</summary>
    public TcpSocket Embryo(in TcpEndpoints endpoints, SimulatedLink? link)
    {
        TcpSocket embryo = NewEmbryo(endpoints);
        embryo.DeviceIndex = NeedsScope(endpoints.Remote) ? link?.Index ?? 0 : DeviceIndex;
        return embryo;
    }

    /// <summary>The connection stands: it waits to be accepted. False if nobody will.</summary>
    public bool TryTakeIn(TcpSocket embryo)
    {
        if (State != TcpState.Listen || !IsOpen)
        {
            return false;
        }

        embryo.State = TcpState.Established;
        TakeIn(embryo);
        return true;
    }

    /// <summary>The other side has answered.</summary>
    public void Connected()
    {
        State = TcpState.Established;
        Queue.WakeAll();
    }

    /// <summary>Octets came over a link, in their order.</summary>
    public void Received(byte[] octets)
    {
        if (IsShut(ShutRead) && !hasFin)
        {
            return; // Nobody reads any more; the other side is not told.
        }

        stream.Add(octets);
        AnnounceData();
    }

    /// <summary>The other side will send no more.</summary>
    public void Finished() => ReceiveFin();

    /// <summary>Something was acknowledged: there may be room for more.</summary>
    public void SpaceFreed() => AnnounceSpace();

    /// <summary>The connection is no more, or never was.</summary>
    public void Broken(Errno error)
    {
        bool wasConnected = State == TcpState.Established;
        Connection = null;
        if (wasConnected && error == Errno.ECONNRESET)
        {
            ReceiveReset();
            return;
        }

        Fail(error);
    }

    protected override Result TakePort(IpAddress local, ushort port) => Machine.Internet.Tcp.Take(this, local, port);

    protected override void Release()
    {
        if (Port != 0)
        {
            Machine.Internet.Tcp.Leave(this);
        }

        ResetEmbryos();
        if (Connection is { } connection)
        {
            Connection = null;
            if (stream.Arrived > 0 || Options.LingerSeconds == 0)
            {
                connection.Abort();
            }
            else
            {
                connection.Detach();
            }
        }

        if (Options.LingerSeconds == 0)
        {
            Reset();
        }

        if (peer is { } other && stream.Arrived > 0)
        {
            // Who closes with unread data tells the other that it is lost.
            other.ReceiveReset();
        }
        else if (peer is { } still && !IsShut(ShutWrite))
        {
            still.ReceiveFin();
        }

        State = TcpState.Closed;
    }

    // Where a connection would go, and from where.
    private Result FindWay(in SocketAddress address, out TcpEndpoints endpoints, out RouteQuery way, out RouteChoice route)
    {
        endpoints = default;
        way = default;
        route = default;
        Result result = Parse(address, out IpAddress remote, out ushort port, out int scope);
        if (!result.IsOk)
        {
            return result;
        }

        remote = !remote.IsUnspecified ? remote : remote.IsV4 ? IpAddress.FromV4(127, 0, 0, 1) : IpAddress.FromV6(1);
        result = Confine(remote, scope);
        result = result.IsOk ? Query(remote, IsAddressBound ? Local : null, 0, out way) : result;
        if (!result.IsOk)
        {
            return result;
        }

        bool isFound = Machine.Internet.TryRoute(way, out route, out Errno error);
        if (!isFound || route.Type is not (RouteType.Unicast or RouteType.Local))
        {
            return Result.Fail(isFound ? Errno.ENETUNREACH : error);
        }

        IpAddress local = IsAddressBound ? Local : route.PreferredSource;
        if (local.IsUnspecified)
        {
            return Result.Fail(Errno.EADDRNOTAVAIL);
        }

        result = Port == 0 ? TakePort(local, 0) : Result.Ok();
        endpoints = new TcpEndpoints(local, Port, remote, port);
        return !result.IsOk ? Result.Fail(Errno.EADDRNOTAVAIL)
            : Machine.Internet.Tcp.Exists(endpoints) ? Result.Fail(Errno.EADDRNOTAVAIL) : Result.Ok();
    }

    private void ConnectWithin(TcpSocket? listener)
    {
        if (listener is null)
        {
            Fail(Errno.ECONNREFUSED);
            return;
        }

        State = TcpState.SynSent;
        if (listener.MayTakeIn)
        {
            TcpSocket embryo = listener.NewEmbryo(new TcpEndpoints(Remote!.Value, RemotePort, Local, Port));
            embryo.State = TcpState.Established;
            embryo.peer = this;
            peer = embryo;
            State = TcpState.Established;
            WakeAllUnless(Mutation.TcpConnectIsSilent);
            listener.TakeIn(embryo);
        }
    }

    private void TakeIn(TcpSocket embryo)
    {
        Machine.Internet.Tcp.Share(embryo);
        embryos.Enqueue(embryo);
        WakeUnless(Mutation.TcpListenerIsSilent, PollMask.SocketData);
    }

    private TcpSocket NewEmbryo(in TcpEndpoints endpoints)
    {
        return new TcpSocket(Machine, Family)
        {
            Local = endpoints.Local,
            Port = endpoints.LocalPort,
            Remote = endpoints.Remote,
            RemotePort = endpoints.RemotePort,
        };
    }

    private void Fail(Errno error)
    {
        State = TcpState.Closed;
        Error = error;
        ShutDirections = ShutBoth;
        Queue.Wake(PollMask.Error);
        Queue.WakeAll();
    }

    // The first answer of a second connect is how the first one went.
    private Result ConnectAgain()
    {
        if (State == TcpState.Listen)
        {
            return Result.Fail(Errno.EISCONN);
        }

        if (State == TcpState.Established)
        {
            bool wasReported = isConnectReported;
            isConnectReported = true;
            return wasReported ? Result.Fail(Errno.EISCONN) : Result.Ok();
        }

        if (State == TcpState.SynSent)
        {
            return Result.Fail(Errno.EALREADY);
        }

        Errno error = TakeError();
        ShutDirections = 0;
        return Result.Fail(error != Errno.None ? error : Errno.ECONNABORTED);
    }

    private void ResetEmbryos()
    {
        while (embryos.TryDequeue(out TcpSocket? embryo))
        {
            embryo.Reset();
            Machine.Internet.Tcp.Leave(embryo);
        }
    }

    private void Receive(ReadOnlySpan<byte> octets, bool isUrgent, TcpSocket sender)
    {
        // Nobody will ever read this: the socket is closed, or both its directions are.
        if (!IsOpen && State == TcpState.Closed || IsShut(ShutBoth))
        {
            if (isUrgent)
            {
                stream.RefuseUrgent();
            }

            if (IsOpen)
            {
                ReceiveReset();
            }

            sender.ReceiveReset();
            return;
        }

        if (isUrgent)
        {
            stream.AddUrgent();
            WakeUnless(Mutation.TcpUrgentIsSilent, PollMask.SocketData);
            return;
        }

        stream.Add(octets);
        AnnounceData();
    }

    private void ReceiveFin()
    {
        ShutDirections |= ShutRead;
        hasFin = true;
        WakeAllUnless(Mutation.TcpFinIsSilent);
        EndIfDone();
    }

    // Both sides are done with sending: within the machine there is nothing that this could still wait for.
    private void EndIfDone()
    {
        if (hasFin && IsShut(ShutWrite) && Connection is null && State == TcpState.Established)
        {
            State = TcpState.Closed;
            peer = null;
            Queue.WakeAll();
        }
    }

    private void ReceiveReset()
    {
        if (State == TcpState.Closed)
        {
            return;
        }

        // Who had been told that the other is done hears of it as of a broken pipe.
        bool isCloseWait = hasFin && !IsShut(ShutWrite) && !Machine.Breaks(Mutation.TcpResetIsNoBrokenPipe);
        Error = isCloseWait ? Errno.EPIPE : Errno.ECONNRESET;
        ShutDirections = ShutBoth;
        State = TcpState.Closed;
        peer = null;
        WakeUnless(Mutation.TcpResetIsSilent, PollMask.Error);
        WakeAllUnless(Mutation.TcpResetIsSilent);
    }

    private bool IsEnough(int octets) =>
        octets >= ReceiveLowWater || (stream.Length > 0 && Machine.Breaks(Mutation.TcpIgnoresLowWater));

    private void AnnounceData()
    {
        if (IsEnough(stream.Arrived))
        {
            WakeUnless(Mutation.TcpDataIsSilent, PollMask.SocketData);
        }
    }

    protected override void AnnounceSpace()
    {
        if (HasSpace && (hasNoSpace || Machine.Breaks(Mutation.TcpSpaceIsAlwaysAnnounced)))
        {
            hasNoSpace = false;
            WakeUnless(Mutation.TcpSpaceIsSilent, PollMask.SocketSpace);
        }
    }
}
