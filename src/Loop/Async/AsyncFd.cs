using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;

namespace Spindle.Loop.Async;

/// <summary>A descriptor whose readiness and system calls are awaited, one await a direction at a time. In the long run an
/// await allocates nothing and watching costs no system call.</summary>
/// <remarks>
/// <para>A call is tried first, and awaited only if the kernel would have it wait. What the kernel answers comes as a
/// <see cref="Result"/>; only cancellation, disposal and the loop's end throw. A descriptor that always succeeds at once
/// gives way to others every 32 calls.</para>
/// <para>The descriptor is watched level-triggered from the first wait on, and stays watched between two waits. Only if it
/// becomes ready while nobody waits is the watch taken back, until somebody does: an echo makes no system call for watching,
/// and no edge can be lost, whichever way the loop waits. What the kernel refuses to watch throws an
/// <see cref="InvalidOperationException"/> at the first wait.</para>
/// <para>All on the loop's thread.</para>
/// </remarks>
public sealed class AsyncFd : IDisposable
{
    // So often within one turn a call succeeds at once; then the others have their turn.
    internal const int AtOnceMax = 32;

    private const int SocketLevel = 1; // SOL_SOCKET
    private const int SocketError = 4; // SO_ERROR

    private static readonly FdHandler TakeIt = static (source, ready) => source.Awaited!.Take(source, ready);

    // The source and the reader are made with it, and stand beside it in memory: where many are connected, what lies together
    // is fetched together.
    private readonly LoopAwaits awaits;
    private readonly FdAwait reader;
    private readonly FdSource source;
    private readonly bool ownsDescriptor;
    private FdAwait? writer;
    private StrongBox<SocketAddress>? peer;
    private uint writesTurn;
    private int writesAtOnce;
    private bool isSocket = true;
    private bool isDisposed;

