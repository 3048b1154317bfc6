using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Media;
using Xunit;

namespace Spindle.Simulation.Tests.Network;

/// <summary>Connections between two machines, in good and bad weather.</summary>
public sealed class TcpTests
{
    private const int Readable = 1;
    private const int Writable = 4;
    private const int HangUp = 16;
    private readonly NetworkPair pair = new();

    private NetworkPair.Host First => pair.First;

    private NetworkPair.Host Second => pair.Second;

    [Theory]
    [InlineData(IpFamily.V4)]
    [InlineData(IpFamily.V6)]
    public void Octets_go_both_ways_and_each_side_ends_by_itself(IpFamily family)
    {
        (int client, int server) = Connected(family);
        First.Kernel.Send(client, [1, 2, 3]);
        Second.Kernel.Send(server, [4, 5]);
        pair.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([1, 2, 3], Second.Receive(server));
        Assert.Equal([4, 5], First.Receive(client));

        First.Kernel.Shutdown(client, 1);
        pair.Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(Second.Receive(server)!);
        Second.Kernel.Send(server, [6]);
        Second.Kernel.Close(server);
        pair.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([6], First.Receive(client));
        Assert.Empty(First.Receive(client)!);
        First.Kernel.Close(client);
        pair.Pass(TimeSpan.FromMinutes(2));
        Assert.Empty(First.Internet.Tcp.Connections);
        Assert.Empty(Second.Internet.Tcp.Connections);
    }

    [Fact]
    public void A_megabyte_survives_loss_reordering_doubles_and_flipped_bits()
    {
        (int client, int server) = Connected(IpFamily.V4);
        pair.Segment.Weather = new Weather
        {
            LossPerMillion = 50_000,
            DuplicationPerMillion = 50_000,
            ReorderPerMillion = 50_000,
            CorruptionPerMillion = 20_000,
            Jitter = TimeSpan.FromMilliseconds(2),
        };
        byte[] sent = new byte[1_000_000];
        new Random(3).NextBytes(sent);
        byte[] received = new byte[sent.Length];
        int written = 0;
        int read = 0;
        for (int round = 0; round < 200_000 && read < sent.Length; round++)
        {
            Result result = First.Kernel.Send(client, sent.AsSpan(written));
            written += result.IsOk ? result.Int : 0;
            pair.Pass(TimeSpan.FromMilliseconds(20));
            Result taken = Second.Kernel.Receive(server, received.AsSpan(read));
            read += taken.IsOk ? taken.Int : 0;
        }

        Assert.Equal(sent.Length, read);
        Assert.True(sent.SequenceEqual(received));
    }

    [Fact]
    public void A_port_where_nobody_listens_refuses()
    {
        int client = First.Stream();
        Assert.True(First.Kernel.Connect(client, SocketAddress.Inet(Second.V4, 80)).Is(Errno.EINPROGRESS));
        Assert.Equal(0, First.Mask(client));
        pair.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(Errno.ECONNREFUSED, First.Error(client));
        Assert.Equal(HangUp, First.Mask(client) & HangUp);
    }

    [Fact]
    public void A_host_that_is_not_there_is_unreachable_after_three_seconds()
    {
        int client = First.Stream();
        First.Kernel.Connect(client, SocketAddress.Inet(IpAddress.FromV4(192, 0, 2, 77), 80));
        pair.Pass(TimeSpan.FromSeconds(2.9));
        Assert.Equal(Errno.None, First.Error(client));
        pair.Pass(TimeSpan.FromSeconds(0.2));
        Assert.Equal(Errno.EHOSTUNREACH, First.Error(client));
    }

    [Fact]
    public void A_silent_network_times_out_after_a_hundred_and_thirty_one_seconds()
    {
        (int other, _) = Connected(IpFamily.V4); // so that the neighbour is known
        int client = First.Stream();
        Second.Plug.Partition = 1;
        First.Kernel.Connect(client, SocketAddress.Inet(Second.V4, 80));
        First.Kernel.Close(other);
        First.Internet.Neighbors(First.Link, IpFamily.V4).Learn(Second.V4, Second.Link.MacAddress, true, true);
        Instant start = pair.Clock.Now;
        while (First.Error(client) == Errno.None && pair.Clock.Now - start < TimeSpan.FromMinutes(5))
        {
            First.Internet.Neighbors(First.Link, IpFamily.V4).Confirm(Second.V4);
            pair.Pass(TimeSpan.FromMilliseconds(500));
        }

        Assert.InRange(pair.Clock.Now - start, TimeSpan.FromSeconds(131), TimeSpan.FromSeconds(132));
    }

    [Fact]
    public void A_reader_that_does_not_read_stops_the_writer_and_wakes_it_when_it_does()
    {
        (int client, int server) = Connected(IpFamily.V4);
        int total = 0;
        Result result;
        do
        {
            result = First.Kernel.Send(client, new byte[50_000]);
            total += result.Int;
            pair.Pass(TimeSpan.FromSeconds(1));
        }
        while (result.IsOk);
        Assert.True(result.Is(Errno.EAGAIN));
        Assert.Equal(0, First.Mask(client) & Writable);

        int read = 0;
        while (read < total && Second.Receive(server) is { } piece)
        {
            read += piece.Length;
            pair.Pass(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(total, read);
        Assert.Equal(Writable, First.Mask(client) & Writable);
    }

    [Fact]
    public void Who_closes_with_octets_unread_resets_the_other()
    {
        (int client, int server) = Connected(IpFamily.V4);
        First.Kernel.Send(client, [1]);
        pair.Pass(TimeSpan.FromSeconds(1));
        Second.Kernel.Close(server);
        pair.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(Readable | HangUp, First.Mask(client) & (Readable | HangUp));
        Assert.True(First.Kernel.Receive(client, new byte[1]).Is(Errno.ECONNRESET));
    }

    [Fact]
    public void A_connection_survives_a_line_that_bounces()
    {
        (int client, int server) = Connected(IpFamily.V4);
        Second.Plug.Bounce(TimeSpan.FromSeconds(5));
        First.Kernel.Send(client, [1, 2]);
        pair.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal([1, 2], Second.Receive(server));
    }

    private (int Client, int Server) Connected(IpFamily family)
    {
        int listener = Second.Listener(80, family);
        int client = First.Stream(family);
        IpAddress to = family == IpFamily.V4 ? Second.V4 : Second.V6;
        Assert.True(First.Kernel.Connect(client, SocketAddress.Inet(to, 80)).Is(Errno.EINPROGRESS));
        pair.Pass(TimeSpan.FromMilliseconds(5));
        Assert.Equal(Writable, First.Mask(client));
        int server = Second.Kernel.Accept(listener, out SocketAddress peer).Int;
        Assert.True(peer.TryGetInet(out IpAddress from, out _, out _));
        Assert.Equal(family == IpFamily.V4 ? First.V4 : First.V6, from);
        Second.Kernel.Close(listener);
        return (client, server);
    }
}
