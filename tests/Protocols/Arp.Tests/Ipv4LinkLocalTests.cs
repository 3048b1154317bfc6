using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Protocols.Arp;

namespace Spindle.Protocols.Arp.Tests;

public sealed class Ipv4LinkLocalTests
{
    private static readonly MacAddress Ours = MacAddress.Read([2, 0, 0, 0, 0, 1]);
    private static readonly MacAddress Theirs = MacAddress.Read([2, 0, 0, 0, 0, 2]);

    private readonly List<LinkLocalOutput> outputs = [];
    private Ipv4LinkLocal machine = new(Ours, 1);
    private Instant now = Instant.FromSeconds(100);

    [Fact]
    public void An_address_of_the_block_is_ours_within_seven_seconds()
    {
        Instant began = now;
        Step(LinkLocalInput.Started());
        IpPrefix address = Acquire();
        Assert.InRange(now - began, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(7));
        Assert.Equal(16, address.Length);
        Assert.Equal(3, outputs.Count(output => output.Kind == LinkLocalOutputKind.Send && output.Packet.IsProbe));
        Assert.Equal(address, machine.Address);
    }

    [Fact]
    public void A_host_finds_the_same_address_each_time_and_another_host_another()
    {
        Step(LinkLocalInput.Started());
        IpPrefix first = Acquire();
        machine = new(Ours, 99);
        Step(LinkLocalInput.Started());
        Assert.Equal(first, Acquire());
        machine = new(Theirs, 1);
        Step(LinkLocalInput.Started());
        Assert.NotEqual(first, Acquire());
    }

    [Fact]
    public void Candidates_stay_clear_of_the_reserved_ends()
    {
        Step(LinkLocalInput.Started());
        for (int i = 0; i < 5000; i++)
        {
            uint candidate = Conflict().ToV4();
            Assert.InRange(candidate, 0xA9FE_0100u, 0xA9FE_FEFFu);
        }
    }

    [Fact]
    public void A_remembered_address_is_tried_first_if_it_is_of_the_block()
    {
        Step(LinkLocalInput.Started(IpAddress.Parse("169.254.7.7")));
        Assert.Equal("169.254.7.7/16", Acquire().ToString());
        foreach (string bad in (string[])["169.254.0.9", "169.254.255.9", "192.0.2.1"])
        {
            machine = new(Ours, 1);
            Step(LinkLocalInput.Started(IpAddress.Parse(bad)));
            Assert.NotEqual(bad, Acquire().Address.ToString());
        }
    }

    [Fact]
    public void A_conflict_leads_to_another_candidate_and_ten_slow_it_down()
    {
        Step(LinkLocalInput.Started());
        HashSet<IpAddress> tried = [];
        for (int i = 0; i < 10; i++)
        {
            Assert.InRange(machine.Deadline - now, TimeSpan.Zero, TimeSpan.FromSeconds(1));
            tried.Add(Conflict());
        }

        Assert.Equal(10, tried.Count);
        Assert.InRange(machine.Deadline - now, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
        Assert.Equal(10, outputs.Count(output => output.Kind == LinkLocalOutputKind.ConflictFound));
    }

    [Fact]
    public void An_address_in_use_is_defended_once_and_then_replaced()
    {
        Step(LinkLocalInput.Started());
        IpPrefix address = Acquire();
        outputs.Clear();
        Step(LinkLocalInput.PacketReceived(ArpPacket.Announcement(Theirs, address.Address)));
        Assert.Equal(LinkLocalOutputKind.Send, Assert.Single(outputs).Kind);
        now += TimeSpan.FromSeconds(5);
        Step(LinkLocalInput.PacketReceived(ArpPacket.Announcement(Theirs, address.Address)));
        LinkLocalOutput lost = outputs[^1];
        Assert.Equal((LinkLocalOutputKind.AddressLost, address, Theirs), (lost.Kind, lost.Address, lost.Rival));
        Assert.Null(machine.Address);
        Assert.NotEqual(address, Acquire());
    }

    [Fact]
    public void An_adopted_address_is_announced_and_watched_but_not_probed()
    {
        Step(LinkLocalInput.Adopted(IpAddress.Parse("169.254.7.7")));
        Assert.Equal("169.254.7.7/16", machine.Address.ToString());
        LinkLocalOutput sent = Assert.Single(outputs);
        Assert.False(sent.Packet.IsProbe);
    }

    [Fact]
    public void Stopped_it_wants_nothing()
    {
        Step(LinkLocalInput.Started());
        Step(LinkLocalInput.Stopped);
        Assert.True(machine.Deadline.IsNever);
        Assert.False(machine.AwaitsPackets);
        Assert.Empty(outputs);
    }

    private IpAddress Conflict()
    {
        // Let the first probe tell which address is being tried.
        outputs.RemoveAll(output => output.Kind == LinkLocalOutputKind.Send);
        while (outputs.All(output => output.Kind != LinkLocalOutputKind.Send))
        {
            now = machine.Deadline;
            Step(LinkLocalInput.TimePassed);
        }

        IpAddress candidate = outputs[^1].Packet.TargetAddress;
        Step(LinkLocalInput.PacketReceived(ArpPacket.Announcement(Theirs, candidate)));
        return candidate;
    }

    private IpPrefix Acquire()
    {
        outputs.Clear();
        while (outputs.All(output => output.Kind != LinkLocalOutputKind.AddressAcquired))
        {
            now = machine.Deadline;
            Step(LinkLocalInput.TimePassed);
        }

        return outputs.Single(output => output.Kind == LinkLocalOutputKind.AddressAcquired).Address;
    }

    private void Step(LinkLocalInput input)
    {
        machine.Step(input, now);
        while (machine.TryTake(out LinkLocalOutput output))
        {
            outputs.Add(output);
        }
    }
}
