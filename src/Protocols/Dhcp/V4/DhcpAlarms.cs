using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>What a client waits for by time; where several are due, the first of these goes first.</summary>
internal enum DhcpAlarm
{
    Expire,
    Rebind,
    Renew,
    NoLease,
    Act,
}

/// <summary>One deadline for each alarm.</summary>
internal sealed class DhcpAlarms
{
    private readonly Instant[] deadlines = new Instant[(int)DhcpAlarm.Act + 1];

    public DhcpAlarms() => Clear();

    /// <summary>The earliest deadline.</summary>
    public Instant Earliest
    {
        get
        {
            Instant earliest = Instant.Never;
            foreach (Instant deadline in deadlines)
            {
                earliest = Instant.Min(earliest, deadline);
            }

            return earliest;
        }
    }

    public void Set(DhcpAlarm alarm, Instant at) => deadlines[(int)alarm] = at;

    public void Clear() => Array.Fill(deadlines, Instant.Never);

    /// <summary>Takes the first alarm that is due, which is then no longer set.</summary>
    public bool TryTakeDue(Instant now, out DhcpAlarm alarm)
    {
        for (alarm = 0; (int)alarm < deadlines.Length; alarm++)
        {
            if (deadlines[(int)alarm] <= now)
            {
                Set(alarm, Instant.Never);
                return true;
            }
        }

        return false;
    }
}
