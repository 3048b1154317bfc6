using System;
using Spindle.Basics;
using Spindle.Protocols.Arp;

namespace Spindle.Drivers.Arp;

/// <summary>Called with what the machine says; packets to send do not come here. All methods of the driver are legal here.</summary>
public delegate void LinkLocalHandler(LinkLocalDriver driver, in LinkLocalOutput output);

/// <summary>The IPv4 link-local address of one link, on the loop (RFC 3927).</summary>
public sealed class LinkLocalDriver : ArpDriver
{
    private readonly LinkLocalHandler handler;
    private readonly Ipv4LinkLocal machine;

    /// <summary>A machine that wants no address yet.</summary>
    /// <param name="transport">The socket that all links share.</param>
    /// <param name="interfaceIndex">The link.</param>
    /// <param name="hardwareAddress">Our address on the link.</param>
    /// <param name="handler">Called with what the machine says.</param>
    /// <param name="timing">The constants; null for those of the RFC.</param>
    public LinkLocalDriver(
        ArpTransport transport,
        int interfaceIndex,
        MacAddress hardwareAddress,
        LinkLocalHandler handler,
        ArpTiming? timing = null)
        : base(transport, interfaceIndex, hardwareAddress, "ipv4ll")
    {
        this.handler = handler;
        machine = new(hardwareAddress, transport.Loop.Kernel.RandomSeed(), timing);
    }

    /// <inheritdoc/>
    public override AddressConflictState State => machine.State;

    /// <summary>The address that is ours; null if none is.</summary>
    public IpPrefix? Address => machine.Address;

    /// <summary>An address is wanted.</summary>
    /// <param name="remembered">One used here before, to be tried first, or 0.0.0.0.</param>
    public void Start(IpAddress remembered = default) => Step(LinkLocalInput.Started(remembered));

    /// <summary>An address from before a restart of the program is still on the link.</summary>
    public void Adopt(IpAddress address) => Step(LinkLocalInput.Adopted(address));

    /// <summary>No address is wanted any more; taking it off the link is the owner's.</summary>
    public void Stop() => Step(LinkLocalInput.Stopped);

    private protected override IpAddress? Awaited => machine.AwaitsPackets ? machine.Candidate : null;

    private protected override Instant Deadline => machine.Deadline;

    private protected override void PassTime() => Step(LinkLocalInput.TimePassed);

    private protected override bool TakeOutput()
    {
        if (!machine.TryTake(out LinkLocalOutput output))
        {
            return false;
        }

        if (output.Kind == LinkLocalOutputKind.Send)
        {
            Send(output.Packet);
        }
        else
        {
            handler(this, output);
        }

        return true;
    }

    private protected override void Receive(in ArpPacket packet) => Step(LinkLocalInput.PacketReceived(packet));

    private void Step(in LinkLocalInput input)
    {
        if (!IsDisposed)
        {
            machine.Step(input, Now);
            Drain();
        }
    }
}
