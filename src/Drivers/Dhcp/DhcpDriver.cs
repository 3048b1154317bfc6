using System;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Drivers.Packets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Drivers.Dhcp;

/// <summary>Called with what a client says; messages to send do not come here. All methods of the driver are legal here.</summary>
public delegate void DhcpOutputHandler(DhcpDriver driver, in DhcpOutput output);

/// <summary>The DHCPv4 client of one link, on the loop: machine, timer and its share of the sockets.</summary>
/// <remarks>Its clock is boot time, so that leases age while the machine sleeps.</remarks>
public sealed class DhcpDriver : IDisposable
{
    private readonly DhcpTransport transport;
    private readonly DhcpOutputHandler handler;
    private readonly PacketListener listener;
    private readonly TimerSource timer;
    private readonly DhcpClient client;
    private bool isDraining;
    private bool isDisposed;

    /// <summary>A client that does nothing yet.</summary>
    /// <param name="transport">The sockets that all links share.</param>
    /// <param name="interfaceIndex">The link.</param>
    /// <param name="configuration">What the client is told once.</param>
    /// <param name="handler">Called with what the client says.</param>
    public DhcpDriver(
        DhcpTransport transport, int interfaceIndex, DhcpClientConfiguration configuration, DhcpOutputHandler handler)
    {
        ArgumentNullException.ThrowIfNull(transport);
        this.transport = transport;
        this.handler = handler;
        InterfaceIndex = interfaceIndex;
        ulong seed = 0;
        transport.Loop.Kernel.Random(MemoryMarshal.AsBytes(new Span<ulong>(ref seed)));
        client = new(configuration, seed);
        listener = transport.AddListener(interfaceIndex, OnPacket);
        timer = transport.Loop.AddTimer(OnTimer, name: $"dhcp4 {interfaceIndex}", clock: ClockId.Boottime);
    }

    /// <summary>The link.</summary>
    public int InterfaceIndex { get; }

    /// <summary>Where the client stands.</summary>
    public DhcpClientState State => client.State;

    /// <summary>The lease; null if there is none.</summary>
    public DhcpLease? Lease => client.Lease;

    /// <summary>What the last message that could not be sent failed with; None if the last one went out.</summary>
    public Errno SendError { get; private set; }

    /// <summary>What the packet socket or its filter failed with; None if it works.</summary>
    public Errno ListenError { get; private set; }

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

    /// <summary>Ends it without telling anybody.</summary>
    public void Dispose()
    {
        isDisposed = true;
        timer.Remove();
        listener.Remove();
    }

    private void OnTimer(TimerSource source, Instant now) => Step(DhcpInput.TimePassed);

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
        if (isDisposed)
        {
            return;
        }

        client.Step(input, transport.Loop.BoottimeNow);
        if (!isDraining)
        {
            Drain();
        }
    }

    /// <summary>Listens before it sends, so that no answer is too early; a step from within a callback is drained here too.</summary>
    private void Drain()
    {
        isDraining = true;
        try
        {
            Attend();
            while (!isDisposed && client.TryTake(out DhcpOutput output))
            {
                Take(output);
            }
        }
        finally
        {
            isDraining = false;
        }

        Attend();
        if (!isDisposed)
        {
            timer.ArmAt(client.Deadline);
        }
    }

    private void Attend()
    {
        if (!isDisposed)
        {
            ListenError = (client.AwaitsMessages ? listener.Listen() : listener.Ignore()).Error;
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
