using System;
using Spindle.Basics;
using Spindle.Drivers.Packets;
using Spindle.Kernels;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Drivers.Dhcp;

/// <summary>Called with what a client says; messages to send do not come here. All methods of the driver are legal here.</summary>
public delegate void DhcpOutputHandler(DhcpDriver driver, in DhcpOutput output);

/// <summary>The DHCPv4 client of one link, on the loop: machine, timer and its share of the sockets.</summary>
/// <remarks>Its clock is boot time, so that leases age while the machine sleeps.</remarks>
public sealed class DhcpDriver : PacketDriver
{
    private readonly DhcpTransport transport;
    private readonly DhcpOutputHandler handler;
    private readonly MacAddress hardwareAddress;
    private readonly PacketListener listener;
    private readonly DhcpClient client;

    /// <summary>A client that does nothing yet.</summary>
    /// <param name="transport">The sockets that all links share.</param>
    /// <param name="interfaceIndex">The link.</param>
    /// <param name="configuration">What the client is told once.</param>
    /// <param name="handler">Called with what the client says.</param>
    public DhcpDriver(
        DhcpTransport transport, int interfaceIndex, DhcpClientConfiguration configuration, DhcpOutputHandler handler)
        : base(transport.Loop, interfaceIndex, "dhcp4", ClockId.Boottime)
    {
        this.transport = transport;
        this.handler = handler;
        client = new(configuration, transport.Loop.Kernel.RandomSeed());
        hardwareAddress = configuration.HardwareAddress;
        listener = transport.Add(this, OnPacket);
    }

    /// <summary>Where the client stands.</summary>
    public DhcpClientState State => client.State;

    /// <summary>The lease; null if there is none.</summary>
    public DhcpLease? Lease => client.Lease;

    /// <summary>How many messages the client did not follow for this reason.</summary>
    public long RefusalsOf(DhcpRefusal refusal) => client.RefusalsOf(refusal);

    /// <summary>An address is wanted; the carrier is there.</summary>
    /// <param name="remembered">The address of an earlier lease on this network, or 0.0.0.0.</param>
    public void Start(IpAddress remembered = default) => Step(DhcpInput.Started(remembered));

    /// <summary>A lease from before a restart of the program is still on the link; its times are boot time.</summary>
    public void Adopt(DhcpLease lease) => Step(DhcpInput.Adopted(lease));

    /// <summary>No address is wanted any more; the lease stays with the server.</summary>
    public void Stop() => Step(DhcpInput.Stopped);

    /// <summary>No address is wanted any more; the server is told.</summary>
    public void Release() => Step(DhcpInput.Released);

    /// <summary>The carrier went.</summary>
    public void LoseCarrier() => Step(DhcpInput.CarrierLost);

    /// <summary>The carrier came back, or the machine woke up.</summary>
    public void ReturnCarrier() => Step(DhcpInput.CarrierReturned);

    /// <summary>The answer to ProbeAddress: nobody has it.</summary>
    public void ReportFree(IpAddress address) => Step(DhcpInput.AddressFree(address));

    /// <summary>The answer to ProbeAddress, or later: somebody has it.</summary>
    public void ReportInUse(IpAddress address) => Step(DhcpInput.AddressInUse(address));

    private protected override Instant Deadline => client.Deadline;

    private protected override void PassTime() => Step(DhcpInput.TimePassed);

    private protected override bool TakeOutput()
    {
        bool isThere = client.TryTake(out DhcpOutput output);
        if (isThere)
        {
            Take(output);
        }

        return isThere;
    }

    private protected override Result Listen() => client.AwaitsMessages ? listener.Listen() : listener.Ignore();

    private protected override void RemoveListener()
    {
        transport.Remove(this);
        listener.Remove();
    }

    /// <summary>True for an answer to this client that came in by another link: only while a lease is to be extended, which a server answers
    /// at the address and not at the hardware address.</summary>
    internal bool TakesFromElsewhere(in DhcpPacket packet) =>
        client.State is DhcpClientState.Renewing or DhcpClientState.Rebinding && packet.ClientHardwareAddress == hardwareAddress;

    internal void TakeFromElsewhere(scoped in DhcpPacket packet, MacAddress source) => Step(DhcpInput.MessageReceived(packet, source));

    private void OnPacket(scoped in ReceivedPacket received)
    {
        DhcpCounters counters = transport.Counters;
        if (!UdpDatagram.TryParse(
            received.Octets, received.IsChecksumUnfilled, out UdpDatagram datagram, out UdpDatagramError datagramError))
        {
            counters.Count(datagramError);
        }
        else if (!DhcpPacket.TryParse(datagram.Payload, out DhcpPacket packet, out DhcpParseError parseError))
        {
            counters.Count(parseError);
        }
        else
        {
            counters.Delivered++;
            Step(DhcpInput.MessageReceived(packet, received.Source));
        }
    }

    private void Step(scoped in DhcpInput input)
    {
        if (!IsDisposed)
        {
            client.Step(input, transport.Loop.BoottimeNow);
            Drain();
        }
    }

    private void Take(in DhcpOutput output)
    {
        switch (output.Kind)
        {
            case DhcpOutputKind.SendBroadcast:
                SendError = transport.SendBroadcast(listener, output.Message!).Error;
                break;
            case DhcpOutputKind.SendUnicast:
                SendError = transport.SendUnicast(listener, output).Error;
                break;
            case DhcpOutputKind.LeaseAcquired:
            case DhcpOutputKind.LeaseRenewed:
            case DhcpOutputKind.LeaseLost:
            case DhcpOutputKind.NoLeaseYet:
            case DhcpOutputKind.ProbeAddress:
            case DhcpOutputKind.MessageRefused:
            case DhcpOutputKind.StateChanged:
                handler(this, output);
                break;
        }
    }
}
