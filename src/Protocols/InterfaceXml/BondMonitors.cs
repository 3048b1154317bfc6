using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>Carrier monitoring of a bond (<c>&lt;miimon/&gt;</c>).</summary>
/// <param name="FrequencyMilliseconds">How often the members are looked at (<c>freq</c>).</param>
/// <param name="DownDelayMilliseconds">How long a loss must last (<c>downdelay</c>); 0 when not said.</param>
/// <param name="UpDelayMilliseconds">How long a carrier must last (<c>updelay</c>); 0 when not said.</param>
/// <param name="Carrier">How the carrier is read.</param>
public sealed record MiiMonitor(
    uint FrequencyMilliseconds, uint DownDelayMilliseconds, uint UpDelayMilliseconds, MiiCarrier Carrier);

/// <summary>How a bond reads its members' carrier (<c>carrier</c>).</summary>
public enum MiiCarrier
{
    /// <summary>Not said.</summary>
    Unspecified,

    /// <summary><c>ioctl</c>: by MII or ethtool requests.</summary>
    Ioctl,

    /// <summary><c>netif</c>: by what the driver reports.</summary>
    Netif,
}

/// <summary>ARP monitoring of a bond (<c>&lt;arpmon/&gt;</c>).</summary>
/// <param name="IntervalMilliseconds">How often the target is asked for (<c>interval</c>).</param>
/// <param name="Target">An IPv4 neighbour that should answer.</param>
/// <param name="Validation">Which members' answers are looked at.</param>
public sealed record ArpMonitor(uint IntervalMilliseconds, IpAddress Target, ArpValidation Validation);

/// <summary>Which members' ARP answers count (<c>validate</c>).</summary>
public enum ArpValidation
{
    /// <summary><c>none</c>, which is also what an absent attribute means.</summary>
    None,

    /// <summary><c>active</c>.</summary>
    Active,

    /// <summary><c>backup</c>.</summary>
    Backup,

    /// <summary><c>all</c>.</summary>
    All,
}
