using System;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Examples;

/// <summary>One client. What it has not taken yet is kept, and nothing more is read until it is gone: a slow reader costs a buffer, not the server.</summary>
internal sealed class Connection(EventLoop loop, int fd)
{
    private readonly byte[] buffer = new byte[16 * 1024];
    private FdSource? source;
    private int start;
    private int end;

    public void Start() => source = loop.AddFd(fd, FdEvents.Readable, OnReady, name: "client");

    private void OnReady(FdSource ready, FdEvents events)
    {
        if (start == end && !Read())
        {
            return;
        }

        Result sent = loop.Kernel.Send(fd, buffer.AsSpan(start, end - start));
        if (sent.IsOk)
        {
            start += sent.Int;
        }
        else if (!sent.Is(Errno.EAGAIN))
        {
            Close();
            return;
        }

        ready.Interest = start == end ? FdEvents.Readable : FdEvents.Writable;
    }

    /// <returns>False if there is nothing to send: not yet, or never again.</returns>
    private bool Read()
    {
        Result read = loop.Kernel.Receive(fd, buffer);
        if (read.Is(Errno.EAGAIN))
        {
            return false;
        }

        if (!read.IsOk || read.Value == 0)
        {
            Close();
            return false;
        }

        start = 0;
        end = read.Int;
        return true;
    }

    private void Close()
    {
        source?.Remove(); // first the source, then the descriptor
        loop.Kernel.Close(fd);
    }
}
