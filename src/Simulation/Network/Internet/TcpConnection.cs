using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network.Internet;

/// <summary>One side of a TCP connection over links (RFC 9293): plain, without scaled windows, selective acknowledgements,
/// delayed ones or congestion control. It lives on without its socket until the other side is done too.</summary>
internal sealed class TcpConnection
{
    private const int SegmentSizeDefaultV4 = 536;
    private const int SegmentSizeDefaultV6 = 1220;
    private const int DuplicatesMax = 3;
    private static readonly TimeSpan TimeWait = TimeSpan.FromSeconds(60);

    private readonly InternetStack stack;
    private readonly TcpSendQueue queue = new();
    private readonly TcpReassembly reassembly = new();
    private readonly TcpRetransmission retransmission = new();
    private TcpSocket? socket;
    private Alarm? alarm;
    private uint unacknowledged;
    private uint next;
    private uint recover;
    private uint expected;
    private uint window;
    private uint windowSequence;
    private uint windowAcknowledgement;
    private int duplicates;
    private int segmentSize;
    private bool isSynOpen;
    private bool isFinQueued;
    private bool isFinSent;
    private bool isWindowClosed;
    private Errno softError;

    /// <param name="stack">Whose connection it is.</param>
    /// <param name="socket">Who reads and writes.</param>
    /// <param name="endpoints">Between whom.</param>
    /// <param name="way">What is asked of the routes for each segment.</param>
    public TcpConnection(InternetStack stack, TcpSocket socket, in TcpEndpoints endpoints, in RouteQuery way)
    {
        Way = way;
        this.stack = stack;
        this.socket = socket;
        Endpoints = endpoints;
        next = unacknowledged = recover = stack.Network.Draw(uint.MaxValue);
        segmentSize = endpoints.Local.IsV4 ? SegmentSizeDefaultV4 : SegmentSizeDefaultV6;
    }

    public TcpEndpoints Endpoints { get; }

    public RouteQuery Way { get; }

    public TcpConnectionState State { get; private set; }

    /// <summary>The listener whose connection this is to be, until it stands.</summary>
    public TcpSocket? Listener { get; private set; }

    /// <summary>Octets that were not acknowledged yet, those not sent among them.</summary>
    public int Unsent => queue.Length;

    private VirtualClock Clock => stack.Clock;

    private bool MaySendData => State is TcpConnectionState.Established or TcpConnectionState.CloseWait;

    // TCP_NODELAY; nobody adds to what a closed socket has left.
    private bool IsUrgent => socket is null || socket.IsNoDelay;

    private uint InFlight => next - unacknowledged;

    /// <summary>Begins to connect.</summary>
    public void Connect()
    {
        Enter(TcpConnectionState.SynSent);
        SendSyn(TcpSegment.Syn);
    }

    /// <summary>Answers a SYN that a listener got.</summary>
    public void Answer(TcpSocket listener, in TcpSegment segment)
    {
        Listener = listener;
        expected = segment.Sequence + 1;
        Take(segment);
        Enter(TcpConnectionState.SynReceived);
        SendSyn(TcpSegment.Syn | TcpSegment.Acknowledge);
    }

    /// <summary>Octets to be sent, when there is room at the other side.</summary>
    public void Send(ReadOnlySpan<byte> octets)
    {
        queue.Add(octets);
        SendMore();
    }

    /// <summary>No more octets will come.</summary>
    public void Finish()
    {
        if (isFinQueued || State is TcpConnectionState.Closed)
        {
            return;
        }

        isFinQueued = true;
        if (MaySendData)
        {
            Enter(State == TcpConnectionState.CloseWait ? TcpConnectionState.LastAck : TcpConnectionState.FinWait1);
        }

        SendMore();
    }

    /// <summary>The socket is gone; what is to be sent still is.</summary>
    public void Detach()
    {
        socket = null;
        if (State == TcpConnectionState.SynSent)
        {
            End();
            return;
        }

        Finish();
        if (State == TcpConnectionState.FinWait2)
        {
            Wait();
        }
    }

