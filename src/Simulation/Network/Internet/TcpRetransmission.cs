using System;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>How long to wait for an acknowledgement (RFC 6298, with Linux's bounds), and how often to try.</summary>
internal sealed class TcpRetransmission
{
    private const int SynRetriesMax = 6; // tcp_syn_retries
    private const int SynLinearMax = 4; // tcp_syn_linear_timeouts, on top of them
    private const int SynAckRetriesMax = 5; // tcp_synack_retries
    private const int RetriesMax = 15; // tcp_retries2
    private const int OrphanRetriesMax = 8; // tcp_orphan_retries
    private static readonly TimeSpan Initial = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(120);

    private TimeSpan smoothed;
    private TimeSpan variation;
    private bool hasSample;
    private TimeSpan timeout = Initial;
    private uint timedSequence;
    private Instant? timedAt;

    /// <summary>Times that the oldest segment was sent again without an answer.</summary>
    public int Retries { get; private set; }

    /// <summary>How long from the last sending on.</summary>
    public TimeSpan Timeout { get; private set; } = Initial;

    /// <summary>The oldest segment is sent again; false if that was often enough.</summary>
    public bool TryAgain(TcpConnectionState state, bool isOrphan)
    {
        int max = state switch
        {
            TcpConnectionState.SynSent => SynRetriesMax + SynLinearMax,
            TcpConnectionState.SynReceived => SynAckRetriesMax,
            _ => isOrphan ? OrphanRetriesMax : RetriesMax,
        };
        if (Retries >= max)
        {
            return false;
        }

        Retries++;
        bool isLinear = state == TcpConnectionState.SynSent && Retries <= SynLinearMax;
        Timeout = isLinear ? Timeout : TimeSpan.FromTicks(Math.Min(Timeout.Ticks * 2, Max.Ticks));
        return true;
    }

    /// <summary>Everything before this number was sent; one such at a time is timed.</summary>
    public void Sent(uint next, Instant now)
    {
        if (timedAt is null)
        {
            timedSequence = next;
            timedAt = now;
        }
    }

    /// <summary>Something was sent again: whose acknowledgement comes could not be told (RFC 6298, section 3).</summary>
    public void Resent() => timedAt = null;

    /// <summary>Something new was acknowledged, up to this number.</summary>
    public void Acknowledged(uint sequence, Instant now)
    {
        if (timedAt is { } at && (int)(sequence - timedSequence) >= 0)
        {
            Sample(now - at);
            timedAt = null;
        }

        Retries = 0;
        Timeout = timeout;
    }

    private void Sample(TimeSpan sample)
    {
        variation = hasSample ? (variation * 0.75) + ((smoothed - sample).Duration() * 0.25) : sample / 2;
        smoothed = hasSample ? (smoothed * 0.875) + (sample * 0.125) : sample;
        hasSample = true;
        TimeSpan spread = variation * 4 < Min ? Min : variation * 4;
        timeout = smoothed + spread > Max ? Max : smoothed + spread;
    }
}
