using System;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Which tables are to be dumped, which is being dumped, and when the next may be.</summary>
internal sealed class DumpSchedule(RtnetlinkMirror mirror, RtnetlinkCounters counters)
{
    /// <summary>So long after the last part a dump is given up. The kernel makes parts while they are read.</summary>
    private static readonly TimeSpan PartTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Silent changes come in heaps (an address goes, then its link): wait for the heap.</summary>
    private static readonly TimeSpan SuspectDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>Between two dumps for silent changes, so that a storm of them costs a bounded share of the time.</summary>
    private static readonly TimeSpan SuspectGap = TimeSpan.FromMilliseconds(50);

    /// <summary>After more than <see cref="RetakesAtOnce"/> bad dumps in a row: a storm goes on, do not feed it.</summary>
    private static readonly TimeSpan RetakeDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>A dump that is refused again and again (no memory, for instance) is asked for this often at last.</summary>
    private static readonly TimeSpan RetakeDelayMax = TimeSpan.FromSeconds(5);

    private const int RetakesAtOnce = 3;
    private const int NotSupported = 95;
    private const int FamilyNotSupported = 97;

    private RtnetlinkTables wanted;
    private RtnetlinkTables running;
    private bool isInterrupted;
    private bool isHeld;
    private int retakes;
    private Instant notBefore = Instant.Zero;
    private Instant partDeadline = Instant.Never;
    private Instant suspectsNotBefore = Instant.Zero;

    /// <summary>True if a dump runs.</summary>
    public bool IsRunning => running != RtnetlinkTables.None;

    /// <summary>True if a dump runs or waits.</summary>
    public bool IsBusy => IsRunning || wanted != RtnetlinkTables.None;

    /// <summary>The number of the dump that runs.</summary>
    public uint Sequence { get; private set; }

    /// <summary>When to look again.</summary>
    public Instant Deadline =>
        IsRunning ? partDeadline : wanted == RtnetlinkTables.None ? Instant.Never : notBefore;

    /// <summary>All tables are to be dumped.</summary>
    public void WantAll(Instant now)
    {
        wanted = RtnetlinkTables.All;
        isHeld = false;
        notBefore = retakes > RetakesAtOnce ? now + RetakeDelay : now;
    }

    /// <summary>Some tables changed silently.</summary>
    public void Suspect(RtnetlinkTables tables, Instant now)
    {
        if ((tables & ~wanted) == RtnetlinkTables.None)
        {
            return;
        }

        if (wanted == RtnetlinkTables.None && !isHeld)
        {
            notBefore = Instant.Max(now + SuspectDelay, suspectsNotBefore);
        }

        wanted |= tables;
    }

    /// <summary>Nothing is dumped for now, and the dump that runs counts for nothing.</summary>
    public void Hold(Instant now)
    {
        isInterrupted |= IsRunning;
        retakes++;
        isHeld = true;
        notBefore = Instant.Never;
        partDeadline = IsRunning ? now + PartTimeout : Instant.Never;
    }

    /// <summary>The dump that runs lost a part or its request: it is taken again.</summary>
    public void Break(Instant now)
    {
        if (IsRunning)
        {
            isInterrupted = true;
            End(now);
        }
    }

    /// <summary>Begins the next dump, if one is due.</summary>
    public bool TryBegin(uint sequence, Instant now, out ReadOnlyMemory<byte> request)
    {
        request = default;
        if (IsRunning || wanted == RtnetlinkTables.None || now < notBefore)
        {
            return false;
        }

        running = (RtnetlinkTables)((int)wanted & -(int)wanted);
        wanted &= ~running;
        isInterrupted = false;
        Sequence = sequence == 0 ? 1 : sequence;
        partDeadline = now + PartTimeout;
        suspectsNotBefore = now + SuspectGap;
        mirror.BeginDump(running);
        request = DumpRequest(running, Sequence);
        return true;
    }

    /// <summary>A part of the dump that runs has come.</summary>
    public void TakePart(NetlinkFlags flags, Instant now)
    {
        isInterrupted |= (flags & NetlinkFlags.DumpInterrupted) != 0;
        partDeadline = now + PartTimeout;
    }

    /// <summary>The end of the dump has come, or the kernel's refusal.</summary>
    public void TakeEnd(NetlinkMessage message, Instant now)
    {
        bool isRead = NetlinkError.TryRead(message, out NetlinkError error);
        bool isNothing = error.Number is NotSupported or FamilyNotSupported;
        isInterrupted |= (message.Header.Flags & NetlinkFlags.DumpInterrupted) != 0
            || !isRead || (!error.IsOk && !isNothing);
        End(now);
    }

    /// <summary>Gives a dump up whose parts stopped coming.</summary>
    public void GiveUpLate(Instant now)
    {
        if (IsRunning && now >= partDeadline)
        {
            Break(now);
        }
    }

    private void End(Instant now)
    {
        mirror.EndDump(!isInterrupted);
        RtnetlinkTables ended = running;
        running = RtnetlinkTables.None;
        if (!isInterrupted)
        {
            retakes = 0;
            counters.Dumps++;
            return;
        }

        counters.DumpsRetaken++;
        retakes++;
        wanted |= ended;
        if (!isHeld)
        {
            notBefore = now + RetakeDelayNow();
        }
    }

    private TimeSpan RetakeDelayNow()
    {
        if (retakes <= RetakesAtOnce)
        {
            return TimeSpan.Zero;
        }

        double factor = Math.Pow(2, Math.Min(retakes - RetakesAtOnce - 1, 16));
        return TimeSpan.FromTicks(Math.Min((long)(RetakeDelay.Ticks * factor), RetakeDelayMax.Ticks));
    }

    private static byte[] DumpRequest(RtnetlinkTables table, uint sequence)
    {
        (NetlinkMessageType type, int fixedSize, byte family) = table switch
        {
            RtnetlinkTables.Links => (NetlinkMessageType.GetLink, 16, (byte)0),
            RtnetlinkTables.Addresses => (NetlinkMessageType.GetAddress, 8, (byte)0),
            RtnetlinkTables.RoutesV4 => (NetlinkMessageType.GetRoute, 12, RtnetlinkFamily.Number(IpFamily.V4)),
            RtnetlinkTables.RoutesV6 => (NetlinkMessageType.GetRoute, 12, RtnetlinkFamily.Number(IpFamily.V6)),
            RtnetlinkTables.Rules => (NetlinkMessageType.GetRule, 12, (byte)0),
            _ => throw new ArgumentOutOfRangeException(nameof(table)),
        };

        // With strict checking, all that is not asked for must be zero.
        byte[] octets = new byte[NetlinkHeader.Size + fixedSize];
        NetlinkWriter writer = new(octets, type, NetlinkFlags.Request | NetlinkFlags.Dump, sequence);
        writer.Reserve(fixedSize)[0] = family;
        writer.Finish();
        return octets;
    }
}
