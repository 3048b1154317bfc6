using System;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>What of a lease was left out or corrected, because it made no sense; the lease itself stands.</summary>
[Flags]
public enum DhcpLeaseDefects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>No netmask was given: the one of the address's class is used.</summary>
    NetmaskMissing = 1 << 0,

    /// <summary>Routers that are no host, or our own address, were left out.</summary>
    RouterInvalid = 1 << 1,

    /// <summary>Routers outside of the subnet were left out, since others are inside; alone, they stay, and need a
    /// route of their own.</summary>
    RouterOutsideSubnet = 1 << 2,

    /// <summary>Name servers that are no host were left out.</summary>
    NameServerInvalid = 1 << 3,

    /// <summary>NTP servers that are no host were left out.</summary>
    NtpServerInvalid = 1 << 4,

    /// <summary>Option 121 is malformed and was left out; option 3 counts.</summary>
    ClasslessRoutesMalformed = 1 << 5,

    /// <summary>Routes with a nonsensical destination or router were left out.</summary>
    ClasslessRouteInvalid = 1 << 6,

    /// <summary>The host name is no name and was left out.</summary>
    HostNameInvalid = 1 << 7,

    /// <summary>The domain name is no name and was left out.</summary>
    DomainNameInvalid = 1 << 8,

    /// <summary>The search list is malformed and was left out.</summary>
    DomainSearchMalformed = 1 << 9,

    /// <summary>The MTU is below 576 (the least an IPv4 host must take, RFC 791) and was left out.</summary>
    MtuInvalid = 1 << 10,

    /// <summary>The broadcast address does not fit the subnet; the subnet's own is used.</summary>
    BroadcastInvalid = 1 << 11,

    /// <summary>The lease is shorter than 10 seconds; 10 are used.</summary>
    LeaseTimeRaised = 1 << 12,

    /// <summary>T1 and T2 are not 0 &lt; T1 &lt; T2 &lt; lease; 1/2 and 7/8 of the lease are used.</summary>
    RenewalTimesInvalid = 1 << 13,

    /// <summary>The captive portal's URI is none and was left out.</summary>
    CaptivePortalInvalid = 1 << 14,

    /// <summary>The URL for proxy auto-configuration is none and was left out.</summary>
    ProxyAutoConfigurationInvalid = 1 << 15,
}
