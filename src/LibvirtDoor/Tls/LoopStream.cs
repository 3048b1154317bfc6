using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.LibvirtDoor.Tls;

/// <summary>A socket as a stream: what cannot be done at once is done when the loop says that it can, on the loop's thread.</summary>
/// <remarks>One read and one write at a time, by the loop's thread alone; nothing synchronous. A read of no octets waits until there are some.</remarks>
internal sealed class LoopStream : Stream
{
    private readonly EventLoop loop;
    private readonly FdSource source;
    private readonly LoopCompletion read = new();
    private readonly LoopCompletion write = new();
    private Memory<byte> wanted;
    private ReadOnlyMemory<byte> unsent;
    private bool isClosed;

    private LoopStream(EventLoop loop, FdSource source)
    {
        this.loop = loop;
        this.source = source;
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A stream over a socket, which is its own from then on.</summary>
    public static Result TryOpen(EventLoop loop, int fd, out LoopStream? stream)
    {
        LoopStream? opened = null;
        Result added = loop.TryAddFd(fd, FdEvents.None, (_, ready) => opened!.OnReady(ready), out FdSource? source, name: "rpc: tls");
        stream = opened = source is null ? null : new LoopStream(loop, source);
        return added;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        VerifyThread();
        if (!buffer.IsEmpty)
        {
            Result received = loop.Kernel.Receive(source.Fd, buffer.Span);
            if (received.IsOk)
            {
                return new ValueTask<int>(received.Int);
            }

            if (!received.Is(Errno.EAGAIN))
            {
                return ValueTask.FromException<int>(Broken(received));
            }
        }

        Result watched = source.TrySetInterest(source.Interest | FdEvents.Readable);
        if (!watched.IsOk)
        {
            return ValueTask.FromException<int>(Broken(watched));
        }

        wanted = buffer;
        return read.BeginWithCount();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        VerifyThread();
        unsent = buffer;
        Result sent = SendUnsent();
        if (sent.IsOk)
        {
            return default;
        }

        if (!sent.Is(Errno.EAGAIN))
        {
            return ValueTask.FromException(Broken(sent));
        }

        Result watched = source.TrySetInterest(source.Interest | FdEvents.Writable);
        return watched.IsOk ? write.Begin() : ValueTask.FromException(Broken(watched));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends it: what is waited for fails.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !isClosed)
        {
            isClosed = true;
            source.Remove();
            loop.Kernel.Close(source.Fd);
            if (read.IsPending)
            {
                read.Fail(Broken(Result.Fail(Errno.ECANCELED)));
            }

            if (write.IsPending)
            {
                write.Fail(Broken(Result.Fail(Errno.ECANCELED)));
            }
        }

        base.Dispose(disposing);
    }

    private static IOException Broken(Result result) => new($"The connection is broken: {result.Error.Describe()}.");

    private void OnReady(FdEvents ready)
    {
        bool isOver = (ready & (FdEvents.Error | FdEvents.HangUp)) != FdEvents.None;
        if (write.IsPending && (isOver || (ready & FdEvents.Writable) != FdEvents.None))
        {
            ContinueWriting();
        }

        if (read.IsPending && (isOver || (ready & FdEvents.Readable) != FdEvents.None))
        {
            ContinueReading();
        }
    }

    private void ContinueReading()
    {
        Result received = wanted.IsEmpty ? Result.Ok() : loop.Kernel.Receive(source.Fd, wanted.Span);
        if (received.Is(Errno.EAGAIN))
        {
            return;
        }

        source.Interest &= ~FdEvents.Readable;
        wanted = default;
        if (received.IsOk)
        {
            read.Complete(received.Int);
        }
        else
        {
            read.Fail(Broken(received));
        }
    }

    private void ContinueWriting()
    {
        Result sent = SendUnsent();
        if (sent.Is(Errno.EAGAIN))
        {
            return;
        }

        source.Interest &= ~FdEvents.Writable;
        if (sent.IsOk)
        {
            write.Complete(0);
        }
        else
        {
            write.Fail(Broken(sent));
        }
    }

    private Result SendUnsent()
    {
        while (!unsent.IsEmpty)
        {
            Result sent = loop.Kernel.Send(source.Fd, unsent.Span);
            if (!sent.IsOk)
            {
                return sent;
            }

            unsent = unsent[sent.Int..];
        }

        return Result.Ok();
    }

    private void VerifyThread()
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        if (!loop.IsOwnThread)
        {
            throw new InvalidOperationException("TLS has left the loop's thread.");
        }
    }
}
