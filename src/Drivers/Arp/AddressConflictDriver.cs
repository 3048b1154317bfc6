using System;
using Spindle.Basics;
using Spindle.Protocols.Arp;

namespace Spindle.Drivers.Arp;

/// <summary>Called with what a detector says; packets to send do not come here. All methods of the driver are legal here.</summary>
public delegate void AddressConflictHandler(AddressConflictDriver driver, in AddressConflictOutput output);

/// <summary>Probes, announces and defends one address of one link, on the loop (RFC 5227).</summary>
public sealed class AddressConflictDriver : ArpDriver
{
    private readonly AddressConflictHandler handler;
    private readonly AddressConflictDetector detector;

    /// <summary>A detector that watches nothing yet.</summary>
    /// <param name="transport">The socket that all links share.</param>
    /// <param name="interfaceIndex">The link.</param>
    /// <param name="hardwareAddress">Our address on the link.</param>
    /// <param name="defence">What to do about somebody who claims our address.</param>
    /// <param name="handler">Called with what the detector says.</param>
    /// <param name="timing">The constants; null for those of the RFC.</param>
    public AddressConflictDriver(
        ArpTransport transport,
        int interfaceIndex,
        MacAddress hardwareAddress,
        AddressDefence defence,
        AddressConflictHandler handler,
        ArpTiming? timing = null)
        : base(transport, interfaceIndex, hardwareAddress, "acd")
    {
        this.handler = handler;
        detector = new(hardwareAddress, defence, transport.Loop.Kernel.RandomSeed(), timing);
    }

    /// <inheritdoc/>
    public override AddressConflictState State => detector.State;

    /// <summary>Probes an address, then announces and watches it.</summary>
    public void Probe(IpAddress address) => Step(AddressConflictInput.ProbeWanted(address));

    /// <summary>Announces and watches an address that is ours already.</summary>
    public void Watch(IpAddress address) => Step(AddressConflictInput.WatchWanted(address));

    /// <summary>The address is no longer of interest.</summary>
    public void Stop() => Step(AddressConflictInput.Stopped);

    private protected override IpAddress? Awaited => detector.AwaitsPackets ? detector.Address : null;

    private protected override Instant Deadline => detector.Deadline;

    private protected override void PassTime() => Step(AddressConflictInput.TimePassed);

    private protected override bool TakeOutput()
    {
        if (!detector.TryTake(out AddressConflictOutput output))
        {
            return false;
        }

        if (output.Kind == AddressConflictOutputKind.Send)
        {
            Send(output.Packet);
        }
        else
        {
            handler(this, output);
        }

        return true;
    }

    private protected override void Receive(in ArpPacket packet) => Step(AddressConflictInput.PacketReceived(packet));

    private void Step(in AddressConflictInput input)
    {
        if (!IsDisposed)
        {
            detector.Step(input, Now);
            Drain();
        }
    }
}
