using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A TCP socket on the loopback: what one side sends is at the other before the call returns. How many octets are on
/// their way at the most is the kernel's secret, which it changes as it goes; here it is a constant.</summary>
internal sealed class TcpSocket(SimulatedMachine machine) : SocketFile(machine)
{
    private const int CapacityMax = 2_500_000;

    private readonly TcpStream stream = new();
    private readonly Queue<TcpSocket> embryos = new();
    private TcpSocket? peer;
    private int backlog;
    private bool hasNoSpace;
    private bool hasFin;
    private bool isConnectReported;

    public TcpState State { get; private set; }

    // Others may use a third of the capacity before one that waits for space is told of it.
    private bool HasSpace => peer is null || peer.stream.Length <= CapacityMax / 3 * 2;

    public override bool IsStream => true;

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

        mask |= stream.Length >= ReceiveLowWater ? PollMask.In | PollMask.ReadNormal : PollMask.None;
        mask |= stream.HasUrgent ? PollMask.Priority : PollMask.None;
        hasNoSpace |= !IsShut(ShutWrite) && !HasSpace;
        return mask | (IsShut(ShutWrite) || HasSpace ? PollMask.PipeSpace : PollMask.None);
    }

    public override Result Bind(string? name) => Result.Ok();

    public override Result Listen(int count)
    {
        if (State is not (TcpState.Closed or TcpState.Listen))
        {
            return Result.Fail(Errno.EINVAL);
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

    /// <summary>Begins to connect. The answer is there by the time of the return, but told by what comes after.</summary>
    public override Result ConnectTo(SocketFile other)
    {
        if (State is TcpState.Listen or TcpState.Established or TcpState.SynSent || ShutDirections != 0)
        {
            return ConnectAgain();
        }

        if (other is not TcpSocket { State: TcpState.Listen } listener)
        {
            Error = Errno.ECONNREFUSED;
            ShutDirections = ShutBoth;
            Queue.Wake(PollMask.Error);
            Queue.WakeAll();
            return Result.Fail(Errno.EINPROGRESS);
        }

        State = TcpState.SynSent;
        if (listener.embryos.Count <= listener.backlog)
        {
            TcpSocket embryo = new(Machine) { State = TcpState.Established, peer = this };
            peer = embryo;
            State = TcpState.Established;
            Queue.WakeAll();
            listener.embryos.Enqueue(embryo);
            listener.Queue.Wake(PollMask.SocketData);
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

        int room = peer is null ? 0 : CapacityMax - peer.stream.Length;
        if (room <= 0 && !source.IsEmpty)
        {
            hasNoSpace = true;
            return Result.Fail(Errno.EAGAIN);
        }

        int count = Math.Min(room, source.Length);
        if (count > 0)
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
            return Result.Ok(count);
        }

        Errno error = hasFin ? Errno.None : TakeError();
        return error != Errno.None ? Result.Fail(error)
            : IsShut(ShutRead) ? Result.Ok(0)
            : Result.Fail(State == TcpState.Closed ? Errno.ENOTCONN : Errno.EAGAIN);
    }

    public override Result SendUrgent()
    {
        Result result = Write([]);
        if (result.IsOk && peer is not null)
        {
            peer.Receive([1], isUrgent: true, this);
            return Result.Ok(1);
        }

        return result;
    }

    public override Result ReceiveUrgent() => stream.TakeUrgent() ? Result.Ok(1) : Result.Fail(Errno.EINVAL);

    public override Result Shutdown(int how)
    {
        if (State == TcpState.Listen && how != 1)
        {
            State = TcpState.Closed;
            ResetEmbryos();
            Queue.WakeAll();
            return Result.Ok();
        }

        if (State != TcpState.Established)
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
        }

        Queue.WakeAll();
        return Result.Ok();
    }

    /// <summary>The next close sends RST (SO_LINGER with no time).</summary>
    public void Reset()
    {
        TcpSocket? other = peer;
        peer = null;
        other?.ReceiveReset();
    }

    protected override void Release()
    {
        LeavePort();
        ResetEmbryos();
        if (peer is { } other && (stream.Length > 0 || stream.HasUrgent))
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
        }
    }

    private void Receive(ReadOnlySpan<byte> octets, bool isUrgent, TcpSocket sender)
    {
        // Nobody will ever read this: the socket is closed, or both its directions are.
        if (!IsOpen && State == TcpState.Closed || IsShut(ShutBoth))
        {
            sender.ReceiveReset();
            if (IsOpen)
            {
                ReceiveReset();
            }

            return;
        }

        if (isUrgent)
        {
            stream.AddUrgent();
            Queue.Wake(PollMask.SocketData);
            return;
        }

        stream.Add(octets);
        if (stream.Length >= ReceiveLowWater)
        {
            Queue.Wake(PollMask.SocketData);
        }
    }

    private void ReceiveFin()
    {
        ShutDirections |= ShutRead;
        hasFin = true;
        Queue.WakeAll();
    }

    private void ReceiveReset()
    {
        if (State == TcpState.Closed)
        {
            return;
        }

        // Who had been told that the other is done hears of it as of a broken pipe.
        bool isCloseWait = hasFin && !IsShut(ShutWrite);
        Error = isCloseWait ? Errno.EPIPE : Errno.ECONNRESET;
        ShutDirections = ShutBoth;
        State = TcpState.Closed;
        peer = null;
        Queue.Wake(PollMask.Error);
        Queue.WakeAll();
    }

    protected override void AnnounceSpace()
    {
        if (hasNoSpace && HasSpace)
        {
            hasNoSpace = false;
            Queue.Wake(PollMask.SocketSpace);
        }
    }
}

/// <summary>States of a <see cref="TcpSocket"/>, as far as poll tells them apart.</summary>
internal enum TcpState
{
    /// <summary>Not connected yet, or no more.</summary>
    Closed,

    /// <summary>Waits for connections.</summary>
    Listen,

    /// <summary>Has asked for one.</summary>
    SynSent,

    /// <summary>Connected; which directions have ended is told by the shutdown.</summary>
    Established,
}
