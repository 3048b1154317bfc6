using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Bench.Rpc.Client;

/// <summary>One client of a libvirt daemon: any number of calls on their way, answers in whatever order they come.</summary>
/// <remarks>
/// Calls that are made while messages are being handed out leave together afterwards, in one write. Pings are answered.
/// </remarks>
internal sealed class RpcConnection
{
    private const int BrokenPipeIsNoSignal = 0x4000; // MSG_NOSIGNAL

    private readonly RpcHub hub;
    private readonly FdSource source;
    private readonly Dictionary<uint, RpcReplyHandler> waiting = [];
    private readonly XdrWriter outgoing = new();
    private byte[] partial = [];
    private int partialLength;
    private int sent;
    private uint serial;
    private bool isDispatching;

    internal RpcConnection(RpcHub hub, int fd)
    {
        this.hub = hub;
        source = hub.Loop.AddFd(fd, FdEvents.Readable, Ready);
    }

    /// <summary>For whoever made the connection.</summary>
    public object? State { get; set; }

    /// <summary>Called for events.</summary>
    public RpcEventHandler? Event { get; set; }

    /// <summary>Called once when the server has closed, or broken the protocol; not for <see cref="Close"/>.</summary>
    public Action<RpcConnection>? Lost { get; set; }

    /// <summary>Calls without an answer.</summary>
    public int Waiting => waiting.Count;

    /// <summary>True once it is closed, by whomever.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Calls a procedure of the REMOTE program.</summary>
    public void Call<T>(RemoteProcedure procedure, in T arguments, RpcReplyHandler handler)
        where T : struct, IXdrValue<T>
    {
        Call(RpcPrograms.Remote, (int)procedure, arguments, handler);
    }

    /// <summary>Calls a procedure; on a closed connection the handler is called at once.</summary>
    public void Call<T>(uint program, int procedure, in T arguments, RpcReplyHandler handler)
        where T : struct, IXdrValue<T>
    {
        if (IsClosed)
        {
            handler(this, default);
            return;
        }

        uint number = serial++;
        waiting.Add(number, handler);
        int start = RpcFrame.Begin(outgoing, RpcHeader.Call(program, procedure, number));
        arguments.Write(outgoing);
        if (!RpcFrame.End(outgoing, start))
        {
            throw new ArgumentException("The arguments are longer than a message may be.", nameof(arguments));
        }

        if (!isDispatching)
        {
            Flush();
        }
    }

    /// <summary>Authenticates as the server wants it (not at all, or PolicyKit) and opens a URI.</summary>
    /// <param name="uri">The URI.</param>
    /// <param name="opened">Gets the answer to the open, or the one that came instead.</param>
    public void Open(string uri, RpcReplyHandler opened)
    {
        RpcReplyHandler open = (RpcConnection connection, scoped in RpcReply reply) =>
        {
            if (reply.IsOk)
            {
                connection.Call(RemoteProcedure.ConnectOpen, new OptionalTextFlagsValue(uri, 0), opened);
            }
            else
            {
                opened(connection, reply);
            }
        };
        Call(RemoteProcedure.AuthList, default(EmptyValue), (RpcConnection connection, scoped in RpcReply reply) =>
        {
            if (reply.TryRead(out AuthListResult list) && list.Methods is [AuthenticationMethod.Polkit, ..])
            {
                connection.Call(RemoteProcedure.AuthPolkit, default(EmptyValue), open);
            }
            else
            {
                open(connection, reply);
            }
        });
    }

    /// <summary>Closes; calls without an answer are told that there will be none.</summary>
    public void Close()
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        int fd = source.Fd;
        source.Remove();
        hub.Loop.Kernel.Close(fd);
        foreach (RpcReplyHandler handler in waiting.Values)
        {
            handler(this, default);
        }

        waiting.Clear();
    }

    private void Ready(FdSource fd, FdEvents events)
    {
        if ((events & FdEvents.Writable) != 0)
        {
            Flush();
        }

        if (!IsClosed && (events & ~FdEvents.Writable) != 0)
        {
            Receive();
        }
    }

    private void Receive()
    {
        Span<byte> received = hub.Received;
        partial.AsSpan(0, partialLength).CopyTo(received);
        Result result = hub.Loop.Kernel.Receive(source.Fd, received[partialLength..]);
        if (result.Is(Errno.EAGAIN))
        {
            return;
        }

        if (!result.IsOk || result.Int == 0)
        {
            Lose();
            return;
        }

        isDispatching = true;
        int taken = Dispatch(received[..(partialLength + result.Int)]);
        isDispatching = false;
        if (taken < 0)
        {
            Lose();
        }
        else if (!IsClosed)
        {
            Keep(received[taken..(partialLength + result.Int)]);
            Flush();
        }
    }

    // The octets of whole messages; -1 for what is no message, or none that the shared buffer can hold.
    private int Dispatch(ReadOnlySpan<byte> received)
    {
        int taken = 0;
        while (!IsClosed && received.Length - taken >= RpcFrame.LengthSize)
        {
            if (!RpcFrame.TryReadLength(received[taken..], out int length) || length > hub.Received.Length)
            {
                return -1;
            }

            if (length > received.Length - taken)
            {
                break;
            }

            ReadOnlySpan<byte> message = received.Slice(taken, length);
            taken += length;
            RpcHeader.TryParse(message[RpcFrame.LengthSize..], out RpcHeader header);
            Take(header, message[RpcFrame.MinimumLength..]);
        }

        return taken;
    }

    private void Take(in RpcHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type == RpcMessageType.Reply && waiting.Remove(header.Serial, out RpcReplyHandler? handler))
        {
            handler(this, new RpcReply(header, payload));
        }
        else if (KeepAlive.Classify(header) == KeepAliveMessage.Ping)
        {
            outgoing.WriteOctets(KeepAlive.Pong);
        }
        else if (header is { Type: RpcMessageType.Message, Program: not RpcPrograms.KeepAlive })
        {
            Event?.Invoke(this, header, payload);
        }
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > partial.Length)
        {
            partial = new byte[rest.Length];
        }

        rest.CopyTo(partial);
        partialLength = rest.Length;
    }

    private void Flush()
    {
        while (!IsClosed && sent < outgoing.Length)
        {
            Result result = hub.Loop.Kernel.Send(source.Fd, outgoing.Written[sent..], BrokenPipeIsNoSignal);
            if (result.Is(Errno.EAGAIN))
            {
                source.Interest = FdEvents.Readable | FdEvents.Writable;
                return;
            }

            if (!result.IsOk)
            {
                Lose();
                return;
            }

            sent += result.Int;
        }

        if (!IsClosed)
        {
            sent = 0;
            outgoing.Reset();
            source.Interest = FdEvents.Readable;
        }
    }

    private void Lose()
    {
        Close();
        Lost?.Invoke(this);
    }
}
