using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Spindle.Basics;
using Spindle.Protocols.Arp;

namespace Spindle.Protocols.Arp.Tests;

public sealed class AddressConflictDetectorTests
{
    private static readonly MacAddress Ours = MacAddress.Read([2, 0, 0, 0, 0, 1]);
    private static readonly MacAddress Theirs = MacAddress.Read([2, 0, 0, 0, 0, 2]);
    private static readonly IpAddress Address = IpAddress.Parse("192.0.2.50");

    private readonly List<AddressConflictOutput> outputs = [];
    private AddressConflictDetector detector = new(Ours, AddressDefence.DefendOnce, 1);
    private Instant now = Instant.FromSeconds(100);

    private static AddressConflictInput Claim =>
        AddressConflictInput.PacketReceived(ArpPacket.Announcement(Theirs, Address));

    [Fact]
    public void Three_probes_then_two_announcements_and_the_address_is_ours_with_the_first()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            detector = new(Ours, AddressDefence.DefendOnce, seed);
            outputs.Clear();
            Step(AddressConflictInput.ProbeWanted(Address));
            Assert.Empty(outputs);
            Assert.InRange(ToDeadline(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
            for (int i = 0; i < 3; i++)
            {
                AddressConflictOutput probe = Assert.Single(outputs);
                Assert.Equal(ArpPacket.Probe(Ours, Address), probe.Packet);
                outputs.Clear();
                TimeSpan waited = ToDeadline();
                Assert.InRange(waited, TimeSpan.FromSeconds(i < 2 ? 1 : 2), TimeSpan.FromSeconds(2));
            }

            Assert.Equal([AddressConflictOutputKind.Send, AddressConflictOutputKind.AddressFree], Kinds());
            Assert.Equal(TimeSpan.FromSeconds(2), ToDeadline());
            Assert.Equal(ArpPacket.Announcement(Ours, Address), Assert.Single(outputs).Packet);
            Assert.Equal(AddressConflictState.Watching, detector.State);
            Assert.True(detector.Deadline.IsNever);
            Assert.True(detector.AwaitsPackets);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_probe_that_could_not_be_sent_is_sent_again_and_does_not_count(int failing)
    {
        Step(AddressConflictInput.ProbeWanted(Address));
        for (int probe = 1; probe <= 4; probe++)
        {
            ToDeadline();
            Assert.Equal(ArpPacket.Probe(Ours, Address), Assert.Single(outputs).Packet);
            outputs.Clear();
            if (probe == failing)
            {
                Step(AddressConflictInput.SendFailed);
                Assert.InRange(detector.Deadline - now, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            }
        }

        ToDeadline();
        Assert.Equal([AddressConflictOutputKind.Send, AddressConflictOutputKind.AddressFree], Kinds());
        Step(AddressConflictInput.SendFailed); // announcements may be lost
        Assert.Equal(TimeSpan.FromSeconds(2), ToDeadline());
        Assert.Equal(AddressConflictState.Watching, detector.State);
    }

    [Fact]
    public void An_answer_to_a_probe_is_a_conflict()
    {
        Step(AddressConflictInput.ProbeWanted(Address));
        ToDeadline();
        Kinds();
        Step(AddressConflictInput.PacketReceived(
            new(ArpOperation.Reply, Theirs, Address, Ours, IpAddress.AnyV4)));
        AddressConflictOutput output = Assert.Single(outputs);
        Assert.Equal(AddressConflictOutputKind.AddressInUse, output.Kind);
        Assert.Equal(Theirs, output.Rival);
        Assert.Equal(AddressConflictState.Idle, detector.State);
        Assert.True(detector.Deadline.IsNever);
    }

    [Fact]
    public void Somebody_elses_probe_for_the_same_address_is_a_conflict()
    {
        Step(AddressConflictInput.ProbeWanted(Address));
        Step(AddressConflictInput.PacketReceived(ArpPacket.Probe(Theirs, Address)));
        Assert.Equal([AddressConflictOutputKind.AddressInUse], Kinds());
    }

    [Fact]
    public void Our_own_packets_and_those_about_other_addresses_are_none()
    {
        Step(AddressConflictInput.ProbeWanted(Address));
        ToDeadline();
        Kinds();
        Step(AddressConflictInput.PacketReceived(ArpPacket.Probe(Ours, Address)));
        Step(AddressConflictInput.PacketReceived(ArpPacket.Announcement(Ours, Address)));
        Step(AddressConflictInput.PacketReceived(ArpPacket.Announcement(Theirs, IpAddress.Parse("192.0.2.51"))));
        Step(AddressConflictInput.PacketReceived(
            new(ArpOperation.Request, Theirs, IpAddress.Parse("192.0.2.51"), default, Address)));
        Assert.Empty(outputs);
        Assert.Equal(AddressConflictState.Probing, detector.State);
    }

    [Fact]
    public void A_claim_is_answered_once_and_the_second_within_ten_seconds_wins()
    {
        Watch();
        Step(Claim);
        Assert.Equal([AddressConflictOutputKind.Send, AddressConflictOutputKind.AddressDefended], Kinds());
        now += TimeSpan.FromSeconds(10);
        Step(Claim);
        Assert.Equal([AddressConflictOutputKind.Send, AddressConflictOutputKind.AddressDefended], Kinds());
        now += TimeSpan.FromSeconds(9.9);
        Step(Claim);
        Assert.Equal([AddressConflictOutputKind.AddressLost], Kinds());
        Assert.Equal(AddressConflictState.Idle, detector.State);
    }

    [Fact]
    public void A_probe_by_somebody_is_no_claim()
    {
        // The kernel answers it.
        Watch();
        Step(AddressConflictInput.PacketReceived(ArpPacket.Probe(Theirs, Address)));
        Assert.Empty(outputs);
    }

    [Fact]
    public void Who_gives_up_does_so_at_once()
    {
        detector = new(Ours, AddressDefence.GiveUp, 1);
        Watch();
        Step(Claim);
        Assert.Equal([AddressConflictOutputKind.AddressLost], Kinds());
    }

    [Fact]
    public void Who_never_gives_up_answers_once_in_ten_seconds()
    {
        detector = new(Ours, AddressDefence.DefendAlways, 1);
        Watch();
        for (int i = 0; i < 100; i++)
        {
            Step(Claim);
            now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal(10, outputs.Count(output => output.Kind == AddressConflictOutputKind.Send));
        Assert.Equal(AddressConflictState.Watching, detector.State);
    }

    [Fact]
    public void After_ten_conflicts_a_minute_passes_before_each_probe()
    {
        for (int i = 0; i < 10; i++)
        {
            Step(AddressConflictInput.ProbeWanted(Address));
            Assert.InRange(detector.Deadline - now, TimeSpan.Zero, TimeSpan.FromSeconds(1));
            Step(Claim);
        }

        Step(AddressConflictInput.ProbeWanted(Address));
        Assert.InRange(detector.Deadline - now, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
        outputs.Clear();
        while (!detector.Deadline.IsNever)
        {
            ToDeadline();
        }

        Assert.Equal(0, detector.Conflicts);
    }

    [Fact]
    public void The_table_in_the_header_is_what_the_detector_does()
    {
        HashSet<(AddressConflictState, AddressConflictState)> seen = [];
        for (ulong seed = 0; seed < 100; seed++)
        {
            PseudoRandom random = new(seed);
            detector = new(Ours, (AddressDefence)(seed % 3), seed);
            for (int i = 0; i < 200; i++)
            {
                AddressConflictState before = detector.State;
                StepAtRandom(ref random);
                Assert.True(detector.Deadline > now);
                outputs.Clear();
                if (detector.State != before)
                {
                    seen.Add((before, detector.State));
                }
            }
        }

        HashSet<(AddressConflictState, AddressConflictState)> table = ReadTable();
        Assert.Equal([], seen.Except(table));
        Assert.Equal([], table.Except(seen));
    }

    private void StepAtRandom(ref PseudoRandom random)
    {
        switch (random.NextBelow(12))
        {
            case 0:
                Step(AddressConflictInput.ProbeWanted(Address));
                break;
            case 1 when random.NextBelow(2) == 0:
                Step(AddressConflictInput.WatchWanted(Address));
                break;
            case 2 when random.NextBelow(4) == 0:
                Step(AddressConflictInput.Stopped);
                break;
            case 3:
                Step(Claim);
                break;
            case 4:
                now += TimeSpan.FromSeconds(random.NextBelow(20));
                Step(AddressConflictInput.TimePassed);
                break;
            default:
                if (!detector.Deadline.IsNever)
                {
                    ToDeadline();
                }

                break;
        }
    }

    private static HashSet<(AddressConflictState, AddressConflictState)> ReadTable([CallerFilePath] string here = "")
    {
        string source = Path.Combine(
            Path.GetDirectoryName(here)!, "../../../src/Protocols/Arp/AddressConflictDetector.cs");
        HashSet<(AddressConflictState, AddressConflictState)> table = [];
        foreach (Match row in Regex.Matches(File.ReadAllText(source), @"^/// (\w+) +-> (\w+) ", RegexOptions.Multiline))
        {
            AddressConflictState to = Enum.Parse<AddressConflictState>(row.Groups[2].Value);
            foreach (AddressConflictState from in Enum.GetValues<AddressConflictState>())
            {
                if (from != to && (row.Groups[1].Value == "any" || row.Groups[1].Value == from.ToString()))
                {
                    table.Add((from, to));
                }
            }
        }

        return table;
    }

    private void Watch()
    {
        Step(AddressConflictInput.WatchWanted(Address));
        while (!detector.Deadline.IsNever)
        {
            ToDeadline();
        }

        Assert.Equal([AddressConflictOutputKind.Send, AddressConflictOutputKind.Send], Kinds());
    }

    private void Step(AddressConflictInput input)
    {
        detector.Step(input, now);
        while (detector.TryTake(out AddressConflictOutput output))
        {
            outputs.Add(output);
        }
    }

    private TimeSpan ToDeadline()
    {
        TimeSpan waited = detector.Deadline - now;
        now = detector.Deadline;
        Step(AddressConflictInput.TimePassed);
        return waited;
    }

    private AddressConflictOutputKind[] Kinds()
    {
        AddressConflictOutputKind[] kinds = [.. outputs.Select(output => output.Kind)];
        outputs.Clear();
        return kinds;
    }
}
