namespace Spindle.Protocols.Rtnetlink;

/// <summary>What has happened since the start, for status and logs. Only ever goes up.</summary>
public sealed class RtnetlinkCounters
{
    /// <summary>Notifications taken in.</summary>
    public ulong Notifications { get; internal set; }

    /// <summary>Messages that could not be read, or came where they have no business.</summary>
    public ulong Dropped { get; internal set; }

    /// <summary>Objects that were not mirrored because there are too many.</summary>
    public ulong Untracked { get; internal set; }

    /// <summary>Times that notifications were lost.</summary>
    public ulong Overruns { get; internal set; }

    /// <summary>Dumps that were taken to their end.</summary>
    public ulong Dumps { get; internal set; }

    /// <summary>Dumps that were taken again: interrupted, failed, or without an end.</summary>
    public ulong DumpsRetaken { get; internal set; }

    /// <summary>Requests sent.</summary>
    public ulong Requests { get; internal set; }

    /// <summary>Requests that the kernel refused.</summary>
    public ulong RequestsRefused { get; internal set; }

    /// <summary>Requests that were never answered.</summary>
    public ulong RequestsTimedOut { get; internal set; }
}
