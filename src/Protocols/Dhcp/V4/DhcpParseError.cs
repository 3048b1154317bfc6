namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Why octets are no DHCP message.</summary>
public enum DhcpParseError
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>Shorter than the fixed fields and the cookie.</summary>
    TooShort,

    /// <summary>The field <c>op</c> is neither request nor reply.</summary>
    OperationUnknown,

    /// <summary>The field <c>hlen</c> is beyond the 16 octets of <c>chaddr</c>.</summary>
    HardwareAddressTooLong,

    /// <summary>The magic cookie 99.130.83.99 is not there.</summary>
    CookieMissing,

    /// <summary>An option's length goes beyond its field.</summary>
    OptionTruncated,

    /// <summary>Option 52 is not one octet of 1, 2 or 3.</summary>
    OverloadInvalid,

    /// <summary>Option 53 is not one octet.</summary>
    MessageTypeInvalid,
}
