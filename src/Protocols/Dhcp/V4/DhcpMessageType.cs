namespace Spindle.Protocols.Dhcp.V4;

/// <summary>What a message is: option 53 (RFC 2132, section 9.6). Unknown numbers are kept.</summary>
public enum DhcpMessageType : byte
{
    /// <summary>Option 53 is absent: plain BOOTP.</summary>
    None = 0,

    /// <summary>Client to all servers: who has an address for me?</summary>
    Discover = 1,

    /// <summary>Server to client: you could have this one.</summary>
    Offer = 2,

    /// <summary>Client to servers: I take, confirm or extend this one.</summary>
    Request = 3,

    /// <summary>Client to server: somebody already has that address.</summary>
    Decline = 4,

    /// <summary>Server to client: it is yours (DHCPACK).</summary>
    Acknowledge = 5,

    /// <summary>Server to client: it is not yours (DHCPNAK).</summary>
    Refuse = 6,

    /// <summary>Client to server: I no longer need it.</summary>
    Release = 7,

    /// <summary>Client to server: I have an address, tell me the rest.</summary>
    Inform = 8,

    /// <summary>Server to client: renew now (RFC 3203). Ignored: it is not authenticated.</summary>
    ForceRenew = 9,
}
