using System;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Drivers.Packets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Arp;

namespace Spindle.Drivers.Arp;

/// <summary>Called with what the machine says; packets to send do not come here. All methods of the driver are legal here.</summary>
public delegate void LinkLocalHandler(LinkLocalDriver driver, in LinkLocalOutput output);

/// <summary>The IPv4 link-local address of one link, on the loop (RFC 3927).</summary>
public sealed class LinkLocalDriver : IDisposable
{
    private readonly ArpTransport transport;
    private readonly MacAddress hardwareAddress;
    private readonly LinkLocalHandler handler;
    private readonly PacketListener listener;
    private readonly TimerSource timer;
    private readonly Ipv4LinkLocal machine;
    private bool isDraining;
    private bool isDisposed;

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
    {
        ArgumentNullException.ThrowIfNull(transport);
        this.transport = transport;
        this.hardwareAddress = hardwareAddress;
        this.handler = handler;
        InterfaceIndex = interfaceIndex;
        ulong seed = 0;
        transport.Loop.Kernel.Random(MemoryMarshal.AsBytes(new Span<ulong>(ref seed)));
        machine = new(hardwareAddress, seed, timing);
        listener = transport.AddListener(interfaceIndex, hardwareAddress, OnPacket);
        timer = transport.Loop.AddTimer(OnTimer, name: $"ipv4ll {interfaceIndex}");
    }

    /// <summary>The link.</summary>
    public int InterfaceIndex { get; }

    /// <summary>Where the machine stands.</summary>
    public AddressConflictState State => machine.State;

    /// <summary>The address that is ours; null if none is.</summary>
    public IpPrefix? Address => machine.Address;

    /// <summary>What the last packet that could not be sent failed with; None if the last one went out.</summary>
    public Errno SendError { get; private set; }

    /// <summary>What the packet socket or its filter failed with; None if it works.</summary>
    public Errno ListenError { get; private set; }

    /// <summary>An address is wanted.</summary>
    /// <param name="remembered">One used here before, to be tried first, or 0.0.0.0.</param>
    public void Start(IpAddress remembered = default) => Step(LinkLocalInput.Started(remembered));

    /// <summary>An address from before a restart of the program is still on the link.</summary>
    public void Adopt(IpAddress address) => Step(LinkLocalInput.Adopted(address));

    /// <summary>No address is wanted any more; taking it off the link is the owner's.</summary>
    public void Stop() => Step(LinkLocalInput.Stopped);

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

    private void OnTimer(TimerSource source, Instant now) => Step(LinkLocalInput.TimePassed);

    private void OnPacket(scoped in ReceivedPacket received)
    {
        if (transport.TryRead(received, out ArpPacket packet))
        {
            Step(LinkLocalInput.PacketReceived(packet));
        }
    }

    private void Step(in LinkLocalInput input)
    {
        if (isDisposed)
        {
            return;
        }

        machine.Step(input, transport.Loop.Now);
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
            while (!isDisposed && machine.TryTake(out LinkLocalOutput output))
            {
                if (output.Kind == LinkLocalOutputKind.Send)
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
            timer.ArmAt(machine.Deadline);
        }
    }

    private void Attend()
    {
        if (!isDisposed)
        {
            ListenError = (machine.AwaitsPackets ? listener.Listen(machine.Candidate) : listener.Ignore()).Error;
        }
    }
}
