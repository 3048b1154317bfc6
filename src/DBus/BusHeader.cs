using System;

namespace Spindle.DBus;

/// <summary>What stands in front of a message's body (D-Bus specification, section "Header Format").</summary>
/// <remarks>Names are checked when they are written: an invalid one is our mistake.</remarks>
public readonly record struct BusHeader()
{
    /// <summary>What it is.</summary>
    public required BusMessageKind Kind { get; init; }

    /// <summary>Its flags.</summary>
    public BusMessageFlags Flags { get; init; }

    /// <summary>The sender's number for it, not 0.</summary>
    public required uint Serial { get; init; }

    /// <summary>The number of the call that it answers; 0 = none.</summary>
    public uint ReplySerial { get; init; }

    /// <summary>The object: a call's target, a signal's source.</summary>
    public string? Path { get; init; }

    /// <summary>The interface.</summary>
    public string? Interface { get; init; }

    /// <summary>The method or signal.</summary>
    public string? Member { get; init; }

    /// <summary>The name of the error.</summary>
    public string? ErrorName { get; init; }

    /// <summary>To whom; null = to all who asked for it.</summary>
    public string? Destination { get; init; }

    /// <summary>From whom. The bus writes it over; only a bus itself needs to.</summary>
    public string? Sender { get; init; }

    /// <summary>The types in the body.</summary>
    public string Signature { get; init; } = "";

    internal (int SignatureAt, int SignatureLength) Write(BusWriter writer)
    {
        Check();
        Span<byte> start = writer.Reserve(4);
        start[0] = (byte)'l';
        start[1] = (byte)Kind;
        start[2] = (byte)Flags;
        start[3] = 1;
        writer.PutUInt32(0);
        writer.PutUInt32(Serial);
        writer.PutUInt32(0);
        WriteText(writer, BusHeaderField.Path, (byte)'o', Path);
        WriteText(writer, BusHeaderField.Destination, (byte)'s', Destination);
        WriteText(writer, BusHeaderField.Interface, (byte)'s', Interface);
        WriteText(writer, BusHeaderField.Member, (byte)'s', Member);
        WriteText(writer, BusHeaderField.ErrorName, (byte)'s', ErrorName);
        WriteText(writer, BusHeaderField.Sender, (byte)'s', Sender);
        if (ReplySerial != 0)
        {
            WriteField(writer, BusHeaderField.ReplySerial, (byte)'u');
            writer.PutUInt32(ReplySerial);
        }

        int signatureAt = writer.Length;
        if (Signature.Length > 0)
        {
            signatureAt = WriteSignature(writer);
        }

        writer.Patch(12, (uint)(writer.Length - 16));
        return (signatureAt, Signature.Length);
    }

    private int WriteSignature(BusWriter writer)
    {
        Span<byte> octets = stackalloc byte[BusSignature.LengthMax];
        if (!BusText.TryAscii(Signature, octets, out int length) || !BusSignature.IsValid(octets[..length]))
        {
            throw new ArgumentException($"'{Signature}' is not a signature.");
        }

        WriteField(writer, BusHeaderField.Signature, (byte)'g');
        writer.PutSignature(octets[..length]);
        return writer.Length - 1 - length;
    }

    private void Check()
    {
        bool isGood = Serial != 0
            && (Path is null ? Kind is not (BusMessageKind.MethodCall or BusMessageKind.Signal) : BusNames.IsObjectPath(Path))
            && (Interface is null ? Kind != BusMessageKind.Signal : BusNames.IsInterface(Interface))
            && (Member is null ? Kind is not (BusMessageKind.MethodCall or BusMessageKind.Signal) : BusNames.IsMember(Member))
            && (ErrorName is null ? Kind != BusMessageKind.Error : BusNames.IsError(ErrorName))
            && (Destination is null || BusNames.IsBusName(Destination))
            && (Sender is null || BusNames.IsBusName(Sender))
            && (ReplySerial != 0 || Kind is not (BusMessageKind.MethodReturn or BusMessageKind.Error));
        if (!isGood)
        {
            throw new ArgumentException($"No message can have this header: {this}");
        }
    }

    private static void WriteText(BusWriter writer, BusHeaderField field, byte type, string? text)
    {
        if (text is not null)
        {
            WriteField(writer, field, type);
            writer.PutText(text);
        }
    }

    private static void WriteField(BusWriter writer, BusHeaderField field, byte type)
    {
        writer.Align(8);
        Span<byte> start = writer.Reserve(4);
        start[0] = (byte)field;
        start[1] = 1;
        start[2] = type;
        start[3] = 0;
    }
}

/// <summary>Codes of header fields (D-Bus specification, section "Header Fields").</summary>
internal enum BusHeaderField : byte
{
    Path = 1,
    Interface = 2,
    Member = 3,
    ErrorName = 4,
    ReplySerial = 5,
    Destination = 6,
    Sender = 7,
    Signature = 8,
    UnixFds = 9,
}
