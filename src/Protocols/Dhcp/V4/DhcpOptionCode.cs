namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Numbers of the options that this client knows (RFC 2132 unless said otherwise). Others are kept, not refused.</summary>
public enum DhcpOptionCode : byte
{
    /// <summary>One octet without length that fills space.</summary>
    Pad = 0,

    /// <summary>Subnet mask.</summary>
    SubnetMask = 1,

    /// <summary>Routers, best first. Ignored where option 121 is present.</summary>
    Router = 3,

    /// <summary>Domain name servers, best first.</summary>
    DomainNameServer = 6,

    /// <summary>Host name; asked for and sent.</summary>
    HostName = 12,

    /// <summary>Domain name.</summary>
    DomainName = 15,

    /// <summary>MTU of the link.</summary>
    InterfaceMtu = 26,

    /// <summary>Broadcast address of the subnet.</summary>
    BroadcastAddress = 28,

    /// <summary>NTP servers, best first.</summary>
    NtpServers = 42,

    /// <summary>The address that the client would like.</summary>
    RequestedAddress = 50,

    /// <summary>Lease time in seconds.</summary>
    LeaseTime = 51,

    /// <summary>The fields <c>file</c> and <c>sname</c> hold options too.</summary>
    OptionOverload = 52,

    /// <summary>What the message is.</summary>
    MessageType = 53,

    /// <summary>Address that names the server.</summary>
    ServerIdentifier = 54,

    /// <summary>Options that the client asks for, in order of preference.</summary>
    ParameterRequestList = 55,

    /// <summary>Text of a refusal, for people.</summary>
    Message = 56,

    /// <summary>Largest message that the client takes, in octets.</summary>
    MaximumMessageSize = 57,

    /// <summary>T1 in seconds after the lease began.</summary>
    RenewalTime = 58,

    /// <summary>T2 in seconds after the lease began.</summary>
    RebindingTime = 59,

    /// <summary>Vendor class of the client.</summary>
    VendorClassIdentifier = 60,

    /// <summary>What the server knows the client by.</summary>
    ClientIdentifier = 61,

    /// <summary>Two messages instead of four (RFC 4039).</summary>
    RapidCommit = 80,

    /// <summary>URI of the captive portal's API (RFC 8910).</summary>
    CaptivePortal = 114,

    /// <summary>Search list of domains, compressed (RFC 3397).</summary>
    DomainSearch = 119,

    /// <summary>Routes with their routers; wins over option 3 (RFC 3442).</summary>
    ClasslessStaticRoute = 121,

    /// <summary>URL of a proxy auto-configuration file (draft-ietf-wrec-wpad, in use everywhere).</summary>
    ProxyAutoConfiguration = 252,

    /// <summary>One octet without length that ends the options.</summary>
    End = 255,
}
