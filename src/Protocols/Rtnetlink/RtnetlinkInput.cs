namespace Spindle.Protocols.Rtnetlink;

/// <summary>What happened.</summary>
public enum RtnetlinkInputKind
{
    /// <summary>The sockets are open and the groups joined.</summary>
    Started,

    /// <summary>A message came on the notification socket, from the kernel.</summary>
    NotificationReceived,

    /// <summary>A message came on the request socket, from the kernel.</summary>
    ReplyReceived,

    /// <summary>The notification socket says that messages were lost, or one came that cannot be read.</summary>
    NotificationsLost,

    /// <summary>The request socket says that messages were lost, or one came that cannot be read.</summary>
    RepliesLost,

    /// <summary>The notification socket was read until it was empty.</summary>
    Drained,

    /// <summary>Somebody wants something of the kernel.</summary>
    RequestMade,

    /// <summary>What <see cref="RtnetlinkOutputKind.Send"/> asked for could not be sent.</summary>
    SendFailed,

    /// <summary>The deadline has come.</summary>
    TimePassed,
}

/// <summary>One thing that happened.</summary>
public readonly ref struct RtnetlinkInput
{
    private RtnetlinkInput(RtnetlinkInputKind kind) => Kind = kind;

    /// <summary>What happened.</summary>
    public RtnetlinkInputKind Kind { get; }

    /// <summary>The message that came.</summary>
    public NetlinkMessage Message { get; private init; }

    /// <summary>The request that was made.</summary>
    public NetlinkRequest? Request { get; private init; }

    /// <summary>What the maker of the request wants back with the answer.</summary>
    public object? Completion { get; private init; }

    /// <summary>The sequence number that could not be sent.</summary>
    public uint Sequence { get; private init; }

    /// <summary>Why it could not be sent (errno).</summary>
    public int ErrorNumber { get; private init; }

    /// <summary>The sockets are open and the groups joined.</summary>
    public static RtnetlinkInput Started => new(RtnetlinkInputKind.Started);

    /// <summary>Notifications were lost.</summary>
    public static RtnetlinkInput NotificationsLost => new(RtnetlinkInputKind.NotificationsLost);

    /// <summary>Replies were lost.</summary>
    public static RtnetlinkInput RepliesLost => new(RtnetlinkInputKind.RepliesLost);

    /// <summary>The notification socket was read until it was empty.</summary>
    public static RtnetlinkInput Drained => new(RtnetlinkInputKind.Drained);

    /// <summary>The deadline has come.</summary>
    public static RtnetlinkInput TimePassed => new(RtnetlinkInputKind.TimePassed);

    /// <summary>A message came on the notification socket.</summary>
    public static RtnetlinkInput NotificationReceived(NetlinkMessage message) =>
        new(RtnetlinkInputKind.NotificationReceived) { Message = message };

    /// <summary>A message came on the request socket.</summary>
    public static RtnetlinkInput ReplyReceived(NetlinkMessage message) =>
        new(RtnetlinkInputKind.ReplyReceived) { Message = message };

    /// <summary>Somebody wants something of the kernel.</summary>
    public static RtnetlinkInput RequestMade(NetlinkRequest request, object? completion) =>
        new(RtnetlinkInputKind.RequestMade) { Request = request, Completion = completion };

    /// <summary>A message could not be sent.</summary>
    public static RtnetlinkInput SendFailed(uint sequence, int errorNumber) =>
        new(RtnetlinkInputKind.SendFailed) { Sequence = sequence, ErrorNumber = errorNumber };
}
