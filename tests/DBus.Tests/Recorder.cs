using System;
using System.Collections.Generic;

namespace Spindle.DBus.Tests;

/// <summary>An outbox that keeps what was sent, and calls made by hand.</summary>
internal sealed class Recorder
{
    private readonly BusWriter writer = new();
    private uint serial;

    public Recorder() => Outbox = new BusOutbox(message => Sent.Add(Received.Of(message)));

    public BusOutbox Outbox { get; }

    public List<Received> Sent { get; } = [];

    public Received Last => Sent[^1];

    public byte[] Call(string path, string? face, string member, string signature = "", Action<BusWriter>? body = null,
        BusMessageFlags flags = BusMessageFlags.None)
    {
        writer.Begin(new BusHeader
        {
            Kind = BusMessageKind.MethodCall,
            Serial = ++serial,
            Flags = flags,
            Path = path,
            Interface = face,
            Member = member,
            Sender = ":1.7",
            Signature = signature,
        });
        body?.Invoke(writer);
        return writer.Finish().ToArray();
    }

    public Received Ask(ObjectTable table, string path, string? face, string member, string signature = "", Action<BusWriter>? body = null)
    {
        int before = Sent.Count;
        Dispatch(table, Call(path, face, member, signature, body));
        Assert.Equal(before + 1, Sent.Count);
        return Last;
    }

    public void Dispatch(ObjectTable table, byte[] message)
    {
        Assert.True(BusMessageView.TryParse(message, out BusMessageView view));
        table.Dispatch(view, Outbox);
    }
}

/// <summary>A message as a test looks at it.</summary>
internal sealed record Received(
    BusMessageKind Kind, uint ReplySerial, string Path, string Interface, string Member, string ErrorName,
    string Destination, string Signature, BusValue[] Values)
{
    public string Text => Values[0].TryGetString(out string? text) ? text : "";

    public static Received Of(ReadOnlySpan<byte> message)
    {
        Assert.True(BusMessageView.TryParse(message, out BusMessageView view));
        Assert.True(view.TryReadBody(int.MaxValue, out BusValue[] values));
        return new(view.Kind, view.ReplySerial, BusText.Read(view.Path), BusText.Read(view.Interface),
            BusText.Read(view.Member), BusText.Read(view.ErrorName), BusText.Read(view.Destination),
            BusText.Read(view.Signature), values);
    }
}
