using System;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Actors.Hosts;

/// <summary>Where a connection is (RFC 9293, section 3.3.2); what closes first waits in TimeWait.</summary>
internal enum TcpState
{
    SynSent,
    SynReceived,
    Established,
    FinWait,
    CloseWait,
    LastAck,
    TimeWait,
    Closed,
}

/// <summary>One TCP connection, small: in-order receipt, one retransmission timer, the peer's window, no congestion control.</summary>
internal sealed class TcpConnection
{
    private const int RetriesMax = 8;
    private const ushort OurSegmentSize = 1440;
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromSeconds(1); // RFC 6298, section 2.1.
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TimeWaitSpan = TimeSpan.FromSeconds(60);

    private readonly TcpTable table;
    private readonly ITcpApplication application;
    private byte[] outgoing = [];
    private int outgoingCount;
    private uint sentAndUnacknowledged; // SND.UNA
    private uint nextToSend; // SND.NXT
    private uint nextToReceive; // RCV.NXT
    private uint peerWindow;
    private int segmentSize = 536;
    private bool isFinishWanted;
    private bool isFinishSent;
    private int retries;
    private Alarm? retryAlarm;

    internal TcpConnection(TcpTable table, TcpEnds ends, ITcpApplication application)
    {
        this.table = table;
        Ends = ends;
        this.application = application;
        sentAndUnacknowledged = (uint)table.Stack.Context.Choices.NextUInt64();
        nextToSend = sentAndUnacknowledged;
    }

    public TcpEnds Ends { get; }

    public TcpState State { get; private set; }

    /// <summary>The window that the peer is told; 0 makes it wait.</summary>
    public ushort ReceiveWindow { get; set; } = 16_384;

    /// <summary>Octets that the peer has not acknowledged yet.</summary>
    public int Outstanding => outgoingCount;

    private VirtualClock Clock => table.Stack.Context.Clock;

    private bool CanSend => State is TcpState.Established or TcpState.CloseWait or TcpState.FinWait or TcpState.LastAck;

    /// <summary>Sends octets as fast as the peer takes them.</summary>
    public void Send(ReadOnlySpan<byte> octets)
    {
        if (isFinishWanted || State == TcpState.Closed)
        {
            return;
        }

        if (outgoingCount + octets.Length > outgoing.Length)
        {
            Array.Resize(ref outgoing, Math.Max(outgoing.Length * 2, outgoingCount + octets.Length));
        }

        octets.CopyTo(outgoing.AsSpan(outgoingCount));
        outgoingCount += octets.Length;
        Push();
    }

    /// <summary>Sends no more after what was given to <see cref="Send"/>.</summary>
    public void Finish()
    {
        if (!isFinishWanted && State != TcpState.Closed)
        {
            isFinishWanted = true;
            Push();
        }
    }

    /// <summary>Ends it with a reset.</summary>
    public void Abort()
    {
        if (State != TcpState.Closed)
        {
            SendSegment(TcpFlags.Reset | TcpFlags.Acknowledge, nextToSend, default);
            Close(false);
        }
    }

    /// <summary>Ends it without a word to anybody.</summary>
    internal void Vanish()
    {
        retryAlarm?.Cancel();
        State = TcpState.Closed;
        table.Remove(this);
    }

    internal void OpenActively()
    {
        State = TcpState.SynSent;
        SendSegment(TcpFlags.Synchronize, nextToSend++, default);
        ArmRetry();
    }

    internal void OpenPassively(in TcpSegment synchronize)
    {
        TakeSynchronize(synchronize);
        State = TcpState.SynReceived;
        SendSegment(TcpFlags.Synchronize | TcpFlags.Acknowledge, nextToSend++, default);
        ArmRetry();
    }

