using System;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Flags of a netlink header (<c>NLM_F_*</c>). The upper octet means different things by kind of message.</summary>
[Flags]
public enum NetlinkFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A request.</summary>
    Request = 0x01,

    /// <summary>Part of an answer in several messages that <see cref="NetlinkMessageType.Done"/> ends.</summary>
    Multipart = 0x02,

    /// <summary>An acknowledgement is wanted.</summary>
    Acknowledge = 0x04,

    /// <summary>The dump is inconsistent: take it again.</summary>
    DumpInterrupted = 0x10,

    /// <summary>The dump was filtered as asked.</summary>
    DumpFiltered = 0x20,

    /// <summary>Get requests: all objects (<c>NLM_F_ROOT | NLM_F_MATCH</c>).</summary>
    Dump = 0x300,

    /// <summary>New requests and notifications: takes the place of an object that is there.</summary>
    Replace = 0x100,

    /// <summary>New requests: fail if it is there.</summary>
    Exclusive = 0x200,

    /// <summary>New requests: make it if it is not there.</summary>
    Create = 0x400,

    /// <summary>New requests: beside what is there.</summary>
    Append = 0x800,

    /// <summary>Error messages: only the header of the request is sent back.</summary>
    Capped = 0x100,

    /// <summary>Error messages: attributes with an explanation follow.</summary>
    ErrorAttributes = 0x200,
}
