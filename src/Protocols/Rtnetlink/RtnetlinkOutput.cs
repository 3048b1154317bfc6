using System;
using System.Runtime.InteropServices;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>What is to be done or told.</summary>
public enum RtnetlinkOutputKind
{
    /// <summary>Send <see cref="RtnetlinkOutput.Octets"/> to the kernel on the request socket.</summary>
    Send,

    /// <summary>A request has been answered: <see cref="RtnetlinkOutput.Completion"/>, <see cref="RtnetlinkOutput.Error"/>.</summary>
    RequestDone,

    /// <summary><see cref="RtnetlinkOutput.Link"/> is new.</summary>
    LinkAppeared,

    /// <summary><see cref="RtnetlinkOutput.Link"/> is different, in more than its statistics.</summary>
    LinkChanged,

    /// <summary><see cref="RtnetlinkOutput.Link"/> is gone.</summary>
    LinkVanished,

    /// <summary><see cref="RtnetlinkOutput.Address"/> is new.</summary>
    AddressAppeared,

    /// <summary><see cref="RtnetlinkOutput.Address"/> is different, or its lifetimes were set anew.</summary>
    AddressChanged,

    /// <summary><see cref="RtnetlinkOutput.Address"/> is gone.</summary>
    AddressVanished,

    /// <summary><see cref="RtnetlinkOutput.Route"/> is new.</summary>
    RouteAppeared,

    /// <summary><see cref="RtnetlinkOutput.Route"/> is different.</summary>
    RouteChanged,

    /// <summary><see cref="RtnetlinkOutput.Route"/> is gone.</summary>
    RouteVanished,

    /// <summary><see cref="RtnetlinkOutput.Rule"/> is new.</summary>
    RuleAppeared,

    /// <summary><see cref="RtnetlinkOutput.Rule"/> is gone.</summary>
    RuleVanished,

    /// <summary>All tables have been read for the first time.</summary>
    InitialDumpDone,

    /// <summary>Notifications were lost; all tables are read again. Told once a storm.</summary>
    OverrunBegan,

    /// <summary>After losses, the mirror is in step with the kernel again.</summary>
    Resynchronized,
}

/// <summary>One thing to be done or told, with what it is about; the other members are not set.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RtnetlinkOutput(RtnetlinkOutputKind Kind)
{
    /// <summary>What is to be sent.</summary>
    public ReadOnlyMemory<byte> Octets { get; init; }

    /// <summary>The sequence number of what is to be sent, for <see cref="RtnetlinkInputKind.SendFailed"/>.</summary>
    public uint Sequence { get; init; }

    /// <summary>What the maker of the request gave along.</summary>
    public object? Completion { get; init; }

    /// <summary>What became of the request.</summary>
    public NetlinkError Error { get; init; }

    /// <summary>The link.</summary>
    public Link Link { get; init; }

    /// <summary>The address.</summary>
    public Address Address { get; init; }

    /// <summary>The route.</summary>
    public Route Route { get; init; }

    /// <summary>The rule.</summary>
    public Rule Rule { get; init; }
}
