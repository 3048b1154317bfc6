using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Protocols.Dhcp.Tests.V4;

/// <summary>Walks at random through everything that can happen, and holds what is seen against what the header says.</summary>
public sealed class TransitionTableTests
{
    [Fact]
    public void The_table_in_the_header_is_what_the_client_does()
    {
        HashSet<(DhcpClientState, DhcpClientState)> seen = [];
        for (ulong seed = 0; seed < 400; seed++)
        {
            Walk(seed, seen);
        }

        HashSet<(DhcpClientState, DhcpClientState)> table = ReadTable();
        Assert.Equal([], seen.Except(table));
        Assert.Equal([], table.Except(seen));
    }

    private static void Walk(ulong seed, HashSet<(DhcpClientState, DhcpClientState)> seen)
    {
        PseudoRandom random = new(seed ^ 0xABCDEF);
        Timeline line = new(Timeline.Default with { DetectsConflicts = seed % 2 == 1 }, seed);
        bool isHeld = false;
        for (int i = 0; i < 400; i++)
        {
            bool wasStopped = line.Client.State == DhcpClientState.Stopped;
            StepAtRandom(line, ref random, out bool isAdopting);
            isHeld |= wasStopped && isAdopting; // The owner has it on the link, though it may have ended.
            Assert.True(line.Client.Deadline > line.Now, $"seed {seed}, step {i}: due at once");
            foreach (DhcpOutput output in line.Outputs)
            {
                if (output.Kind is DhcpOutputKind.LeaseLost or DhcpOutputKind.LeaseRenewed)
                {
                    Assert.True(isHeld, $"seed {seed}, step {i}: {output.Kind} without a lease");
                }

                isHeld = output.Kind switch
                {
                    DhcpOutputKind.LeaseAcquired => true,
                    DhcpOutputKind.LeaseLost => false,
                    DhcpOutputKind.StateChanged when output.To == DhcpClientState.Stopped => false,
                    _ => isHeld,
                };
            }

            line.Outputs.Clear();
        }

        seen.UnionWith(line.Transitions);
    }

    private static void StepAtRandom(Timeline line, ref PseudoRandom random, out bool isAdopting)
    {
        isAdopting = false;
        IpAddress address = line.Client.Lease?.Address.Address ?? Replies.Address;
        switch (random.NextBelow(20))
        {
            case 0:
                line.Step(DhcpInput.Started(random.NextBelow(2) == 0 ? default : Replies.Address));
                break;
            case 1:
                isAdopting = true;
                line.Step(DhcpInput.Adopted(AdoptedAt(line.Now - TimeSpan.FromSeconds(random.NextBelow(4000)))));
                break;
            case 2 when random.NextBelow(4) == 0:
                line.Step(random.NextBelow(2) == 0 ? DhcpInput.Stopped : DhcpInput.Released);
                break;
            case 3 when random.NextBelow(2) == 0:
                line.Step(DhcpInput.CarrierLost);
                break;
            case 4:
                line.Step(DhcpInput.CarrierReturned);
                break;
            case 5:
                line.Step(DhcpInput.AddressInUse(address));
                break;
            case 6 or 7:
                line.Step(DhcpInput.AddressFree(address));
                break;
            case 8 when line.LastSent is not null:
                line.ReceiveRefusal();
                break;
            case 9 or 10 when line.LastSent is not null:
                line.ReceiveOffer();
                break;
            case 11 or 12 when line.LastSent is not null:
                line.ReceiveAcknowledgement();
                break;
            case 13 when line.LastSent is not null:
                line.Receive(Replies.Bytes(
                    line.TransactionId,
                    Replies.Options(DhcpMessageType.Acknowledge).Add(DhcpOptionCode.RapidCommit, [])));
                break;
            case 14:
                // As after a sleep: one step, long after several deadlines.
                line.SkipTo(line.Now + TimeSpan.FromSeconds(random.NextBelow(5000)));
                break;
            default:
                line.Pass(TimeSpan.FromMilliseconds(random.NextBelow(1u << (int)random.NextBelow(24))));
                break;
        }
    }

    private static DhcpLease AdoptedAt(Instant acquiredAt)
    {
        byte[] acknowledgement = Replies.Bytes(1, Replies.Options(DhcpMessageType.Acknowledge));
        Assert.True(DhcpLease.TryRestore(acknowledgement, acquiredAt, out DhcpLease? lease));
        return lease!;
    }

    private static HashSet<(DhcpClientState, DhcpClientState)> ReadTable([CallerFilePath] string here = "")
    {
        string source = Path.Combine(
            Path.GetDirectoryName(here)!, "../../../../src/Protocols/Dhcp/V4/DhcpClient.cs");
        HashSet<(DhcpClientState, DhcpClientState)> table = [];
        foreach (Match row in Regex.Matches(File.ReadAllText(source), @"^/// (\w+) +-> (\w+) ", RegexOptions.Multiline))
        {
            DhcpClientState to = Enum.Parse<DhcpClientState>(row.Groups[2].Value);
            if (row.Groups[1].Value != "any")
            {
                table.Add((Enum.Parse<DhcpClientState>(row.Groups[1].Value), to));
                continue;
            }

            foreach (DhcpClientState from in Enum.GetValues<DhcpClientState>())
            {
                if (from != DhcpClientState.Stopped)
                {
                    table.Add((from, to));
                }
            }
        }

        return table;
    }
}
