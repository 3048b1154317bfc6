using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Simulation;
using Spindle.Simulation.Faults;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>As <see cref="AdversaryTests"/>, on the simulated kernel, with short counts and artificial EAGAIN.</summary>
public sealed class SimulatedAdversaryTests : AdversaryTests
{
    public SimulatedAdversaryTests()
        : base(isSimulated: true)
    {
    }

    [Theory]
    [MemberData(nameof(Seeds), 25)]
    public void Whatever_some_send_others_are_answered(int seed)
    {
        FaultPlan faults = ((SimulatedKernel)Kernel).Faults;
        faults.SetRate(FaultKind.ShortCount, 50_000);
        faults.SetRate(FaultKind.TryAgain, 20_000);
        Attack(seed);
        faults.ClearRates();
    }
}

/// <summary>As <see cref="AdversaryTests"/>, on the running kernel.</summary>
public sealed class RunningAdversaryTests : AdversaryTests
{
    public RunningAdversaryTests()
        : base(isSimulated: false)
    {
    }

    [Theory]
    [MemberData(nameof(Seeds), 6)]
    public void Whatever_some_send_others_are_answered(int seed) => Attack(seed);
}

/// <summary>Many clients that send good and bad messages, whole, cut and mixed, leave whenever they like and do not read; and
/// one that is good.</summary>
public abstract class AdversaryTests : DoorTest
{
    private const int Bad = 12;
    private const int Steps = 600;

    private protected AdversaryTests(bool isSimulated)
        : base(isSimulated)
    {
    }

    public static TheoryData<int> Seeds(int count) => [.. Enumerable.Range(1, count)];

    private protected void Attack(int seed)
    {
        Program.Gate.Set();
        PeerUser = 1000;
        PseudoRandom random = new((ulong)seed);
        RpcServer server = Serve(new RpcLimits { Clients = Bad + 1, AnonymousClients = 5, Requests = 3 });
        Listen(server);
        Listen(server, "strangers", RpcAuthentication.PolicyKit);
        TestPeer good = Join(server);
        List<TestPeer> bad = [];
        for (int step = 0; step < Steps; step++)
        {
            if (bad.Count < Bad && random.NextBelow(4) == 0)
            {
                bad.Add(Connect(random.NextBelow(3) == 0 ? "strangers" : "sock"));
            }

            if (bad.Count > 0)
            {
                Misbehave(bad, ref random);
            }

            if (random.NextBelow(4) == 0)
            {
                Loop.Iterate(mayBlock: false);
            }

            if (random.NextBelow(10) == 0)
            {
                string text = $"seed {seed} step {step}";
                Assert.Equal(text, good.Call(step % 2 == 0 ? TestProgram.Echo : TestProgram.Work, writer => writer.WriteString(text)).Text);
            }

            AssertBounded(server);
        }

        bad.ForEach(Leave);
        Until(() => server.ClientCount == 1);
        Assert.True(good.Call(TestProgram.Void).IsOk);
        Until(() => Door.LargeOctets == 0);
        Program.Kept.Clear();
        Assert.Equal(0, server.AnonymousClients);
        Assert.All(Failures, static failure => Assert.IsType<InvalidOperationException>(failure));
        Assert.All(server.Services, static service => Assert.True(service.IsAccepting));
    }

    private static void AssertBounded(RpcServer server)
    {
        // A length that was made up may be long: memory follows what has come of the message, and of those being worked on.
        const int LongestArguments = 150_100;
        int large = server.ClientCount * 3 * LongestArguments;
        foreach (RpcClient client in server.Clients)
        {
            Assert.InRange(client.Requests, 0, 3);
            Assert.InRange(client.UnsentOctets, 0, RpcLimits.UnsentMark + 400_000);
            large += 2 * client.UnreadOctets;
        }

        Assert.InRange(server.Door.LargeOctets, 0, large);
    }

    private void Misbehave(List<TestPeer> bad, ref PseudoRandom random)
    {
        int index = (int)random.NextBelow((uint)bad.Count);
        TestPeer peer = bad[index];
        uint kind = random.NextBelow(20);
        switch (kind)
        {
            case 0:
                bad.RemoveAt(index);
                Leave(peer);
                break;
            case 1:
                Kernel.Shutdown(peer.Fd, (int)random.NextBelow(3));
                break;
            case 2 when !peer.IsEnded:
                peer.IsReading = !peer.IsReading;
                break;
            default:
                peer.Send(kind < 6 ? Noise(ref random) : kind < 9 ? Cut(Message(ref random), ref random) : Message(ref random));
                break;
        }
    }

    private static byte[] Message(ref PseudoRandom random)
    {
        uint serial = random.NextUInt32();
        switch (random.NextBelow(12))
        {
            case 0:
                return KeepAlive.Ping.ToArray();
            case 1:
                int size = (int)random.NextBelow(100_000);
                return TestPeer.Call(TestProgram.Big, serial, writer => writer.WriteInt32(size));
            case 2:
                string text = new('a', (int)random.NextBelow(150_000));
                return TestPeer.Call(TestProgram.Work, serial, writer => writer.WriteString(text));
            case 3:
                RpcHeader strange = new(
                    random.NextBelow(2) == 0 ? RpcPrograms.Remote : random.NextUInt32(), random.NextBelow(3), (int)random.NextBelow(1100),
                    (RpcMessageType)random.NextBelow(8), serial, (RpcStatus)random.NextBelow(3));
                return TestPeer.Message(strange, static writer => writer.WriteInt64(0));
            case 4:
                return TestPeer.Call((int)RemoteProcedure.AuthList + (int)random.NextBelow(5), serial);
            default:
                int procedure = TestProgram.Echo + (int)random.NextBelow(14);
                return TestPeer.Call(procedure, serial, static writer => writer.WriteString("abc"));
        }
    }

    private static byte[] Cut(byte[] message, ref PseudoRandom random)
    {
        if (random.NextBelow(2) == 0)
        {
            return message[..(int)random.NextBelow((uint)message.Length)];
        }

        BinaryPrimitives.WriteUInt32BigEndian(message, random.NextBelow(3) == 0 ? random.NextUInt32() : (uint)message.Length + random.NextBelow(100));
        return message;
    }

    private static byte[] Noise(ref PseudoRandom random)
    {
        byte[] octets = new byte[random.NextBelow(200)];
        for (int index = 0; index < octets.Length; index++)
        {
            octets[index] = (byte)random.NextBelow(random.NextBelow(2) == 0 ? 2u : 256u);
        }

        return octets;
    }
}
