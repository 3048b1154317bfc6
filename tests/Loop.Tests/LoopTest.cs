using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>A loop on the kernel of the tests, with pipes and the like; what a test opens is closed with it.</summary>
public abstract class LoopTest : IDisposable
{
    private readonly List<int> descriptors = [];

    protected LoopTest(WaitingBy waiting = WaitingBy.Epoll, bool isOnVirtualTime = false)
    {
        Kernel = isOnVirtualTime ? TestKernel.BeginOnVirtualTime() : TestKernel.Begin();
        Loop = new EventLoop(Kernel, new EventLoopOptions { Waiting = waiting });
        Assert.Null(Loop.FallbackReason);
    }

    protected Kernel Kernel { get; }

    protected EventLoop Loop { get; }

    /// <summary>What the callbacks wrote down, in their order.</summary>
    protected List<string> Trace { get; } = [];

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        Loop.Dispose();
        foreach (int fd in descriptors)
        {
            Kernel.Close(fd);
        }

        TestKernel.End();
    }

    protected int Own(Result result)
    {
        Assert.True(result.IsOk, result.ToString());
        descriptors.Add(result.Int);
        return result.Int;
    }

    protected void Close(int fd)
    {
        Assert.True(descriptors.Remove(fd));
        Kernel.Close(fd);
    }

    /// <summary>An eventfd: readable if its count is not zero, always writable.</summary>
    protected int EventFd(uint count) => Own(Kernel.EventFd(count));

    protected (int Reader, int Writer) Pipe()
    {
        Span<int> pair = stackalloc int[2];
        Own(Kernel.Pipe(pair));
        descriptors.RemoveAt(descriptors.Count - 1);
        descriptors.Add(pair[0]);
        descriptors.Add(pair[1]);
        return (pair[0], pair[1]);
    }

    protected void Signal(int eventFd) => Assert.True(Kernel.Write(eventFd, [1, 0, 0, 0, 0, 0, 0, 0]).IsOk);

    protected void Drain(int fd)
    {
        Span<byte> octets = stackalloc byte[64];
        while (Kernel.Read(fd, octets) is { IsOk: true, Value: > 0 } read && read.Value == octets.Length)
        {
        }
    }

    /// <summary>A handler that writes down its source's name and drains the descriptor.</summary>
    protected void Note(FdSource source, FdEvents ready)
    {
        Trace.Add(source.Name);
        Drain(source.Fd);
    }

    protected void Note(TimerSource timer, Instant now) => Trace.Add(timer.Name);

    /// <summary>Turns without waiting until a turn finds nothing.</summary>
    protected void Exhaust()
    {
        while (Loop.Iterate(mayBlock: false))
        {
        }
    }

    /// <summary>Turns, waiting, until something is so.</summary>
    protected void TurnUntil(Func<bool> condition)
    {
        while (!condition())
        {
            Loop.Iterate(mayBlock: true);
        }
    }

    protected string TakeTrace()
    {
        string taken = string.Join(' ', Trace);
        Trace.Clear();
        return taken;
    }
}
