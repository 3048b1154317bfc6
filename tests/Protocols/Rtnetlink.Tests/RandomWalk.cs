using System;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink.Tests;

/// <summary>A thousand things in an order made from a seed: changes, reads, losses, parts of dumps, time.</summary>
internal static class RandomWalk
{
    public static void Run(ulong seed)
    {
        PseudoRandom random = new(seed);
        ConversationHarness harness = new(queueMax: 5 + (int)random.NextBelow(60));
        for (int i = 0; i < 10; i++)
        {
            Change(harness.Kernel, ref random);
            harness.Kernel.Settle();
        }

        harness.Step(RtnetlinkInput.Started);
        uint changes = 1 + random.NextBelow(5);
        for (int i = 0; i < 1000; i++)
        {
            harness.Kernel.InterruptionsLeft += random.NextBelow(100) == 0 ? 1 : 0;
            harness.Now += TimeSpan.FromMicroseconds(random.NextBelow(2000));
            switch (random.NextBelow(10))
            {
                case uint choice when choice < changes: Change(harness.Kernel, ref random); break;
                case 5: harness.Kernel.Settle(); break;
                case 6: harness.Kernel.MakePart(); break;
                case 7: harness.ReadReply(); break;
                case 8 when harness.Now >= harness.Conversation.Deadline: harness.Step(RtnetlinkInput.TimePassed); break;
                default: harness.ReadNotification(); break;
            }
        }

        harness.Quiesce();
        harness.AssertInStep();
    }

    private static void Change(PretendedKernel kernel, ref PseudoRandom random)
    {
        // One lock in the kernel: what was told too early is done before anything else changes.
        kernel.Settle();
        int index = 1 + (int)random.NextBelow(4);
        Route route = ConversationTests.NewRoute((int)random.NextBelow(8)) with
        {
            OutputInterface = index,
            Gateway = IpAddress.FromV4(192, 0, 2, (byte)random.NextBelow(3)),
            Metric = random.NextBelow(2),
        };
        Route routeV6 = new()
        {
            Destination = new(IpAddress.FromV6((UInt128)random.NextBelow(3) << 100), 64),
            OutputInterface = index,
            Protocol = (byte)random.NextBelow(2),
            Metric = Route.MetricDefaultV6,
        };
        Address address = ConversationTests.NewAddress((int)random.NextBelow(6)) with
        {
            Flags = (AddressFlags)random.NextBelow(2),
        };
        Link link = ConversationTests.NewLink(index) with
        {
            Flags = (LinkFlags)random.NextBelow(2),
            Mtu = 1500 + random.NextBelow(2),
        };
        switch (random.NextBelow(10))
        {
            case 0: kernel.SetLink(link); break;
            case 1: kernel.SetAddress(address); break;
            case 2: kernel.RemoveAddress(address); break;
            case 3 or 4: kernel.AddRoute(route); break;
            case 5: kernel.AppendRoute(random.NextBelow(2) == 0 ? route : routeV6); break;
            case 6: kernel.ReplaceRoute(route); break;
            case 7: kernel.RemoveRoute(routeV6); break;
            default: kernel.RemoveRoute(route); break;
        }
    }
}
