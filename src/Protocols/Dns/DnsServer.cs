using Spindle.Basics;

namespace Spindle.Protocols.Dns;

/// <summary>A name server.</summary>
/// <param name="Address">Its address; a link-local one is meant on the link that is asked over.</param>
/// <param name="Port">Its port, in host order.</param>
public readonly record struct DnsServer(IpAddress Address, ushort Port = DnsServer.DefaultPort)
{
    /// <summary>The port that name servers have.</summary>
    public const ushort DefaultPort = 53;
}
