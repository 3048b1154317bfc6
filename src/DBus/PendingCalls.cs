using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Loop;

namespace Spindle.DBus;

/// <summary>A call of ours that has no answer yet.</summary>
public sealed class BusPendingCall
{
    private readonly PendingCalls owner;
    private readonly BusReplyHandler handler;
    private readonly TimerSource timer;

    internal BusPendingCall(PendingCalls owner, uint serial, BusRequest request, BusReplyHandler handler, EventLoop loop)
    {
        this.owner = owner;
        this.handler = handler;
        Serial = serial;
        Request = request;
        timer = loop.AddTimer(OnTimer, name: "dbus call");
        if (request.Timeout != TimeSpan.MaxValue)
        {
            timer.ArmAfter(request.Timeout);
        }
    }

    /// <summary>What was asked.</summary>
    public BusRequest Request { get; }

    /// <summary>True until the answer, the timeout or <see cref="Cancel"/>.</summary>
    public bool IsPending { get; private set; } = true;

    internal uint Serial { get; }

    /// <summary>Nobody wants the answer any more: the handler is not called.</summary>
    public void Cancel()
    {
        if (IsPending)
        {
            End();
        }
    }

    internal void Complete(BusReply reply)
    {
        End();
        handler(reply);
    }

    private void End()
    {
        IsPending = false;
        timer.Remove();
        owner.Forget(this);
    }

    private void OnTimer(TimerSource source, Instant now) =>
        Complete(BusReply.Failed(BusErrors.NoReply, $"{Request.Destination} did not answer in time."));
}

/// <summary>Calls of ours by serial number.</summary>
internal sealed class PendingCalls(EventLoop loop)
{
    /// <summary>More than this many calls at once are refused.</summary>
    public const int CountMax = 1024;

    private const string Bus = "org.freedesktop.DBus";

    private readonly Dictionary<uint, BusPendingCall> calls = [];

    public int Count => calls.Count;

    public BusPendingCall Add(uint serial, BusRequest request, BusReplyHandler handler)
    {
        BusPendingCall call = new(this, serial, request, handler, loop);
        calls.Add(serial, call);
        return call;
    }

    public void Forget(BusPendingCall call) => calls.Remove(call.Serial);

    /// <summary>Hands an answer to the call that waits for it. False: nobody does, or it is not the callee's to give.</summary>
    public bool TryComplete(in BusMessageView message)
    {
        if (!calls.TryGetValue(message.ReplySerial, out BusPendingCall? call) || !IsFromCallee(message, call.Request.Destination))
        {
            return false;
        }

        bool isGood = message.TryReadBody(call.Request.AnswerCountMax, out BusValue[] values);
        if (!isGood)
        {
            call.Complete(BusReply.Failed(BusErrors.LimitsExceeded, "The answer cannot be read, or is too long."));
        }
        else if (message.Kind == BusMessageKind.Error)
        {
            string text = values.Length > 0 && values[0].TryGetString(out string? said) ? said : "";
            call.Complete(new BusReply(BusText.Read(message.ErrorName), values) { ErrorMessage = text });
        }
        else
        {
            call.Complete(new BusReply(null, values));
        }

        return true;
    }

    public void FailAll(string why)
    {
        foreach (BusPendingCall call in new List<BusPendingCall>(calls.Values))
        {
            if (call.IsPending)
            {
                call.Complete(BusReply.Failed(BusErrors.Disconnected, why));
            }
        }
    }

    // Who owns a well-known name only the bus knows; a unique name, and the bus's own, can be held against the sender.
    private static bool IsFromCallee(in BusMessageView message, string callee)
    {
        string sender = BusText.Read(message.Sender);
        return sender == callee || (sender == Bus && message.Kind == BusMessageKind.Error)
            || (callee != Bus && !BusNames.IsUnique(callee));
    }
}