    /// <summary>Nothing is watched until something waits.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="fd">A descriptor that does not block.</param>
    /// <param name="ownsDescriptor">True: closes it in <see cref="Dispose"/>.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    public AsyncFd(
        EventLoop loop, int fd, bool ownsDescriptor = false, int priority = Priority.Default, string name = "await")
    {
        awaits = LoopAwaits.Enter(loop);
        Fd = fd;
        this.ownsDescriptor = ownsDescriptor;
        reader = new FdAwait(awaits, this, FdEvents.Readable);
        source = loop.AddFd(fd, FdEvents.None, TakeIt, priority, name);
        source.Awaited = this;
        source.CanRecurse = true;
    }

    /// <summary>The descriptor.</summary>
    public int Fd { get; }

    /// <summary>Who connected at the last <see cref="AcceptAsync"/> that succeeded.</summary>
    public SocketAddress Peer => peer?.Value ?? default;

    private Kernel Kernel => awaits.Kernel;

    /// <summary>Waits until it is readable, at its end, or in error; a hint, as always.</summary>
    public ValueTask<Result> ReadableAsync(CancellationToken cancellation = default) =>
        Reader().Start(FdWork.Wait, default, cancellation);

    /// <summary>Waits until it is writable, or in error; a hint, as always.</summary>
    public ValueTask<Result> WritableAsync(CancellationToken cancellation = default) =>
        Writer().Start(FdWork.Wait, default, cancellation);

    /// <summary>Reads once.</summary>
    /// <param name="buffer">Where to; not to be touched meanwhile.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How many octets, 0 at the end; or the kernel's error.</returns>
    public ValueTask<Result> ReadAsync(Memory<byte> buffer, CancellationToken cancellation = default) =>
        Reader().StartRead(buffer, cancellation);

    /// <summary>Takes a connection; <see cref="Peer"/> tells whose.</summary>
    /// <returns>The new descriptor, the caller's to close; or the kernel's error.</returns>
    public ValueTask<Result> AcceptAsync(CancellationToken cancellation = default) =>
        Reader().Start(FdWork.Accept, default, cancellation);

    /// <summary>Writes once.</summary>
    /// <param name="data">What; not to be touched meanwhile.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How many octets, which may be fewer; or the kernel's error.</returns>
    public ValueTask<Result> WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation = default) =>
        Writer().Start(FdWork.Write, data, cancellation);

    /// <summary>Writes to the last octet. Ended early, by error or cancellation, some of it may be written.</summary>
    /// <returns>How many octets: all; or the kernel's error.</returns>
    public ValueTask<Result> WriteAllAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation = default)
    {
        Verify();
        int written = 0;
        if (writer is null && !cancellation.IsCancellationRequested && MayWriteAtOnce())
        {
            // As long as nothing had to wait there is no writer: where connections are many, that is cache and memory saved.
            Result result = WriteNow(data.Span);
            if (result.IsOk ? result.Value == data.Length : !result.Is(Errno.EAGAIN))
            {
                return new ValueTask<Result>(result);
            }

            written = result.Int;
        }

        return Writer().StartWriteAll(data, written, cancellation);
    }

    /// <summary>Connects a socket.</summary>
    /// <returns>Success, or the kernel's error. Cancelled, the connecting goes on: close the socket.</returns>
    public ValueTask<Result> ConnectAsync(in SocketAddress address, CancellationToken cancellation = default)
    {
        FdAwait pending = Writer();
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Result>(cancellation);
        }

        Result result = Kernel.Connect(Fd, address);
        return result.Is(Errno.EINPROGRESS)
            ? pending.Start(FdWork.Connect, default, cancellation)
            : new ValueTask<Result>(result);
    }

    /// <summary>Ends watching, and closes the descriptor if it is owned. What is awaited ends with an
    /// <see cref="ObjectDisposedException"/>, in a later turn.</summary>
    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        awaits.Loop.VerifyThread();
        isDisposed = true;
        source.Remove();
        if (ownsDescriptor)
        {
            Kernel.Close(Fd);
        }

        End(reader);
        End(writer);
    }

    /// <summary>Something waits in this direction.</summary>
    internal void Watch(FdEvents direction) => source.Interest |= direction;

    // Sockets by recv and send: read and write have to look at the file and its inode, which where there are many sockets are in
    // no cache. A read of nothing is another thing: recv would wait, or take a datagram.
    internal Result ReadNow(Span<byte> octets)
    {
        if (isSocket && octets.Length > 0)
        {
            Result result = Kernel.Receive(Fd, octets);
            if (!result.Is(Errno.ENOTSOCK))
            {
                return result;
            }

            isSocket = false;
        }

        return Kernel.Read(Fd, octets);
    }

    internal Result WriteNow(ReadOnlySpan<byte> octets)
    {
        if (isSocket)
        {
            Result result = Kernel.Send(Fd, octets);
            if (!result.Is(Errno.ENOTSOCK))
            {
                return result;
            }

            isSocket = false;
        }

        return Kernel.Write(Fd, octets);
    }

    internal Result AcceptNow()
    {
        peer ??= new StrongBox<SocketAddress>();
        return Kernel.Accept(Fd, out peer.Value);
    }

    /// <summary>How the connect ended.</summary>
    internal Result FetchError()
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        Result result = Kernel.GetSocketOption(Fd, SocketLevel, SocketError, value);
        return result.IsOk ? new Result(0, (Errno)BitConverter.ToInt32(value)) : result;
    }

    private void End(FdAwait? pending)
    {
        if (pending is null)
        {
            return;
        }

        if (pending.IsWaiting)
        {
            pending.Fail(new ObjectDisposedException(nameof(AsyncFd)), atOnce: false);
        }

        awaits.Forget(pending);
        pending.DropContinuation();
    }

    private FdAwait Reader()
    {
        Verify();
        return reader;
    }

    private FdAwait Writer()
    {
        Verify();
        return writer ??= new FdAwait(awaits, this, FdEvents.Writable);
    }

    private bool MayWriteAtOnce()
    {
        uint now = (uint)awaits.Turns.Number;
        if (writesTurn != now)
        {
            writesTurn = now;
            writesAtOnce = 0;
        }

        return writesAtOnce++ < AtOnceMax;
    }

    private void Verify()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        awaits.VerifyAlone();
    }

    private void Take(FdSource watched, FdEvents ready)
    {
        if (ready == FdEvents.Readable && reader.IsWaiting)
        {
            reader.Advance();
            return;
        }

        bool isBroken = (ready & (FdEvents.Error | FdEvents.HangUp)) != FdEvents.None;
        bool isReadable = isBroken || (ready & FdEvents.Readable) != FdEvents.None;
        bool isWritable = isBroken || (ready & FdEvents.Writable) != FdEvents.None;

        // Ready, and nobody waits for it: the kernel need not say so every turn.
        FdEvents idle = (isReadable && !reader.IsWaiting ? FdEvents.Readable : FdEvents.None)
            | (isWritable && writer is not { IsWaiting: true } ? FdEvents.Writable : FdEvents.None);
        if ((watched.Interest & idle) != FdEvents.None)
        {
            watched.Interest &= ~idle;
        }

        if (isReadable)
        {
            reader.Advance();
        }

        if (isWritable)
        {
            writer?.Advance();
        }
    }
}
