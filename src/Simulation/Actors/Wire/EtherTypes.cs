namespace Spindle.Simulation.Actors.Wire;

/// <summary>EtherTypes (RFC 9542, appendix B) and protocol numbers (IANA) that actors speak.</summary>
internal static class EtherTypes
{
    public const ushort Ipv4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const ushort Ipv6 = 0x86DD;

    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte IcmpV6 = 58;
}