    /// <summary>Ends it with RST.</summary>
    public void Abort()
    {
        socket = null;
        if (State is not (TcpConnectionState.Closed or TcpConnectionState.SynSent or TcpConnectionState.TimeWait))
        {
            Transmit(next, TcpSegment.Reset | TcpSegment.Acknowledge, default);
        }

        End();
    }

    /// <summary>The socket has read: if there was no room before, the other side is told that there is.</summary>
    public void Read()
    {
        if (isWindowClosed && Window() > 0)
        {
            Acknowledge();
        }
    }

    /// <summary>An ICMP error: the end of what does not stand yet, else only the reason given if it never gets better.</summary>
    public void Fail(in IcmpError error)
    {
        if (error.Error == Errno.EMSGSIZE)
        {
            LimitSegmentSize();
            Resend();
        }
        else if (State is TcpConnectionState.SynSent)
        {
            Break(error.Error);
        }
        else
        {
            softError = error.Error;
        }
    }

    /// <summary>A segment of this connection.</summary>
    public void Receive(in TcpSegment segment)
    {
        if (State == TcpConnectionState.SynSent)
        {
            ReceiveInSynSent(segment);
            return;
        }

        if (!IsAcceptable(segment))
        {
            if (!segment.IsReset)
            {
                Acknowledge();
            }

            return;
        }

        if (segment.IsReset)
        {
            // Elsewhere in the window it could be forged: who means it repeats it (RFC 5961, section 3.2).
            if (segment.Sequence == expected)
            {
                Break(State == TcpConnectionState.SynReceived ? Errno.ECONNREFUSED : Errno.ECONNRESET);
            }
            else
            {
                Acknowledge();
            }

            return;
        }

        if (segment.IsSyn)
        {
            Acknowledge(); // RFC 5961, section 4.2
            return;
        }

        if (segment.IsAcknowledgement && TryAcknowledge(segment))
        {
            ReceiveData(segment);
            SendMore();
        }
    }

    private void ReceiveInSynSent(in TcpSegment segment)
    {
        bool isOurs = segment.IsAcknowledgement && segment.Acknowledgement == next;
        if (segment.IsAcknowledgement && !isOurs)
        {
            if (!segment.IsReset)
            {
                Transmit(segment.Acknowledgement, TcpSegment.Reset, default);
            }

            return;
        }

        if (segment.IsReset)
        {
            if (isOurs)
            {
                Break(Errno.ECONNREFUSED);
            }

            return;
        }

        if (!segment.IsSyn)
        {
            return;
        }

        expected = segment.Sequence + 1;
        Take(segment);
        if (!isOurs)
        {
            // Both sides have asked at once.
            Enter(TcpConnectionState.SynReceived);
            Transmit(unacknowledged, TcpSegment.Syn | TcpSegment.Acknowledge, default);
            return;
        }

        Acknowledged(next);
        Establish();
        Acknowledge();
        socket?.Connected();
        SendMore();
    }

    private bool IsAcceptable(in TcpSegment segment)
    {
        uint room = Math.Max(Window(), 1);
        uint offset = segment.Sequence - expected;
        uint end = segment.Sequence + Math.Max(segment.Length, 1) - 1 - expected;
        return offset < room || end < room || (segment.Sequence == expected && segment.Data.IsEmpty);
    }

    private bool TryAcknowledge(in TcpSegment segment)
    {
        uint acknowledged = segment.Acknowledgement;
        if ((int)(acknowledged - next) > 0)
        {
            Acknowledge(); // of what was never sent
            return false;
        }

        if (State == TcpConnectionState.SynReceived && !TryEstablish(acknowledged))
        {
            return false;
        }

        bool isNewer = (int)(segment.Sequence - windowSequence) > 0
            || (segment.Sequence == windowSequence && (int)(acknowledged - windowAcknowledgement) >= 0);
        bool isDuplicate = acknowledged == unacknowledged && segment.Length == 0 && segment.Window == window && InFlight > 0;
        if (isNewer)
        {
            window = segment.Window;
            windowSequence = segment.Sequence;
            windowAcknowledgement = acknowledged;
        }

        if ((int)(acknowledged - unacknowledged) > 0)
        {
            Acknowledged(acknowledged);
            if ((int)(recover - unacknowledged) > 0)
            {
                Resend();
            }
        }
        else if (isDuplicate && ++duplicates == DuplicatesMax)
        {
            recover = next;
            Resend();
        }

        AdvanceClosing();
        return State != TcpConnectionState.Closed;
    }

