namespace Spindle.Model;

/// <summary>How a service gets its IPv4 address.</summary>
public enum Ipv4Method
{
    /// <summary>No IPv4.</summary>
    Off,

    /// <summary>RFC 2131, with RFC 3927 while no server answers.</summary>
    Dhcp,

    /// <summary>As the user says.</summary>
    Manual,
}

/// <summary>How a service gets its IPv6 addresses.</summary>
public enum Ipv6Method
{
    /// <summary>No IPv6.</summary>
    Off,

    /// <summary>The kernel's stateless autoconfiguration.</summary>
    Auto,

    /// <summary>As the user says.</summary>
    Manual,
}

/// <summary>Temporary addresses (RFC 8981).</summary>
public enum Ipv6Privacy
{
    /// <summary>None.</summary>
    Disabled,

    /// <summary>Made, the stable one preferred.</summary>
    Enabled,

    /// <summary>Made and preferred.</summary>
    Preferred,
}

/// <summary>How HTTP proxies are found.</summary>
public enum ProxyMethod
{
    /// <summary>As the network says; direct if it says nothing.</summary>
    Unset,

    /// <summary>No proxy.</summary>
    Direct,

    /// <summary>A configuration script, from the given URL or the network's.</summary>
    Auto,

    /// <summary>The given servers.</summary>
    Manual,
}
