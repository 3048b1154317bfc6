namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Why the client did not follow a message. Each is counted; those from <see cref="ServerIdentifierMissing"/>
/// on are worth a log line, since a server on this link said something it should not.</summary>
public enum DhcpRefusal
{
    /// <summary>It was followed.</summary>
    None,

    /// <summary>A client's message, seen by us because it was broadcast.</summary>
    NotAReply,

    /// <summary>The transaction is another client's, or one of ours that is over.</summary>
    ForeignTransaction,

    /// <summary>The hardware address is not ours.</summary>
    ForeignHardwareAddress,

    /// <summary>The client identifier is there (RFC 6842) and not ours.</summary>
    ForeignClientIdentifier,

    /// <summary>No option 53: BOOTP.</summary>
    MessageTypeMissing,

    /// <summary>A type that this state does not wait for: a late offer, a second acknowledgement.</summary>
    Unexpected,

    /// <summary>Not from the server whose offer we took.</summary>
    ForeignServer,

    /// <summary>No option 54, which every reply MUST have (RFC 2131, table 3).</summary>
    ServerIdentifierMissing,

    /// <summary>Option 54 is not the address of a host.</summary>
    ServerIdentifierInvalid,

    /// <summary>No address is given: <c>yiaddr</c> is 0.</summary>
    AddressMissing,

    /// <summary>The address is of the blocks 0/8 or 240/4, or the limited broadcast.</summary>
    AddressReserved,

    /// <summary>The address is of the block 127/8.</summary>
    AddressLoopback,

    /// <summary>The address is a group.</summary>
    AddressMulticast,

    /// <summary>The address is the subnet itself or its broadcast address.</summary>
    AddressNotAHost,

    /// <summary>The address acknowledged is not the one asked for.</summary>
    AddressNotTheRequested,

    /// <summary>The address is the server's own.</summary>
    AddressOfServer,

    /// <summary>The netmask is no row of ones followed by zeros, or shorter than 8 bits.</summary>
    NetmaskInvalid,

    /// <summary>An acknowledgement without lease time, or one of 0 seconds.</summary>
    LeaseTimeInvalid,
}