    private bool TryEstablish(uint acknowledged)
    {
        if (acknowledged != next)
        {
            Transmit(acknowledged, TcpSegment.Reset, default);
            return false;
        }

        Establish();
        if (Listener is not { } listener)
        {
            socket?.Connected();
            return true;
        }

        Listener = null;
        if (!listener.TryTakeIn(socket!))
        {
            Abort();
            return false;
        }

        return true;
    }

    // Whoever has closed meanwhile is done with sending.
    private void Establish() => Enter(isFinQueued ? TcpConnectionState.FinWait1 : TcpConnectionState.Established);

    private void Acknowledged(uint acknowledged)
    {
        uint count = acknowledged - unacknowledged;
        queue.Drop((int)Math.Min(count - (isSynOpen ? 1u : 0), (uint)queue.Length));
        isSynOpen = false;
        unacknowledged = acknowledged;
        duplicates = 0;
        retransmission.Acknowledged(acknowledged, Clock.Now);
        stack.Tcp.Confirm(Endpoints);
        Arm();
        socket?.SpaceFreed();
    }

    // Our FIN was acknowledged: the next state, if its time has come.
    private void AdvanceClosing()
    {
        if (!isFinQueued || queue.Length > 0 || InFlight > 0 || !isFinSent)
        {
            return;
        }

        switch (State)
        {
            case TcpConnectionState.FinWait1:
                Enter(TcpConnectionState.FinWait2);
                if (socket is null)
                {
                    Wait();
                }

                break;
            case TcpConnectionState.Closing:
                Enter(TcpConnectionState.TimeWait);
                Wait();
                break;
            case TcpConnectionState.LastAck:
                End();
                break;
        }
    }

    private void ReceiveData(in TcpSegment segment)
    {
        if (segment.Length == 0 || State == TcpConnectionState.Closed)
        {
            return;
        }

        if (socket is null && segment.Data.Length > 0 && State is not TcpConnectionState.TimeWait
            && (int)(segment.Sequence + (uint)segment.Data.Length - expected) > 0)
        {
            Abort(); // Nobody will ever read this.
            return;
        }

        reassembly.Add(segment.Sequence - expected, segment.Data, segment.IsFin, Window());
        bool isFin = false;
        while (reassembly.TryTake(out byte[] octets, out isFin))
        {
            expected += (uint)octets.Length;
            socket?.Received(octets);
        }

        if (isFin)
        {
            expected++;
            ReceiveFin();
        }

        if (State != TcpConnectionState.Closed)
        {
            Acknowledge();
        }
    }

    private void ReceiveFin()
    {
        switch (State)
        {
            case TcpConnectionState.Established:
                Enter(TcpConnectionState.CloseWait);
                break;
            case TcpConnectionState.FinWait1:
                Enter(TcpConnectionState.Closing);
                break;
            case TcpConnectionState.FinWait2:
                Enter(TcpConnectionState.TimeWait);
                Wait();
                break;
        }

        socket?.Finished();
    }

    private void SendMore()
    {
        bool mayFin = State is TcpConnectionState.FinWait1 or TcpConnectionState.LastAck or TcpConnectionState.Closing;
        if (!MaySendData && !mayFin)
        {
            return;
        }

        while (true)
        {
            int sent = (int)(isFinSent ? InFlight - 1 : InFlight);
            int left = queue.Length - sent;
            int room = (int)Math.Min((long)window - sent, int.MaxValue);
            int count = Math.Min(Math.Min(left, room), segmentSize);
            bool isFin = isFinQueued && !isFinSent && count == left && mayFin;

            // A small segment waits for the acknowledgement of what is on its way (RFC 9293, section 3.7.4), unless it is the last.
            bool waits = count < segmentSize && sent > 0 && !(count == left && (IsUrgent || isFin));
            if ((count <= 0 || waits) && !isFin)
            {
                break;
            }

            SendAt(sent, Math.Max(count, 0), isFin);
            if (isFin)
            {
                break;
            }
        }

        Arm();
    }

