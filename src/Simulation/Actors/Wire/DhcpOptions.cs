namespace Spindle.Simulation.Actors.Wire;

/// <summary>Option codes (RFC 2132 and later) and message types (RFC 2132, section 9.6).</summary>
internal static class DhcpOptions
{
    public const byte Pad = 0;
    public const byte SubnetMask = 1;
    public const byte Router = 3;
    public const byte NameServers = 6;
    public const byte HostName = 12;
    public const byte DomainName = 15;
    public const byte Mtu = 26;
    public const byte BroadcastAddress = 28;
    public const byte NtpServers = 42;
    public const byte RequestedAddress = 50;
    public const byte LeaseTime = 51;
    public const byte Overload = 52;
    public const byte MessageType = 53;
    public const byte ServerIdentifier = 54;
    public const byte ParameterList = 55;
    public const byte Message = 56;
    public const byte MaximumSize = 57;
    public const byte RenewalTime = 58;
    public const byte RebindingTime = 59;
    public const byte VendorClass = 60;
    public const byte ClientIdentifier = 61;
    public const byte RapidCommit = 80;
    public const byte CaptivePortal = 114;
    public const byte DomainSearch = 119;
    public const byte ClasslessRoutes = 121;
    public const byte ProxyAutoConfiguration = 252;
    public const byte End = 255;

    public const byte Discover = 1;
    public const byte Offer = 2;
    public const byte Request = 3;
    public const byte Decline = 4;
    public const byte Acknowledge = 5;
    public const byte Refuse = 6;
    public const byte Release = 7;
    public const byte Inform = 8;
}
