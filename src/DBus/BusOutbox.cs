using System;
using System.Collections.Generic;

namespace Spindle.DBus;

/// <summary>Takes a whole marshalled message; the octets are good during the call alone.</summary>
public delegate void BusSend(ReadOnlySpan<byte> message);

/// <summary>Where messages are written and leave: serial numbers, buffers that are used again, and what is still owed.</summary>
/// <param name="send">Sends a message; called with each.</param>
public sealed class BusOutbox(BusSend send)
{
    /// <summary>The most calls that may wait for a deferred answer; the next is refused with LimitsExceeded.</summary>
    public const int DeferredMax = 512;

    // A writer grows with its longest message; beyond this it is not kept.
    private const int KeptWriterSizeMax = 256 * 1024;

    private readonly Stack<BusWriter> writers = [];
    private uint lastSerial;

    /// <summary>Grows by one when a connection ends: answers to calls of an earlier one are dropped.</summary>
    public int Generation { get; private set; }

    /// <summary>Calls that were kept and are not answered yet.</summary>
    public int DeferredCount { get; internal set; }

    /// <summary>If true, signals are dropped and counted: whoever reads them does not keep up.</summary>
    public bool AreSignalsHeldBack { get; set; }

    /// <summary>Signals dropped so far.</summary>
    public long DroppedSignals { get; private set; }

    /// <summary>Answers that grew too long and became an error, and signals that did and were dropped.</summary>
    public long TooLong { get; internal set; }

    /// <summary>The number for the next message; never 0.</summary>
    public uint NextSerial() => ++lastSerial == 0 ? ++lastSerial : lastSerial;

    /// <summary>Begins a new connection: what an earlier one is owed is forgotten.</summary>
    public void StartGeneration()
    {
        Generation++;
        DeferredCount = 0;
        AreSignalsHeldBack = false;
    }

    /// <summary>Sends a signal to all who listen.</summary>
    public void Signal<TState>(
        string path, string @interface, string member, string signature, TState state, Action<TState, BusWriter> body)
    {
        if (AreSignalsHeldBack)
        {
            DroppedSignals++;
            return;
        }

        BusHeader header = new()
        {
            Kind = BusMessageKind.Signal,
            Flags = BusMessageFlags.NoReplyExpected,
            Serial = NextSerial(),
            Path = path,
            Interface = @interface,
            Member = member,
            Signature = signature,
        };
        if (!TrySend(header, state, body))
        {
            TooLong++;
        }
    }

    /// <summary>Sends a signal to all who listen.</summary>
    public void Signal(string path, string @interface, string member, string signature, Action<BusWriter> body) =>
        Signal(path, @interface, member, signature, body, static (write, writer) => write(writer));

    /// <summary>Writes and sends a message.</summary>
    /// <returns>False if it grew too long; nothing was sent.</returns>
    public bool TrySend<TState>(in BusHeader header, TState state, Action<TState, BusWriter> body)
    {
        BusWriter writer = writers.Count > 0 ? writers.Pop() : new BusWriter();
        try
        {
            writer.Begin(header);
            body(state, writer);
            send(writer.Finish());
            return true;
        }
        catch (BusMessageTooLongException)
        {
            return false;
        }
        finally
        {
            writer.Abandon();
            if (writer.Length <= KeptWriterSizeMax && writers.Count < 4)
            {
                writers.Push(writer);
            }
        }
    }
}
