using System;
using System.Collections.Generic;
using Spindle.Drivers.Sockets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Dns;

namespace Spindle.Drivers.Dns;

/// <summary>Called once, with what came of a query; the driver has let go of everything by then.</summary>
public delegate void DnsResultHandler(DnsDriver driver, DnsQueryResult result);

/// <summary>One query on the loop, over one link: a <see cref="DnsQuery"/> with its sockets and its timer.</summary>
public sealed class DnsDriver : IDisposable
{
    // Without EDNS 512 octets are allowed; what sends more all the same is understood up to here.
    private const int DatagramSizeMax = 4096;
    private const int ReadsPerTurnMax = 8;

    private readonly EventLoop loop;
    private readonly LinkScope link;
    private readonly DnsQuery query;
    private readonly DnsResultHandler done;
    private readonly FdHandler onReady;
    private readonly List<DnsSocket> sockets = new(DnsQuery.OpenAttemptsMax);
    private readonly TimerSource timer;
    private (int Attempt, bool IsOpen)? follows;
    private bool isDisposed;

    /// <summary>A query that has not begun.</summary>
    /// <param name="loop">The loop it runs on.</param>
    /// <param name="link">The link it is asked over.</param>
    /// <param name="options">What to ask, and whom.</param>
    /// <param name="done">Called at the end; from <see cref="Start"/> itself where nobody can be asked.</param>
    public DnsDriver(EventLoop loop, in LinkScope link, DnsQueryOptions options, DnsResultHandler done)
    {
        this.loop = loop;
        this.link = link;
        this.done = done;
        query = new(options);
        onReady = OnReady;
        timer = loop.AddTimer((_, _) => Step(DnsQueryInput.TimePassed), name: "dns");
    }

    /// <summary>Messages that were no answer to us.</summary>
    public int IgnoredCount => query.IgnoredCount;

    /// <summary>Begins. Once.</summary>
    public void Start() => Step(DnsQueryInput.Started);

    /// <summary>Ends it; the handler is not called any more.</summary>
    public void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            query.Step(DnsQueryInput.Cancelled, loop.Now);
            Drain();
            timer.Remove();
        }
    }

    private void Step(in DnsQueryInput input)
    {
        query.Step(input, loop.Now);
        Drain();
        while (follows is { } next)
        {
            follows = null;
            query.Step(
                next.IsOpen
                    ? DnsQueryInput.SocketOpened(next.Attempt, LinkSocket.RandomUInt16(loop.Kernel))
                    : DnsQueryInput.SocketFailed(next.Attempt),
                loop.Now);
            Drain();
        }

        if (query.State != DnsQueryState.Finished)
        {
            timer.ArmAt(query.Deadline);
        }
        else if (!isDisposed)
        {
            isDisposed = true;
            timer.Remove();
            done(this, query.Result!);
        }
    }

    private void Drain()
    {
        while (query.TryTake(out DnsQueryOutput output))
        {
            switch (output.Kind)
            {
                case DnsQueryOutputKind.OpenSocket:
                    Open(output);
                    break;
                case DnsQueryOutputKind.SendQuestion:
                    DnsSocket? socket = SocketOf(output.Attempt);
                    if (socket is null || !socket.TrySend(query.QuestionOf(output.Attempt)))
                    {
                        follows = (output.Attempt, false);
                    }

                    break;
                case DnsQueryOutputKind.CloseSocket:
                    Close(output.Attempt);
                    break;
                case DnsQueryOutputKind.Finish:
                    break;
            }
        }
    }

    private void Open(in DnsQueryOutput attempt)
    {
        DnsSocket? socket = DnsSocket.Open(loop, link, attempt, onReady);
        if (socket is null)
        {
            follows = (attempt.Attempt, false);
            return;
        }

        sockets.Add(socket);
        if (socket.IsConnected)
        {
            follows = (attempt.Attempt, true);
        }
    }

    private void Close(int attempt)
    {
        DnsSocket? socket = SocketOf(attempt);
        if (socket is not null)
        {
            sockets.Remove(socket);
            socket.Close();
        }
    }

    private DnsSocket? SocketOf(int attempt) => sockets.Find(socket => socket.Attempt == attempt);

    private void OnReady(FdSource source, FdEvents ready)
    {
        DnsSocket? socket = sockets.Find(candidate => candidate.Fd == source.Fd);
        if (socket is null)
        {
            return;
        }

        if (!socket.IsConnected)
        {
            bool isConnected = socket.TryFinishConnecting();
            Step(isConnected
                ? DnsQueryInput.SocketOpened(socket.Attempt, LinkSocket.RandomUInt16(loop.Kernel))
                : DnsQueryInput.SocketFailed(socket.Attempt));
        }
        else if (socket.Transport == DnsTransport.Udp)
        {
            ReadDatagrams(socket);
        }
        else
        {
            ReadStream(socket);
        }
    }

    private void ReadDatagrams(DnsSocket socket)
    {
        Span<byte> buffer = stackalloc byte[DatagramSizeMax];
        for (int i = 0; i < ReadsPerTurnMax && socket.IsOpen; i++)
        {
            Result received = socket.ReceiveDatagram(buffer);
            if (received.Is(Errno.EAGAIN))
            {
                return;
            }

            Step(received.IsOk
                ? DnsQueryInput.ResponseReceived(socket.Attempt, socket.Server, buffer[..received.Int])
                : DnsQueryInput.SocketFailed(socket.Attempt));
        }
    }

    private void ReadStream(DnsSocket socket)
    {
        for (int i = 0; i < ReadsPerTurnMax && socket.IsOpen; i++)
        {
            Result received = socket.ReceivePiece();
            if (received.Is(Errno.EAGAIN))
            {
                return;
            }

            if (!received.IsOk || received.Int == 0)
            {
                Step(DnsQueryInput.SocketFailed(socket.Attempt));
                return;
            }

            while (socket.IsOpen && socket.TryPeekMessage(out ReadOnlySpan<byte> message))
            {
                Step(DnsQueryInput.ResponseReceived(socket.Attempt, socket.Server, message));
                socket.DropMessage();
            }
        }
    }
}
