using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>The other end of a connection, on the same loop: everything it is sent is kept.</summary>
internal sealed class TestPeer
{
    private readonly DoorTest test;
    private readonly Kernel kernel;
    private readonly FdSource source;
    private readonly List<byte> received = [];
    private readonly Queue<byte[]> unsent = new();
    private uint serial = 1;

    public TestPeer(DoorTest test, Kernel kernel, int fd)
    {
        this.test = test;
        this.kernel = kernel;
        Fd = fd;
        source = test.Loop.AddFd(fd, FdEvents.Readable, (_, _) => Move());
    }

    public int Fd { get; }

    /// <summary>True: the other side has ended the connection.</summary>
    public bool IsEnded { get; private set; }

    public int ReceivedOctets => received.Count;

    /// <summary>False: it lets what it is sent lie in the socket.</summary>
    public bool IsReading
    {
        get => (source.Interest & FdEvents.Readable) != FdEvents.None;
        set => source.Interest = value ? source.Interest | FdEvents.Readable : source.Interest & ~FdEvents.Readable;
    }

    public static byte[] Message(RpcHeader header, Action<XdrWriter>? payload = null)
    {
        XdrWriter writer = new();
        int start = RpcFrame.Begin(writer, header);
        payload?.Invoke(writer);
        RpcFrame.End(writer, start);
        return writer.Written.ToArray();
    }

    public static byte[] Call(int procedure, uint serial, Action<XdrWriter>? payload = null) =>
        Message(RpcHeader.Call(RpcPrograms.Remote, procedure, serial), payload);

    /// <summary>Sends octets; what the socket does not take at once goes as it does.</summary>
    public void Send(ReadOnlySpan<byte> octets)
    {
        if (unsent.Count == 0)
        {
            Result sent = kernel.Send(Fd, octets);
            if (sent.IsOk)
            {
                octets = octets[sent.Int..];
            }
            else if (!sent.Is(Errno.EAGAIN))
            {
                return;
            }
        }

        if (!octets.IsEmpty)
        {
            unsent.Enqueue(octets.ToArray());
            source.Interest |= FdEvents.Writable;
        }
    }

    /// <summary>Sends a call and returns its serial.</summary>
    public uint SendCall(int procedure, Action<XdrWriter>? payload = null)
    {
        Send(Call(procedure, serial, payload));
        return serial++;
    }

    /// <summary>Waits for the next message.</summary>
    public RpcAnswer Receive()
    {
        test.Until(() => HasMessage || IsEnded);
        Assert.True(HasMessage, "the connection has ended");
        return Take();
    }

    /// <summary>Calls and waits for the answer.</summary>
    public RpcAnswer Call(int procedure, Action<XdrWriter>? payload = null)
    {
        uint sent = SendCall(procedure, payload);
        RpcAnswer answer = Receive();
        Assert.Equal(sent, answer.Header.Serial);
        Assert.Equal(procedure, answer.Header.Procedure);
        return answer;
    }

    /// <summary>Waits until the other side has ended it, and expects nothing before.</summary>
    public void AssertEnds()
    {
        test.Until(() => IsEnded);
        Assert.Empty(received);
    }

    public void Close()
    {
        source.Remove();
        kernel.Close(Fd);
    }

    public bool HasMessage => received.Count >= 4 && received.Count >= Length;

    private int Length => (int)BinaryPrimitives.ReadUInt32BigEndian([received[0], received[1], received[2], received[3]]);

    public RpcAnswer Take()
    {
        byte[] message = [.. received.GetRange(0, Length)];
        received.RemoveRange(0, message.Length);
        Assert.True(RpcHeader.TryParse(message.AsSpan(4), out RpcHeader header));
        return new RpcAnswer(header, message[RpcFrame.MinimumLength..]);
    }

    private void Move()
    {
        while (unsent.TryPeek(out byte[]? octets))
        {
            Result sent = kernel.Send(Fd, octets);
            if (!sent.IsOk && sent.Is(Errno.EAGAIN))
            {
                break;
            }

            unsent.Dequeue();
            if (sent.IsOk && sent.Int < octets.Length)
            {
                Queue<byte[]> rest = new(unsent);
                unsent.Clear();
                unsent.Enqueue(octets[sent.Int..]);
                while (rest.TryDequeue(out byte[]? next))
                {
                    unsent.Enqueue(next);
                }
            }
        }

        source.Interest = unsent.Count > 0 ? source.Interest | FdEvents.Writable : source.Interest & ~FdEvents.Writable;
        if (!IsReading)
        {
            return;
        }

        byte[] buffer = new byte[65_536];
        Result result = kernel.Receive(Fd, buffer);
        if (result.IsOk && result.Int > 0)
        {
            received.AddRange(buffer.AsSpan(0, result.Int).ToArray());
        }
        else if (!result.Is(Errno.EAGAIN))
        {
            IsEnded = true;
            source.Interest = FdEvents.None;
        }
    }
}

/// <summary>A message from a server.</summary>
internal sealed record RpcAnswer(RpcHeader Header, byte[] Payload)
{
    public bool IsOk => Header is { Type: RpcMessageType.Reply, Status: RpcStatus.Ok };

    public string Text
    {
        get
        {
            Assert.True(IsOk, $"{Header} {Error?.Message}");
            XdrReader reader = new(Payload);
            Assert.True(reader.TryReadString(out string text));
            return text;
        }
    }

    public int Number
    {
        get
        {
            Assert.True(IsOk, $"{Header} {Error?.Message}");
            XdrReader reader = new(Payload);
            Assert.True(reader.TryReadInt32(out int number));
            return number;
        }
    }

    public RpcError? Error
    {
        get
        {
            XdrReader reader = new(Payload);
            return Header.Status == RpcStatus.Error && RpcError.TryRead(ref reader, out RpcError? error) ? error : null;
        }
    }

    public void AssertError(int code, int domain, string message)
    {
        Assert.Equal(RpcMessageType.Reply, Header.Type);
        Assert.Equal(RpcStatus.Error, Header.Status);
        Assert.NotNull(Error);
        Assert.Equal(message, Error.Message);
        Assert.Equal((code, domain), ((int)Error.Code, (int)Error.Domain));
    }
}