    internal void Receive(in TcpSegment segment)
    {
        if (State == TcpState.SynSent)
        {
            ReceiveInSynSent(segment);
            return;
        }

        bool isInOrder = segment.Sequence == nextToReceive;
        if (segment.Has(TcpFlags.Reset))
        {
            if (isInOrder)
            {
                Close(State == TcpState.TimeWait);
            }

            return;
        }

        if (segment.Has(TcpFlags.Synchronize))
        {
            RepeatOrChallenge();
            return;
        }

        if (!segment.Has(TcpFlags.Acknowledge))
        {
            return;
        }

        TakeAcknowledgement(segment);
        if (State != TcpState.Closed && segment.Length > 0)
        {
            TakeText(segment, isInOrder);
        }
    }

    private void ReceiveInSynSent(in TcpSegment segment)
    {
        bool isAnswer = segment.Has(TcpFlags.Acknowledge) && segment.Acknowledgement == nextToSend;
        if (segment.Has(TcpFlags.Reset) && isAnswer)
        {
            Close(false);
        }
        else if (segment.Has(TcpFlags.Synchronize) && isAnswer)
        {
            TakeSynchronize(segment);
            sentAndUnacknowledged = segment.Acknowledgement;
            SettleRetry();
            State = TcpState.Established;
            SendAcknowledgement();
            application.Opened(this);
            Push();
        }
    }

    private void TakeSynchronize(in TcpSegment segment)
    {
        nextToReceive = segment.Sequence + 1;
        peerWindow = segment.Window;
        segmentSize = Math.Min(OurSegmentSize, segment.MaximumSegmentSize == 0 ? (ushort)536 : segment.MaximumSegmentSize);
    }

    /// <summary>A SYN once more: ours was lost, or it is a stranger's (RFC 5961, section 4).</summary>
    private void RepeatOrChallenge()
    {
        if (State == TcpState.SynReceived)
        {
            SendSegment(TcpFlags.Synchronize | TcpFlags.Acknowledge, sentAndUnacknowledged, default);
        }
        else
        {
            SendAcknowledgement();
        }
    }

    private void TakeAcknowledgement(in TcpSegment segment)
    {
        uint news = segment.Acknowledgement - sentAndUnacknowledged;
        uint outstanding = nextToSend - sentAndUnacknowledged;
        if (news > outstanding)
        {
            return;
        }

        peerWindow = segment.Window;
        if (State == TcpState.SynReceived && news > 0)
        {
            State = TcpState.Established;
            sentAndUnacknowledged++;
            news--;
            SettleRetry();
            application.Opened(this);
        }

        if (news > 0)
        {
            Acknowledge(news);
        }

        if (State != TcpState.Closed)
        {
            Push();
        }
    }

    private void Acknowledge(uint news)
    {
        int octets = (int)Math.Min(news, (uint)outgoingCount);
        outgoing.AsSpan(octets, outgoingCount - octets).CopyTo(outgoing);
        outgoingCount -= octets;
        sentAndUnacknowledged += news;
        SettleRetry();
        if (isFinishSent && sentAndUnacknowledged == nextToSend && State == TcpState.LastAck)
        {
            Close(true);
        }
    }

    private void TakeText(in TcpSegment segment, bool isInOrder)
    {
        if (!isInOrder || segment.Payload.Length > ReceiveWindow)
        {
            SendAcknowledgement();
            return;
        }

        nextToReceive += segment.Length;
        bool isFinish = segment.Has(TcpFlags.Finish);
        SendAcknowledgement();
        if (segment.Payload.Length > 0)
        {
            application.Received(this, segment.Payload);
        }

        if (isFinish && State != TcpState.Closed)
        {
            TakeFinish();
        }
    }

    private void TakeFinish()
    {
        if (State == TcpState.Established)
        {
            State = isFinishSent ? TcpState.LastAck : TcpState.CloseWait;
            application.PeerFinished(this);
        }
        else if (State == TcpState.FinWait)
        {
            State = TcpState.TimeWait;
            retryAlarm?.Cancel();
            application.PeerFinished(this);
            retryAlarm = Clock.Set(Clock.Now + TimeWaitSpan, () => Close(true));
        }
    }

