using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Web;

/// <summary>A captive portal in a router: what guests send to port 80 anywhere ends at its own page until they have logged in.</summary>
internal sealed class PortalGate : IPacketOutput
{
    private readonly HashSet<IpAddress> guests = [];
    private readonly ActorHost router;
    private readonly IpStack stack;

    /// <param name="router">Where the guests' packets come by.</param>
    /// <param name="cloud">What is behind; its gate is this portal from now on.</param>
    /// <param name="settings">What the page is: a redirect, a page, 511.</param>
    public PortalGate(ActorHost router, Cloud cloud, WebSettings settings)
    {
        this.router = router;
        stack = new IpStack(router.Context.Fork(router.Name + " portal"), router.Name + " portal", this) { IsEverybody = true };
        Site = new WebSite(stack, settings);
        cloud.Gate = Keep;
    }

    public WebSite Site { get; }

    /// <summary>Everybody is through.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Other packets than DNS and web vanish; else they are answered with resets.</summary>
    public bool DropsOthers { get; set; } = true;

    /// <summary>The guest at this address has logged in.</summary>
    public void LetThrough(IpAddress guest) => guests.Add(guest);

    public void ForgetGuests() => guests.Clear();

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> packet, IpAddress destination) => router.Send(packet, destination);

    private bool Keep(in IpDatagram packet)
    {
        if (IsOpen || guests.Contains(packet.Source))
        {
            return false;
        }

        switch (packet.Protocol)
        {
            case EtherTypes.Udp when UdpMessage.TryParse(packet, out UdpMessage message, out _) && message.DestinationPort == 53:
                return false;
            case EtherTypes.Tcp when TcpSegment.TryParse(packet, out TcpSegment segment, out _):
                if (segment.DestinationPort == 53)
                {
                    return false;
                }

                if (segment.DestinationPort == 80 || !DropsOthers)
                {
                    stack.Receive(packet);
                }

                return true;
            default:
                return true;
        }
    }
}
