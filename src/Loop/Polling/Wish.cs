namespace Spindle.Loop.Polling;

/// <summary>How the kernel is to report a descriptor.</summary>
internal enum WishKind : byte
{
    Level,
    Edge,
    OneShot,
    Exclusive,
    ExclusiveEdge,
}

/// <summary>What the kernel is to watch a descriptor for.</summary>
/// <param name="Events">None: not at all.</param>
/// <param name="Kind">And how.</param>
internal readonly record struct Wish(FdEvents Events, WishKind Kind)
{
    private const uint EdgeTriggered = 1u << 31; // EPOLLET
    private const uint OneShot = 1u << 30;       // EPOLLONESHOT
    private const uint Exclusive = 1u << 28;     // EPOLLEXCLUSIVE

    public bool IsNothing => Events == FdEvents.None;

    public bool IsEdge => Kind is WishKind.Edge or WishKind.ExclusiveEdge;

    public bool IsExclusive => Kind is WishKind.Exclusive or WishKind.ExclusiveEdge;

    /// <summary>In epoll's words.</summary>
    public uint EpollBits => (uint)Events | Kind switch
    {
        WishKind.Level => 0,
        WishKind.Edge => EdgeTriggered,
        WishKind.OneShot => OneShot,
        WishKind.Exclusive => Exclusive,
        WishKind.ExclusiveEdge => Exclusive | EdgeTriggered,
    };

    /// <summary>In io_uring's words, where edge or once is said otherwise.</summary>
    public uint PollBits => (uint)Events | (IsExclusive ? Exclusive : 0);
}
