using System;
using Spindle.Drivers.Sockets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Http;

namespace Spindle.Drivers.Http;

/// <summary>Called once, with what came of an exchange, as soon as that is known.</summary>
public delegate void HttpResultHandler(HttpDriver driver, HttpFetchResult result);

/// <summary>One exchange on the loop, over one link: an <see cref="HttpExchange"/> with its socket and its timer.</summary>
/// <remarks>After the result it goes on until the connection has ended in order, and then lets go of everything.</remarks>
public sealed class HttpDriver : IDisposable
{
    private const int PieceSizeMax = 4096;
    private const int ReadsPerTurnMax = 16;

    private readonly EventLoop loop;
    private readonly LinkScope link;
    private readonly HttpExchange exchange;
    private readonly HttpResultHandler done;
    private readonly TimerSource timer;
    private FdSource? source;
    private byte[] unsent = [];
    private int sentLength;
    private bool isConnected;
    private bool hasConnectFailed;
    private bool isReportDue;
    private bool isDisposed;

    /// <summary>An exchange that has not begun.</summary>
    /// <param name="loop">The loop it runs on.</param>
    /// <param name="link">The link it goes over.</param>
    /// <param name="options">What to get, and from where.</param>
    /// <param name="done">Called with the result; from <see cref="Start"/> itself where no address can be tried.</param>
    public HttpDriver(EventLoop loop, in LinkScope link, HttpExchangeOptions options, HttpResultHandler done)
    {
        this.loop = loop;
        this.link = link;
        this.done = done;
        exchange = new(options);
        timer = loop.AddTimer((_, _) => Step(HttpExchangeInput.TimePassed), name: "http");
    }

    /// <summary>Where the exchange is.</summary>
    public HttpExchangeState State => exchange.State;

    /// <summary>Begins. Once.</summary>
    public void Start() => Step(HttpExchangeInput.Started);

    /// <summary>Ends it; the handler is not called any more.</summary>
    public void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            exchange.Step(HttpExchangeInput.Cancelled, loop.Now);
            Drain();
            timer.Remove();
        }
    }

    private void Step(in HttpExchangeInput input)
    {
        exchange.Step(input, loop.Now);
        Drain();
        while (hasConnectFailed)
        {
            hasConnectFailed = false;
            exchange.Step(HttpExchangeInput.ConnectFailed, loop.Now);
            Drain();
        }

        if (exchange.State != HttpExchangeState.Closed)
        {
            timer.ArmAt(exchange.Deadline);
        }
        else if (!isDisposed)
        {
            isDisposed = true;
            timer.Remove();
        }

        if (isReportDue)
        {
            isReportDue = false;
            done(this, exchange.Result!.Value);
        }
    }

    private void Drain()
    {
        while (exchange.TryTake(out HttpExchangeOutput output))
        {
            switch (output.Kind)
            {
                case HttpExchangeOutputKind.Connect:
                    hasConnectFailed = !TryConnect(output);
                    break;
                case HttpExchangeOutputKind.SendRequest:
                    unsent = new byte[exchange.Request.Size];
                    exchange.Request.Write(unsent);
                    SendRest();
                    break;
                case HttpExchangeOutputKind.Close:
                    Close();
                    break;
                case HttpExchangeOutputKind.Report:
                    isReportDue = true;
                    break;
            }
        }
    }

    private bool TryConnect(in HttpExchangeOutput output)
    {
        Kernel kernel = loop.Kernel;
        Result opened = LinkSocket.Open(kernel, link, output.Address.Family, SocketType.Stream);
        if (!opened.IsOk)
        {
            return false;
        }

        Result connected = LinkSocket.Connect(kernel, opened.Int, link, output.Address, output.Port);
        if (connected.IsOk || connected.Is(Errno.EINPROGRESS))
        {
            connected = loop.TryAddFd(opened.Int, FdEvents.Writable, OnReady, out source, name: "http");
        }

        if (!connected.IsOk)
        {
            kernel.Close(opened.Int);
        }

        isConnected = false;
        return connected.IsOk;
    }

    /// <summary>Sends what it can. What then is wrong with the connection shows when it is read.</summary>
    private void SendRest()
    {
        Result sent = loop.Kernel.Send(source!.Fd, unsent.AsSpan(sentLength));
        sentLength += sent.Int;
        bool isBlocked = sentLength < unsent.Length && (sent.IsOk || sent.Is(Errno.EAGAIN));
        source.Interest = isBlocked ? FdEvents.Readable | FdEvents.Writable : FdEvents.Readable;
    }

    private void Close()
    {
        if (source is not null)
        {
            int fd = source.Fd;
            source.Remove();
            source = null;
            loop.Kernel.Close(fd);
        }
    }

    private void OnReady(FdSource ready, FdEvents events)
    {
        if (!isConnected)
        {
            isConnected = LinkSocket.TakeError(loop.Kernel, ready.Fd) == Errno.None;
            Step(isConnected ? HttpExchangeInput.Connected : HttpExchangeInput.ConnectFailed);
            return;
        }

        if ((events & FdEvents.Writable) != 0)
        {
            SendRest();
        }

        if ((events & ~FdEvents.Writable) != 0)
        {
            Receive(ready);
        }
    }

    private void Receive(FdSource ready)
    {
        Span<byte> buffer = stackalloc byte[PieceSizeMax];
        for (int i = 0; i < ReadsPerTurnMax && ReferenceEquals(source, ready); i++)
        {
            Result received = loop.Kernel.Receive(ready.Fd, buffer);
            if (received.Is(Errno.EAGAIN))
            {
                return;
            }

            Step(!received.IsOk ? HttpExchangeInput.ConnectionLost
                : received.Int == 0 ? HttpExchangeInput.PeerClosed
                : HttpExchangeInput.Received(buffer[..received.Int]));
        }
    }
}
