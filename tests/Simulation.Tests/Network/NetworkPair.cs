using System;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Media;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Tests.Network;

/// <summary>Two machines on one segment: 192.0.2.1 and .2, fd00::1 and ::2 once they have checked those; and a listener to the line.</summary>
internal sealed class NetworkPair
{
    public NetworkPair(ulong seed = 1)
    {
        Choices choices = new(seed);
        Clock = new VirtualClock(Instant.FromSeconds(3600));
        Segment = new EthernetSegment(Clock, choices.Fork("weather"));
        First = new Host(this, choices, 1);
        Second = new Host(this, choices, 2);
        Line = new RecordingStation(Clock, 99);
        Segment.Plug(Line);
        Pass(TimeSpan.FromMilliseconds(1));
    }

    public VirtualClock Clock { get; }

    public EthernetSegment Segment { get; }

    public Host First { get; }

    public Host Second { get; }

    /// <summary>Hears what is for all, and what the switch does not know the place of.</summary>
    public RecordingStation Line { get; }

    public void Pass(TimeSpan span)
    {
        Instant end = Clock.Now + span;
        while (true)
        {
            Instant next = Instant.Min(First.Kernel.Machine.NextAt, Second.Kernel.Machine.NextAt);
            Instant target = Instant.Min(next, end);
            First.Kernel.Machine.AdvanceTo(target);
            Second.Kernel.Machine.AdvanceTo(target);
            if (next > end || next.IsNever)
            {
                return;
            }
        }
    }

    /// <summary>A machine with one Ethernet link.</summary>
    internal sealed class Host
    {
        private readonly NetworkPair pair;

        public Host(NetworkPair pair, Choices choices, byte number)
        {
            this.pair = pair;
            SimulatedMachine machine = new(choices.Fork("machine"), pair.Clock);
            Kernel = machine.StartProcess();
            NetworkStack network = machine.Network;
            Internet = machine.Internet;
            network.Control.SetUp(network.Loopback, true);
            Link = network.AddEthernet("eth0", MacAddress.Read([2, 0, 0, 0, 1, number]));
            Plug = pair.Segment.Plug(Link);
            Link.Cable = Plug;
            network.Control.SetUp(Link, true);
            V4 = IpAddress.FromV4(192, 0, 2, number);
            V6 = IpAddress.FromV6(((UInt128)0xFD00 << 112) + number);
            network.Addresses4.Add(new InterfaceAddress(Link, V4, 24));
            network.Addresses6.Add(new InterfaceAddress(Link, V6, 64) { Flags = AddressFlags.NoDetection });
        }

        public SimulatedKernel Kernel { get; }

        public InternetStack Internet { get; }

        public SimulatedLink Link { get; }

        public EthernetPlug Plug { get; }

        public IpAddress V4 { get; }

        public IpAddress V6 { get; }

        /// <summary>A UDP socket at a port.</summary>
        public int Udp(ushort port, IpFamily family = IpFamily.V4)
        {
            int fd = Kernel.Socket(family == IpFamily.V4 ? AddressFamily.Inet : AddressFamily.Inet6, SocketType.Datagram, 0).Int;
            Require(Kernel.Bind(fd, SocketAddress.Inet(family == IpFamily.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, port)));
            return fd;
        }

        public int Stream(IpFamily family = IpFamily.V4) =>
            Kernel.Socket(family == IpFamily.V4 ? AddressFamily.Inet : AddressFamily.Inet6, SocketType.Stream, 0).Int;

        public int Listener(ushort port, IpFamily family = IpFamily.V4)
        {
            int fd = Stream(family);
            Require(Kernel.Bind(fd, SocketAddress.Inet(family == IpFamily.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, port)));
            Require(Kernel.Listen(fd, 8));
            return fd;
        }

        public Result SendTo(int fd, IpAddress to, ushort port, params byte[] data) =>
            Kernel.SendTo(fd, data, 0, SocketAddress.Inet(to, port));

        /// <summary>What a receive finds; null for nothing.</summary>
        public byte[]? Receive(int fd)
        {
            byte[] data = new byte[70_000];
            Result result = Kernel.Receive(fd, data);
            return result.Is(Errno.EAGAIN) ? null : result.IsOk ? data[..result.Int] : throw new InvalidOperationException(result.ToString());
        }

        /// <summary>The pending error, told once.</summary>
        public Errno Error(int fd)
        {
            Span<byte> value = stackalloc byte[4];
            Require(Kernel.GetSocketOption(fd, 1, 4, value));
            return (Errno)MemoryMarshal.Read<int>(value);
        }

        /// <summary>What a descriptor is ready for, of what poll tells unasked, reading and writing.</summary>
        public int Mask(int fd)
        {
            PollEntry[] entries = [new PollEntry(fd, 0x2005)];
            Require(Kernel.Poll(entries, TimeSpan.Zero));
            return entries[0].Found;
        }

        private static void Require(Result result)
        {
            if (!result.IsOk)
            {
                throw new InvalidOperationException(result.ToString());
            }
        }
    }
}
