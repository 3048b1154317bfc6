using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Simulation.Faults;

/// <summary>Faults of system calls: at rates, by number, and legal.</summary>
public sealed class FaultTests
{
    [Fact]
    public void The_call_with_the_planned_number_fails_and_no_other()
    {
        SimulatedKernel kernel = new();
        kernel.Faults.FailAt(SystemCall.EventFd, 2, Errno.EMFILE);
        Assert.True(kernel.EventFd(0).IsOk);
        Assert.True(kernel.EpollCreate().IsOk);
        Assert.True(kernel.EventFd(0).Is(Errno.EMFILE));
        Assert.True(kernel.EventFd(0).IsOk);
        Assert.Equal(3, kernel.Faults.CountOf(SystemCall.EventFd));
        Assert.Equal(1, kernel.Faults.Struck);
    }

    [Fact]
    public void A_sweep_fails_each_call_once_and_ends_where_there_are_no_more()
    {
        List<string> seen = [];
        long runs = FaultSweep.Run(SystemCall.EventFd, Errno.EMFILE, () => new SimulatedKernel(), kernel =>
        {
            string line = "";
            for (int count = 0; count < 3; count++)
            {
                line += kernel.EventFd(0).IsOk ? "o" : "x";
            }

            seen.Add(line);
        });
        Assert.Equal(["xoo", "oxo", "oox", "ooo"], seen);
        Assert.Equal(3, runs);
    }

    [Fact]
    public void A_process_can_be_killed_before_every_one_of_its_calls()
    {
        HashSet<string> seen = [];
        long runs = FaultSweep.Intervene(() => new SimulatedKernel(), kernel => kernel.Kill(), kernel =>
        {
            kernel.MakeDirectory("/run/a");
            kernel.MakeDirectory("/run/b");
            List<string> names = [];
            kernel.Machine.StartProcess().ListDirectory("/run", names);
            seen.Add(string.Concat(names));
        });
        Assert.Equal(2, runs);
        Assert.True(seen.SetEquals(["", "a", "ab"]), string.Join(',', seen));
    }

    [Theory]
    [InlineData(FaultKind.TryAgain)]
    [InlineData(FaultKind.ShortCount)]
    [InlineData(FaultKind.Interrupted)]
    public void Everything_sent_arrives_by_edges_alone_whatever_the_faults(FaultKind kind)
    {
        long struck = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            SimulatedKernel kernel = new(seed);
            int[] pair = new int[2];
            kernel.SocketPair(SocketType.Stream, pair);
            kernel.Faults.SetRate(kind, 300_000);
            using EventLoop loop = new(kernel);
            byte[] sent = new byte[20_000];
            kernel.Random(sent);
            List<byte> received = [];
            int written = 0;
            byte[] buffer = new byte[700];
            loop.AddFd(pair[0], FdEvents.Writable, (source, _) =>
            {
                Result result;
                while (written < sent.Length && (result = kernel.Send(source.Fd, sent.AsSpan(written, Math.Min(999, sent.Length - written)))).IsOk)
                {
                    written += result.Int;
                }
            }, trigger: FdTrigger.Edge);
            loop.AddFd(pair[1], FdEvents.Readable, (source, _) =>
            {
                while (kernel.Receive(source.Fd, buffer) is { IsOk: true, Value: > 0 } result)
                {
                    received.AddRange(buffer.AsSpan(0, result.Int));
                }
            }, trigger: FdTrigger.Edge);
            while (received.Count < sent.Length)
            {
                loop.Iterate(mayBlock: true);
            }

            Assert.Equal(sent, received);
            struck += kernel.Faults.Struck;
        }

        Assert.True(struck > 0);
    }

    [Fact]
    public void Objects_that_are_no_streams_have_no_short_counts_and_no_stray_errors()
    {
        SimulatedKernel kernel = new();
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            kernel.Faults.SetRate(kind, 1_000_000);
        }

        Assert.True(kernel.EventFd(0).Error is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM);
        Assert.True(kernel.Read(0, new byte[8]).IsOk);
        Assert.True(kernel.EpollWait(99, new EpollEvent[1], TimeSpan.Zero).Is(Errno.EBADF));
        Assert.True(kernel.EpollWait(99, new EpollEvent[1], null).Is(Errno.EINTR));
        kernel.Faults.ClearRates();
        int counter = kernel.EventFd(1).Int;
        kernel.Faults.SetRate(FaultKind.TryAgain, 1_000_000);
        kernel.Faults.SetRate(FaultKind.ShortCount, 1_000_000);
        Assert.Equal(8, kernel.Read(counter, new byte[8]).Int);
    }

    [Fact]
    public void Equal_seeds_have_equal_faults()
    {
        Assert.Equal(Pattern(7), Pattern(7));
        Assert.NotEqual(Pattern(7), Pattern(8));
    }

    private static string Pattern(ulong seed)
    {
        SimulatedKernel kernel = new(seed);
        kernel.Faults.SetRate(FaultKind.NoDescriptor, 100_000);
        string pattern = "";
        for (int count = 0; count < 200; count++)
        {
            pattern += kernel.EventFd(0).Error switch
            {
                Errno.None => '.',
                Errno.EMFILE => 'm',
                Errno.ENFILE => 'n',
                _ => '?',
            };
        }

        return pattern;
    }
}
