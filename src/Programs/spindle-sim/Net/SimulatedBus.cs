using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.DBus;

namespace Spindle.Programs.Net;

/// <summary>The message bus of the simulated machine, and one user's place on it. It outlives the daemon, as a real one does.</summary>
/// <remarks>Each call is answered exactly once, or the daemon's place on the bus ends; anything else is a violation.</remarks>
internal sealed class SimulatedBus(Func<Instant> now, Action<string> violated)
{
    /// <summary>The longest that a call may take: an attempt to connect is given up after 120 s.</summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(130);

    private const string User = ":1.1";
    private const string NoReply = "org.freedesktop.DBus.Error.NoReply";
    private const string ServiceUnknown = "org.freedesktop.DBus.Error.ServiceUnknown";

    private readonly BusWriter writer = new();
    private readonly Dictionary<uint, AskedCall> calls = [];
    private MemoryTransport? transport;
    private uint serial;
    private int lives;

    /// <summary>True while a daemon owns net.connman.</summary>
    public bool IsOwned { get; private set; }

    /// <summary>Calls that wait for their answer.</summary>
    public int PendingCount => calls.Count;

    /// <summary>Calls that were answered.</summary>
    public long AnsweredCount { get; private set; }

    /// <summary>A signal of the daemon's: object, interface, member, values.</summary>
    public Action<string, string, string, BusValue[]>? Signalled { get; set; }

    /// <summary>The daemon has taken its name, or lost it.</summary>
    public Action<bool>? OwnerChanged { get; set; }

    /// <summary>A new life of the daemon comes to the bus.</summary>
    public void Attach(MemoryTransport ofDaemon)
    {
        transport = ofDaemon;
        transport.Peer = Take;
        lives++;
    }

    /// <summary>The daemon's process is gone: what it has not answered, it never will.</summary>
    public void Detach()
    {
        transport = null;
        SetOwned(false);
        AskedCall[] lost = [.. calls.Values];
        calls.Clear();
        foreach (AskedCall call in lost)
        {
            call.Done(new BusAnswer(NoReply, []));
        }
    }

    /// <summary>The user calls the daemon.</summary>
    public void Call(
        string path, string face, string member, string signature, Action<BusWriter>? body, Action<BusAnswer> done)
    {
        if (transport is null || !IsOwned)
        {
            done(new BusAnswer(ServiceUnknown, []));
            return;
        }

        uint number = ++serial;
        calls.Add(number, new AskedCall(member, now(), done));
        Deliver(
            new BusHeader
            {
                Kind = BusMessageKind.MethodCall,
                Serial = number,
                Path = path,
                Interface = face,
                Member = member,
                Sender = User,
                Signature = signature,
            },
            body);
    }

    /// <summary>Complains about calls that have waited too long.</summary>
    public void CheckPending()
    {
        foreach ((uint number, AskedCall call) in calls)
        {
            if (now() - call.AskedAt > AnswerMax)
            {
                calls.Remove(number);
                violated($"the call of {call.Member} at {call.AskedAt} was never answered");
                return;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> octets)
    {
        if (!BusMessageView.TryParse(octets, out BusMessageView message) || !message.TryReadBody(int.MaxValue, out BusValue[] values))
        {
            violated("the daemon sent the bus a message that is none");
            return;
        }

        switch (message.Kind)
        {
            case BusMessageKind.MethodCall:
                Serve(message, values);
                break;
            case BusMessageKind.Signal:
                Signalled?.Invoke(BusText.Read(message.Path), BusText.Read(message.Interface), BusText.Read(message.Member), values);
                break;
            default:
                TakeAnswer(message, values);
                break;
        }
    }

    private void TakeAnswer(in BusMessageView message, BusValue[] values)
    {
        if (!calls.Remove(message.ReplySerial, out AskedCall? call))
        {
            violated($"the daemon answered call {message.ReplySerial}, which waits for no answer");
            return;
        }

        AnsweredCount++;
        call.Done(new BusAnswer(message.Kind == BusMessageKind.Error ? BusText.Read(message.ErrorName) : "", values));
    }

    // What a message bus answers for itself (D-Bus specification, "Message Bus Messages").
    private void Serve(in BusMessageView message, BusValue[] values)
    {
        if (message.Flags.HasFlag(BusMessageFlags.NoReplyExpected) && BusText.Read(message.Member) is not "RequestName")
        {
            return;
        }

        uint to = message.Serial;
        if (BusText.Read(message.Destination) != BusConnection.BusName)
        {
            Fail(to, ServiceUnknown);
            return;
        }

        switch (BusText.Read(message.Member))
        {
            case "Hello":
                Answer(to, "s", writer => writer.WriteString($":1.{100 + lives}"));
                break;
            case "RequestName":
                Answer(to, "u", static writer => writer.WriteUInt32(1));
                SetOwned(true);
                break;
            case "AddMatch" or "RemoveMatch":
                Answer(to, "", null);
                break;
            case "GetNameOwner" when values is [BusValue name] && name.TryGetString(out string? text) && text == User:
                Answer(to, "s", static writer => writer.WriteString(User));
                break;
            case "GetNameOwner":
                Fail(to, "org.freedesktop.DBus.Error.NameHasNoOwner");
                break;
            default:
                Fail(to, "org.freedesktop.DBus.Error.UnknownMethod");
                break;
        }
    }

    private void SetOwned(bool isOwned)
    {
        if (IsOwned != isOwned)
        {
            IsOwned = isOwned;
            OwnerChanged?.Invoke(isOwned);
        }
    }

    private void Answer(uint to, string signature, Action<BusWriter>? body) => Deliver(
        new BusHeader
        {
            Kind = BusMessageKind.MethodReturn,
            Serial = ++serial,
            ReplySerial = to,
            Sender = BusConnection.BusName,
            Signature = signature,
        },
        body);

    private void Fail(uint to, string error) => Deliver(
        new BusHeader
        {
            Kind = BusMessageKind.Error,
            Serial = ++serial,
            ReplySerial = to,
            Sender = BusConnection.BusName,
            ErrorName = error,
        },
        null);

    private void Deliver(in BusHeader header, Action<BusWriter>? body)
    {
        writer.Begin(header);
        body?.Invoke(writer);
        transport!.Deliver(writer.Finish());
    }
}
