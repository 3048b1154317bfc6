using System;
using System.Collections.Generic;

namespace Spindle.DBus;

/// <summary>A method call that came in. It is answered exactly once, now or later.</summary>
public sealed class BusCall
{
    private readonly BusOutbox outbox;
    private readonly int generation;
    private readonly uint serial;
    private string outSignature = "";
    private bool isDeferred;

    internal BusCall(BusOutbox outbox, in BusMessageView message, BusValue[] arguments)
    {
        this.outbox = outbox;
        generation = outbox.Generation;
        serial = message.Serial;
        Sender = BusText.Read(message.Sender);
        Path = BusText.Read(message.Path);
        Interface = message.Interface.IsEmpty ? null : BusText.Read(message.Interface);
        Member = BusText.Read(message.Member);
        Signature = BusText.Read(message.Signature);
        IsReplyExpected = (message.Flags & BusMessageFlags.NoReplyExpected) == 0;
        Arguments = arguments;
    }

    /// <summary>The caller's unique name; empty without a bus.</summary>
    public string Sender { get; }

    /// <summary>The object.</summary>
    public string Path { get; }

    /// <summary>The interface; null if the caller named none.</summary>
    public string? Interface { get; }

    /// <summary>The method.</summary>
    public string Member { get; }

    /// <summary>Types of the arguments: those that the method asks for.</summary>
    public string Signature { get; }

    /// <summary>The arguments, one for each complete type.</summary>
    public IReadOnlyList<BusValue> Arguments { get; }

    /// <summary>False if the caller does not want an answer. Answering does no harm.</summary>
    public bool IsReplyExpected { get; }

    /// <summary>True after the answer.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>True if the connection that it came over is gone, and the caller with it.</summary>
    public bool IsStale => generation != outbox.Generation;

    /// <summary>Answers without a value.</summary>
    public void Reply() => Reply(0, static (_, _) => { });

    /// <summary>Answers with values written to the method's out signature.</summary>
    public void Reply(Action<BusWriter> body) => Reply(body, static (write, writer) => write(writer));

    /// <summary>Answers with values written to the method's out signature.</summary>
    public void Reply<TState>(TState state, Action<TState, BusWriter> body)
    {
        if (!TryAnswer())
        {
            return;
        }

        BusHeader header = new()
        {
            Kind = BusMessageKind.MethodReturn,
            Flags = BusMessageFlags.NoReplyExpected,
            Serial = outbox.NextSerial(),
            ReplySerial = serial,
            Destination = Destination,
            Signature = outSignature,
        };
        if (!outbox.TrySend(header, state, body))
        {
            outbox.TooLong++;
            SendError(BusErrors.LimitsExceeded, "The answer is too long for the bus.");
        }
    }

    /// <summary>Answers with an error.</summary>
    public void Error(string name, string message)
    {
        if (TryAnswer())
        {
            SendError(name, message);
        }
    }

    /// <summary>Keeps the call: whoever handles it answers later.</summary>
    /// <returns>False if too many are kept already; then it was answered with LimitsExceeded.</returns>
    public bool TryDefer()
    {
        if (IsAnswered || isDeferred)
        {
            throw new InvalidOperationException($"{Member} is answered or deferred already.");
        }

        if (outbox.DeferredCount >= BusOutbox.DeferredMax)
        {
            Error(BusErrors.LimitsExceeded, "Too many calls are waiting for an answer.");
            return false;
        }

        outbox.DeferredCount++;
        isDeferred = true;
        return true;
    }

    internal void Run(BusMethod method, object target)
    {
        outSignature = method.OutSignature;
        method.Handler(target, this);
        if (!IsAnswered && !isDeferred && (method.Flags & BusMethodFlags.NoReply) == 0)
        {
            throw new InvalidOperationException($"{method.Name} was neither answered nor deferred.");
        }
    }

    internal void SetOutSignature(string signature) => outSignature = signature;

    private string? Destination => Sender.Length > 0 ? Sender : null;

    private bool TryAnswer()
    {
        if (IsAnswered)
        {
            throw new InvalidOperationException($"{Member} is answered already.");
        }

        IsAnswered = true;
        if (IsStale)
        {
            return false;
        }

        if (isDeferred)
        {
            outbox.DeferredCount--;
        }

        return IsReplyExpected;
    }

    private void SendError(string name, string message)
    {
        BusHeader header = new()
        {
            Kind = BusMessageKind.Error,
            Flags = BusMessageFlags.NoReplyExpected,
            Serial = outbox.NextSerial(),
            ReplySerial = serial,
            Destination = Destination,
            ErrorName = name,
            Signature = "s",
        };
        outbox.TrySend(header, message, static (text, writer) => writer.WriteString(text));
    }
}
