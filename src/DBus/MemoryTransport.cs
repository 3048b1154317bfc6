using System;
using System.Collections.Generic;
using Spindle.Loop;

namespace Spindle.DBus;

/// <summary>A transport whose other end is in this process: for simulation and tests.</summary>
/// <param name="loop">Where things happen: never within a call, always in a later turn.</param>
public sealed class MemoryTransport(EventLoop loop) : BusTransport
{
    private readonly Queue<byte[]> toUs = [];
    private readonly Queue<byte[]> toThem = [];
    private int generation;
    private bool isOpen;
    private long outgoingSize;

    /// <summary>The other end: takes each message of ours.</summary>
    public BusSend? Peer { get; set; }

    /// <summary>If false, opening fails.</summary>
    public bool IsReachable { get; set; } = true;

    /// <summary>If true, the other end takes nothing: messages wait.</summary>
    public bool IsStopped
    {
        get;
        set
        {
            field = value;
            Post(Pump);
        }
    }

    /// <inheritdoc/>
    public override long OutgoingSize => outgoingSize;

    /// <inheritdoc/>
    public override void Open() => Post(() =>
    {
        isOpen = IsReachable;
        if (isOpen)
        {
            Opened?.Invoke();
        }
        else
        {
            Closed?.Invoke("nobody is there");
        }
    });

    /// <inheritdoc/>
    public override void Send(ReadOnlySpan<byte> message)
    {
        if (isOpen)
        {
            toThem.Enqueue(message.ToArray());
            outgoingSize += message.Length;
            Post(Pump);
        }
    }

    /// <summary>The other end sends a message.</summary>
    public void Deliver(ReadOnlySpan<byte> message)
    {
        toUs.Enqueue(message.ToArray());
        Post(Pump);
    }

    /// <summary>The other end goes away.</summary>
    public void HangUp() => Post(() =>
    {
        if (isOpen)
        {
            Close();
            Closed?.Invoke("the other end hung up");
        }
    });

    /// <inheritdoc/>
    public override void Close()
    {
        generation++;
        isOpen = false;
        outgoingSize = 0;
        toUs.Clear();
        toThem.Clear();
    }

    private void Post(Action action)
    {
        int posted = generation;
        loop.Post(() =>
        {
            if (posted == generation)
            {
                action();
            }
        });
    }

    private void Pump()
    {
        if (IsStopped || !isOpen)
        {
            return;
        }

        if (toThem.TryDequeue(out byte[]? sent))
        {
            outgoingSize -= sent.Length;
            Peer?.Invoke(sent);
            Progressed?.Invoke();
            Post(Pump);
        }

        if (toUs.TryDequeue(out byte[]? message))
        {
            Received?.Invoke(message);
            Post(Pump);
        }
    }
}
