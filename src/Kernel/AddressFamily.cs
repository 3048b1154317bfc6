namespace Spindle.Kernels;

/// <summary>Socket address families (<c>AF_*</c>).</summary>
public enum AddressFamily : ushort
{
    /// <summary>None.</summary>
    Unspecified = 0,

    /// <summary>Local sockets (<c>man 7 unix</c>).</summary>
    Unix = 1,

    /// <summary>IPv4.</summary>
    Inet = 2,

    /// <summary>IPv6.</summary>
    Inet6 = 10,

    /// <summary>Netlink.</summary>
    Netlink = 16,

    /// <summary>Frames of a link.</summary>
    Packet = 17,
}
