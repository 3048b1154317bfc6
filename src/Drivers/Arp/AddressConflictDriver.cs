using System;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Drivers.Packets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Arp;

namespace Spindle.Drivers.Arp;

/// <summary>Called with what a detector says; packets to send do not come here. All methods of the driver are legal here.</summary>
public delegate void AddressConflictHandler(AddressConflictDriver driver, in AddressConflictOutput output);

/// <summary>Probes, announces and defends one address of one link, on the loop (RFC 5227).</summary>
public sealed class AddressConflictDriver : IDisposable
{
    private readonly ArpTransport transport;
    private readonly MacAddress hardwareAddress;
    private readonly AddressConflictHandler handler;
    private readonly PacketListener listener;
    private readonly TimerSource timer;
    private readonly AddressConflictDetector detector;
    private bool isDraining;
    private bool isDisposed;

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
    {
        ArgumentNullException.ThrowIfNull(transport);
        this.transport = transport;
        this.hardwareAddress = hardwareAddress;
        this.handler = handler;
        InterfaceIndex = interfaceIndex;
        ulong seed = 0;
        transport.Loop.Kernel.Random(MemoryMarshal.AsBytes(new Span<ulong>(ref seed)));
        detector = new(hardwareAddress, defence, seed, timing);
        listener = transport.AddListener(interfaceIndex, hardwareAddress, OnPacket);
        timer = transport.Loop.AddTimer(OnTimer, name: $"acd {interfaceIndex}");
    }

    /// <summary>The link.</summary>
    public int InterfaceIndex { get; }

    /// <summary>Where the detector stands.</summary>
    public AddressConflictState State => detector.State;

    /// <summary>What the last packet that could not be sent failed with; None if the last one went out.</summary>
    public Errno SendError { get; private set; }

    /// <summary>What the packet socket or its filter failed with; None if it works.</summary>
    public Errno ListenError { get; private set; }

    /// <summary>Probes an address, then announces and watches it.</summary>
    public void Probe(IpAddress address) => Step(AddressConflictInput.ProbeWanted(address));

    /// <summary>Announces and watches an address that is ours already.</summary>
    public void Watch(IpAddress address) => Step(AddressConflictInput.WatchWanted(address));

    /// <summary>The address is no longer of interest.</summary>
    public void Stop() => Step(AddressConflictInput.Stopped);

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            timer.Remove();
            transport.RemoveListener(listener, hardwareAddress);
        }
    }

    private void OnTimer(TimerSource source, Instant now) => Step(AddressConflictInput.TimePassed);

    private void OnPacket(scoped in ReceivedPacket received)
    {
        if (transport.TryRead(received, out ArpPacket packet))
        {
            Step(AddressConflictInput.PacketReceived(packet));
        }
    }

    private void Step(in AddressConflictInput input)
    {
        if (isDisposed)
        {
            return;
        }

        detector.Step(input, transport.Loop.Now);
        if (!isDraining)
        {
            Drain();
        }
    }

    private void Drain()
    {
        isDraining = true;
        try
        {
            Attend();
            while (!isDisposed && detector.TryTake(out AddressConflictOutput output))
            {
                if (output.Kind == AddressConflictOutputKind.Send)
                {
                    SendError = ArpTransport.Send(listener, output.Packet).Error;
                }
                else
                {
                    handler(this, output);
                }
            }
        }
        finally
        {
            isDraining = false;
        }

        Attend();
        if (!isDisposed)
        {
            timer.ArmAt(detector.Deadline);
        }
    }

    private void Attend()
    {
        if (!isDisposed)
        {
            ListenError = (detector.AwaitsPackets ? listener.Listen(detector.Address) : listener.Ignore()).Error;
        }
    }
}
