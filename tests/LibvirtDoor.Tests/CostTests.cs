using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>What clients and calls cost.</summary>
public sealed class CostTests : DoorTest
{
    private readonly List<int> descriptors = [];

    public override void Dispose()
    {
        descriptors.ForEach(fd => Kernel.Close(fd));
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void An_idle_client_costs_less_than_2_KB()
    {
        const int Count = 300;
        RpcServer server = Serve();
        Listen(server);
        byte[] call = TestPeer.Call(TestProgram.Void, 1);
        ConnectMany(server, 50, call);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ConnectMany(server, Count, call);
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;

        // All that was allocated for them, what is gone again included, and the calls that each has made.
        Assert.InRange(each, 1, 2000);
        Assert.All(server.Clients, static client => Assert.Equal((0, 0, 0), (client.UnreadOctets, client.UnsentOctets, client.Requests)));
    }

    [Fact]
    public void A_call_that_is_answered_inline_allocates_nothing()
    {
        Listen(Serve());
        byte[] call = TestPeer.Call(TestProgram.Void, 1);
        int fd = ConnectRaw();
        Assert.Equal(0, Least(() => Exchange(fd, call)));
    }

    [Fact]
    public void A_call_for_a_worker_allocates_nothing_on_the_loop()
    {
        Listen(Serve(workers: new() { Maximum = 1, Minimum = 1 }));
        byte[] call = TestPeer.Call(TestProgram.Work, 1, static writer => writer.WriteString(""));
        int fd = ConnectRaw();
        Assert.Equal(0, Least(() => Exchange(fd, call)));
    }

    private void ConnectMany(RpcServer server, int count, byte[] call)
    {
        int before = server.ClientCount;
        for (int index = 0; index < count; index++)
        {
            int fd = ConnectRaw();
            Exchange(fd, call);
        }

        Assert.Equal(before + count, server.ClientCount);
    }

    private int ConnectRaw()
    {
        int fd = Kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0).Int;
        SocketAddress.TryUnix(PathOf("sock"), out SocketAddress address);
        Assert.True(Kernel.Connect(fd, address).IsOk);
        descriptors.Add(fd);
        return fd;
    }

    private void Exchange(int fd, byte[] call)
    {
        Span<byte> answer = stackalloc byte[64];
        Kernel.Send(fd, call);
        Result received;
        while ((received = Kernel.Receive(fd, answer)).Is(Errno.EAGAIN))
        {
            Loop.Iterate(mayBlock: true);
        }

        if (received.Int < RpcFrame.MinimumLength)
        {
            throw new InvalidOperationException("no answer");
        }
    }

    /// <summary>What else the runtime charges to this thread comes once in a while: the least of many is the code's own.</summary>
    private static long Least(Action body)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 200 && least != 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            body();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