    /// <summary>Sends what the window allows, then the FIN.</summary>
    private void Push()
    {
        if (!CanSend)
        {
            return;
        }

        while (true)
        {
            int inFlight = (int)(nextToSend - sentAndUnacknowledged) - (isFinishSent ? 1 : 0);
            int count = Math.Min(segmentSize, Math.Min(outgoingCount - inFlight, (int)peerWindow - inFlight));
            if (count <= 0 || isFinishSent)
            {
                break;
            }

            SendSegment(TcpFlags.Acknowledge | TcpFlags.Push, nextToSend, outgoing.AsSpan(inFlight, count));
            nextToSend += (uint)count;
            ArmRetry();
        }

        if (isFinishWanted && !isFinishSent && nextToSend - sentAndUnacknowledged == outgoingCount)
        {
            isFinishSent = true;
            State = State == TcpState.CloseWait ? TcpState.LastAck : TcpState.FinWait;
            SendSegment(TcpFlags.Finish | TcpFlags.Acknowledge, nextToSend++, default);
            ArmRetry();
        }

        if (outgoingCount > 0 && peerWindow == 0)
        {
            ArmRetry(); // Probes the closed window (RFC 9293, section 3.8.6.1).
        }
    }

    private void ArmRetry()
    {
        if (retryAlarm is { IsSet: true })
        {
            return;
        }

        TimeSpan delay = TimeSpan.FromTicks(Math.Min(RetryDelayMin.Ticks << retries, RetryDelayMax.Ticks));
        retryAlarm = Clock.Set(Clock.Now + delay, Retry);
    }

    private void SettleRetry()
    {
        retries = 0;
        retryAlarm?.Cancel();
        if (nextToSend != sentAndUnacknowledged)
        {
            ArmRetry();
        }
    }

    private void Retry()
    {
        if (++retries > RetriesMax)
        {
            Close(false);
            return;
        }

        switch (State)
        {
            case TcpState.SynSent:
                SendSegment(TcpFlags.Synchronize, sentAndUnacknowledged, default);
                break;
            case TcpState.SynReceived:
                SendSegment(TcpFlags.Synchronize | TcpFlags.Acknowledge, sentAndUnacknowledged, default);
                break;
            case TcpState.Established or TcpState.CloseWait or TcpState.FinWait or TcpState.LastAck when outgoingCount > 0:
                int count = Math.Min(outgoingCount, peerWindow == 0 ? 1 : segmentSize);
                SendSegment(TcpFlags.Acknowledge | TcpFlags.Push, sentAndUnacknowledged, outgoing.AsSpan(0, count));
                nextToSend = nextToSend == sentAndUnacknowledged ? nextToSend + (uint)count : nextToSend;
                break;
            case TcpState.FinWait or TcpState.LastAck when nextToSend != sentAndUnacknowledged:
                SendSegment(TcpFlags.Finish | TcpFlags.Acknowledge, sentAndUnacknowledged, default);
                break;
            default:
                return;
        }

        ArmRetry();
    }

    private void SendAcknowledgement() => SendSegment(TcpFlags.Acknowledge, nextToSend, default);

    private void SendSegment(TcpFlags flags, uint sequence, ReadOnlySpan<byte> payload) =>
        table.Stack.SendTcp(Ends.Local, Ends.Remote, new()
        {
            SourcePort = Ends.LocalPort,
            DestinationPort = Ends.RemotePort,
            Sequence = sequence,
            Acknowledgement = (flags & TcpFlags.Acknowledge) != 0 ? nextToReceive : 0,
            Flags = flags,
            Window = ReceiveWindow,
            MaximumSegmentSize = (flags & TcpFlags.Synchronize) != 0 ? OurSegmentSize : (ushort)0,
            Payload = payload,
        });

    private void Close(bool isOrderly)
    {
        if (State != TcpState.Closed)
        {
            Vanish();
            application.Closed(this, isOrderly);
        }
    }
}