    private void SendAt(int offset, int count, bool isFin)
    {
        uint sequence = next;
        next += (uint)count + (isFin ? 1u : 0);
        isFinSent |= isFin;
        retransmission.Sent(next, Clock.Now);
        byte push = count > 0 && offset + count == queue.Length ? TcpSegment.Push : (byte)0;
        Transmit(sequence, (byte)(TcpSegment.Acknowledge | push | (isFin ? TcpSegment.Fin : 0)), queue.Slice(offset, count));
    }

    private void SendSyn(byte flags)
    {
        isSynOpen = true;
        next++;
        retransmission.Sent(next, Clock.Now);
        Arm();
        Transmit(unacknowledged, flags, default);
    }

    // The oldest segment once more.
    private void Resend()
    {
        retransmission.Resent();
        if (isSynOpen)
        {
            byte flags = State == TcpConnectionState.SynSent ? TcpSegment.Syn : (byte)(TcpSegment.Syn | TcpSegment.Acknowledge);
            Transmit(unacknowledged, flags, default);
            return;
        }

        int sent = (int)(isFinSent ? InFlight - 1 : InFlight);
        int count = Math.Min(Math.Min(queue.Length, sent), segmentSize);
        bool isFin = isFinSent && count == queue.Length;
        Transmit(unacknowledged, (byte)(TcpSegment.Acknowledge | (isFin ? TcpSegment.Fin : 0)), queue.Slice(0, count));
    }

    private void Acknowledge() => Transmit(next, TcpSegment.Acknowledge, default);

    private void Transmit(uint sequence, byte flags, ReadOnlySpan<byte> data)
    {
        uint room = Window();
        isWindowClosed = room == 0;
        stack.Tcp.Transmit(Endpoints, new TcpSegment
        {
            SourcePort = Endpoints.LocalPort,
            DestinationPort = Endpoints.RemotePort,
            Sequence = sequence,
            Acknowledgement = (flags & TcpSegment.Acknowledge) != 0 ? expected : 0,
            Flags = flags,
            Window = (ushort)room,
            SegmentSizeMax = (flags & TcpSegment.Syn) != 0 ? (ushort)stack.Tcp.SegmentSize(Endpoints) : (ushort)0,
            Data = data,
        });
    }

    private uint Window() => (uint)Math.Clamp(socket?.ReceiveRoom ?? ushort.MaxValue, 0, ushort.MaxValue);

    private void Take(in TcpSegment segment)
    {
        window = segment.Window;
        windowSequence = segment.Sequence;
        windowAcknowledgement = segment.Acknowledgement;
        segmentSize = segment.SegmentSizeMax != 0 ? segment.SegmentSizeMax : segmentSize;
        LimitSegmentSize();
    }

    private void LimitSegmentSize() => segmentSize = Math.Max(Math.Min(segmentSize, stack.Tcp.SegmentSize(Endpoints)), 1);

    private void Arm()
    {
        alarm?.Cancel();
        alarm = null;
        bool isStuck = queue.Length > 0 && InFlight == 0 && window == 0;
        if (InFlight > 0 || isStuck)
        {
            alarm = Clock.Set(Clock.Now + retransmission.Timeout, TimePassed);
        }
    }

    private void TimePassed()
    {
        alarm = null;
        if (!retransmission.TryAgain(State, socket is null))
        {
            Break(softError != Errno.None ? softError : Errno.ETIMEDOUT);
            return;
        }

        if (InFlight == 0)
        {
            SendAt(0, 1, isFin: false); // Is there still no room?
        }
        else
        {
            recover = next;
            Resend();
        }

        Arm();
    }

    // After the last word: what is late must not reach the next connection of the same ports.
    private void Wait()
    {
        alarm?.Cancel();
        alarm = Clock.Set(Clock.Now + TimeWait, End);
    }

    private void Break(Errno error)
    {
        TcpSocket? owner = Listener is null ? socket : null;
        socket = null;
        End();
        owner?.Broken(error);
    }

    private void Enter(TcpConnectionState next) => State = next;

    private void End()
    {
        alarm?.Cancel();
        alarm = null;
        Enter(TcpConnectionState.Closed);
        stack.Tcp.Forget(this);
    }
}
