namespace Spindle.Simulation.Network.Routing;

/// <summary>Types of messages (<c>linux/netlink.h</c>, <c>linux/rtnetlink.h</c>).</summary>
internal enum MessageType : ushort
{
    Nothing = 1,
    Error = 2,
    Done = 3,

    /// <summary>Below are netlink's own.</summary>
    FirstOfFamily = 16,
    NewLink = 16,
    DeleteLink = 17,
    GetLink = 18,
    SetLink = 19,
    NewAddress = 20,
    DeleteAddress = 21,
    GetAddress = 22,
    NewRoute = 24,
    DeleteRoute = 25,
    GetRoute = 26,
    NewNeighbour = 28,
    DeleteNeighbour = 29,
    GetNeighbour = 30,
    NewRule = 32,
    DeleteRule = 33,
    GetRule = 34,
}

/// <summary>Flags of messages (<c>NLM_F_*</c>).</summary>
internal static class MessageFlags
{
    public const int Request = 0x1;
    public const int Multi = 0x2;
    public const int Acknowledge = 0x4;
    public const int DumpInterrupted = 0x10;
    public const int DumpFiltered = 0x20;

    // Of what asks for something.
    public const int Dump = 0x300;

    // Of what makes something.
    public const int Replace = 0x100;
    public const int Exclusive = 0x200;
    public const int Create = 0x400;
    public const int Append = 0x800;

    // Of acknowledgements.
    public const int Capped = 0x100;
    public const int HasAttributes = 0x200;
}

/// <summary>Address families as messages have them.</summary>
internal static class Family
{
    public const byte Any = 0;
    public const byte V4 = 2;
    public const byte V6 = 10;
}

/// <summary>Multicast groups (<c>RTNLGRP_*</c>).</summary>
internal static class Groups
{
    public const int Link = 1;
    public const int Neighbour = 3;
    public const int Address4 = 5;
    public const int Route4 = 7;
    public const int Rule4 = 8;
    public const int Address6 = 9;
    public const int Route6 = 11;
    public const int Rule6 = 19;

    /// <summary>The highest there is.</summary>
    public const int Max = 39;
}
