namespace Spindle.Protocols.Rtnetlink;

/// <summary>Message types of netlink itself and of its route family (<c>man 7 netlink</c>, <c>man 7 rtnetlink</c>).</summary>
public enum NetlinkMessageType : ushort
{
    /// <summary>To be ignored.</summary>
    Noop = 1,

    /// <summary>An error, or with code 0 an acknowledgement.</summary>
    Error = 2,

    /// <summary>The end of a dump.</summary>
    Done = 3,

    /// <summary>Data was lost (never sent by Linux; ENOBUFS says it).</summary>
    Overrun = 4,

    /// <summary>A link is there or has changed.</summary>
    NewLink = 16,

    /// <summary>A link is gone.</summary>
    DeleteLink = 17,

    /// <summary>Asks for links.</summary>
    GetLink = 18,

    /// <summary>Changes a link.</summary>
    SetLink = 19,

    /// <summary>An address is there or has changed.</summary>
    NewAddress = 20,

    /// <summary>An address is gone.</summary>
    DeleteAddress = 21,

    /// <summary>Asks for addresses.</summary>
    GetAddress = 22,

    /// <summary>A route is there or has changed.</summary>
    NewRoute = 24,

    /// <summary>A route is gone.</summary>
    DeleteRoute = 25,

    /// <summary>Asks for routes.</summary>
    GetRoute = 26,

    /// <summary>A neighbour is there or has changed.</summary>
    NewNeighbor = 28,

    /// <summary>A neighbour is gone.</summary>
    DeleteNeighbor = 29,

    /// <summary>Asks for neighbours.</summary>
    GetNeighbor = 30,

    /// <summary>A rule is there.</summary>
    NewRule = 32,

    /// <summary>A rule is gone.</summary>
    DeleteRule = 33,

    /// <summary>Asks for rules.</summary>
    GetRule = 34,

    /// <summary>A nexthop object is there or has changed.</summary>
    NewNexthop = 104,

    /// <summary>A nexthop object is gone.</summary>
    DeleteNexthop = 105,
}
