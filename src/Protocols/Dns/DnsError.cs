namespace Spindle.Protocols.Dns;

/// <summary>Why octets are not a message that we accept.</summary>
public enum DnsError
{
    /// <summary>They are.</summary>
    None,

    /// <summary>They end too early.</summary>
    Truncated,

    /// <summary>A name is too long, loops, points forward or uses an unknown label type.</summary>
    BadName,

    /// <summary>There is not exactly one question.</summary>
    BadQuestionCount,

    /// <summary>An address record whose data is not an address.</summary>
    BadAddress,
}
