using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>The running kernel, which watches what is done with eventfds: none is written or closed after it was closed, or
/// closed while somebody writes it. A closed number is taken at once by another file, as it would be in a busy process. Whoever
/// writes is interrupted before and behind it, by chance.</summary>
internal sealed class WakeCheckKernel(int seed) : LinuxKernel, IDisposable
{
    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private readonly Dictionary<int, int> writers = [];
    private readonly HashSet<int> successors = [];

    /// <summary>What was done wrong; null: nothing.</summary>
    public string? Violation { get; private set; }

    /// <summary>Eventfds that were made and not closed yet.</summary>
    public int OpenCount
    {
        get
        {
            lock (gate)
            {
                return writers.Count;
            }
        }
    }

    public override Result EventFd(uint initial)
    {
        lock (gate)
        {
            Result made = base.EventFd(initial);
            writers.Add(made.Int, 0);
            return made;
        }
    }

    public override Result Write(int fd, ReadOnlySpan<byte> source)
    {
        lock (gate)
        {
            if (!writers.TryGetValue(fd, out int others))
            {
                Violation ??= $"eventfd {fd} is written, and was closed";
                return Result.Fail(Errno.EBADF);
            }

            writers[fd] = others + 1;
        }

        Interrupt();
        Result result = base.Write(fd, source);
        Interrupt();
        lock (gate)
        {
            writers[fd]--;
        }

        return result;
    }

    public override Result Close(int fd)
    {
        lock (gate)
        {
            if (successors.Contains(fd))
            {
                Violation ??= $"eventfd {fd} is closed twice";
                return Result.Fail(Errno.EBADF);
            }

            bool isEventFd = writers.Remove(fd, out int others);
            if (others > 0)
            {
                Violation ??= $"eventfd {fd} is closed while {others} write it";
            }

            Result result = base.Close(fd);
            if (isEventFd)
            {
                successors.Add(base.EventFd(0).Int);
            }

            return result;
        }
    }

    public void Dispose()
    {
        foreach (int fd in successors)
        {
            base.Close(fd);
        }
    }

    private void Interrupt()
    {
        int kind;
        lock (gate)
        {
            kind = random.Next(8);
        }

        switch (kind)
        {
            case < 4:
                break;
            case < 6:
                Thread.Yield();
                break;
            case 6:
                Thread.SpinWait(200);
                break;
            default:
                Thread.Sleep(0);
                break;
        }
    }
}
