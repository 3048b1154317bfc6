using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Spindle.Basics;
using Spindle.Drivers.Arp;
using Spindle.Drivers.Tests.Packets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Arp;

namespace Spindle.Drivers.Tests.Arp;

/// <summary>Against the ARP of a real kernel, in a network name space at the other end of a cable.</summary>
public sealed class ArpDriverTests
{
    private static readonly ArpTiming Quick = new()
    {
        ProbeWaitMax = TimeSpan.FromMilliseconds(1),
        ProbeDelayMin = TimeSpan.FromMilliseconds(50),
        ProbeDelayMax = TimeSpan.FromMilliseconds(60),
        AnnounceWait = TimeSpan.FromMilliseconds(200),
        AnnounceDelay = TimeSpan.FromMilliseconds(20),
    };

    [PrivateNetworkFact]
    public void An_address_of_a_neighbour_is_in_use_and_another_is_free() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new();
        List<AddressConflictOutput> outputs = [];
        using AddressConflictDriver driver = new(
            rig.Transport, rig.Index, rig.Address, AddressDefence.DefendOnce,
            (AddressConflictDriver _, in AddressConflictOutput output) => outputs.Add(output), Quick);
        driver.Probe(IpAddress.Parse("192.0.2.1"));
        rig.Loop.RunUntil(() => outputs.Count > 0, "a conflict");
        Assert.Equal(AddressConflictOutputKind.AddressInUse, outputs[0].Kind);
        Assert.Equal(rig.NeighbourAddress, outputs[0].Rival);
        Assert.Equal(AddressConflictState.Idle, driver.State);

        driver.Probe(IpAddress.Parse("192.0.2.77"));
        rig.Loop.RunUntil(() => outputs.Count > 1, "a free address");
        Assert.Equal(AddressConflictOutputKind.AddressFree, outputs[1].Kind);
        rig.Loop.RunUntil(() => driver.State == AddressConflictState.Watching, "the announcements");

        // The neighbour takes it and says so, as arping -A would.
        rig.Neighbour("ip addr add 192.0.2.77/24 dev far; sysctl -qw net.ipv4.conf.far.arp_notify=1; "
            + "ip link set far down; ip link set far up");
        rig.Loop.RunUntil(() => outputs.Count > 2, "a claim");
        Assert.Equal(AddressConflictOutputKind.AddressDefended, outputs[2].Kind);
        rig.Neighbour("ip link set far down; ip link set far up");
        rig.Loop.RunUntil(() => outputs.Count > 3, "another claim");
        Assert.Equal(AddressConflictOutputKind.AddressLost, outputs[3].Kind);
    });

    [PrivateNetworkFact]
    public void A_link_local_address_is_taken_and_a_taken_one_is_passed_over() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new();
        List<LinkLocalOutput> outputs = [];
        using LinkLocalDriver driver = new(
            rig.Transport, rig.Index, rig.Address,
            (LinkLocalDriver _, in LinkLocalOutput output) => outputs.Add(output), Quick);
        driver.Start(IpAddress.Parse("169.254.7.7"));
        rig.Loop.RunUntil(() => driver.Address is not null, "an address");
        Assert.Equal([LinkLocalOutputKind.ConflictFound, LinkLocalOutputKind.AddressAcquired], outputs.Select(o => o.Kind));
        Assert.NotEqual(IpPrefix.Parse("169.254.7.7/16"), driver.Address);
        driver.Stop();
        Assert.Null(driver.Address);
    });

    [PrivateNetworkFact]
    public void Packets_of_our_own_other_links_are_no_conflict() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new();
        PrivateNetwork.Command("ip link add one type veth peer name two && ip link set one up && ip link set two up");
        List<AddressConflictOutput> outputs = [];
        using AddressConflictDriver one = Detector("one");
        using AddressConflictDriver two = Detector("two");
        one.Probe(IpAddress.Parse("198.51.100.7"));
        two.Probe(IpAddress.Parse("198.51.100.7"));
        rig.Loop.RunUntil(() => outputs.Count == 2, "both answers");
        Assert.All(outputs, output => Assert.Equal(AddressConflictOutputKind.AddressFree, output.Kind));
        Assert.True(rig.Transport.OwnPackets > 0);

        AddressConflictDriver Detector(string link) => new(
            rig.Transport, PrivateNetwork.IndexOf(link), PrivateNetwork.AddressOf(link), AddressDefence.DefendOnce,
            (AddressConflictDriver _, in AddressConflictOutput output) => outputs.Add(output), Quick);
    });

    private sealed class Rig : IDisposable
    {
        private readonly Process neighbour;

        public Rig()
        {
            PrivateNetwork.Command("ip link add near type veth peer name far && ip link set near up");
            NeighbourAddress = PrivateNetwork.AddressOf("far");
            neighbour = PrivateNetwork.Start("exec unshare -n cat");
            WaitForNamespace();
            PrivateNetwork.Command($"ip link set far netns {neighbour.Id}");
            Neighbour("ip addr add 192.0.2.1/24 dev far; ip addr add 169.254.7.7/16 dev far; ip link set far up");
            Loop = new(new LinuxKernel());
            Transport = new(Loop);
            Index = PrivateNetwork.IndexOf("near");
            Address = PrivateNetwork.AddressOf("near");
        }

        public EventLoop Loop { get; }

        public ArpTransport Transport { get; }

        public int Index { get; }

        public MacAddress Address { get; }

        public MacAddress NeighbourAddress { get; }

        public void Neighbour(string line) =>
            PrivateNetwork.Command($"nsenter -t {neighbour.Id} -n sh -ec '{line}'");

        public void Dispose()
        {
            neighbour.Kill();
            neighbour.WaitForExit();
            neighbour.Dispose();
            Transport.Dispose();
            Loop.Dispose();
        }

        /// <summary>The process has left our name space once it echoes: unshare comes before cat.</summary>
        private void WaitForNamespace()
        {
            neighbour.StandardInput.WriteLine("there");
            neighbour.StandardInput.Flush();
            Assert.Equal("there", neighbour.StandardOutput.ReadLine());
        }
    }
}
