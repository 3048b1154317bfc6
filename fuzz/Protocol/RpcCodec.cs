using System;
using Spindle.Protocols.InterfaceXml.Generated;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Fuzz.Protocol;

/// <summary>One of our codecs: what reads and writes a type of the definitions.</summary>
/// <param name="Value">Our type.</param>
/// <param name="Rewrite">Reads octets and writes what was read.</param>
/// <param name="Write">Writes a value of our type.</param>
internal sealed record RpcCodec(Type Value, RpcCodec.Rewriting Rewrite, Action<object, XdrWriter> Write)
{
    /// <summary>Reads octets and writes what was read; false when they do not read.</summary>
    /// <param name="octets">What to read.</param>
    /// <param name="writer">Gets what was read, written again.</param>
    /// <param name="remaining">Octets that were not read.</param>
    public delegate bool Rewriting(ReadOnlySpan<byte> octets, XdrWriter writer, out int remaining);

    /// <summary>Arguments, results, events and their parts.</summary>
    public static RpcCodec Of<T>()
        where T : struct, IXdrValue<T> => new(typeof(T), RewriteValue<T>, static (value, writer) => ((T)value).Write(writer));

    /// <summary>What says why a call failed.</summary>
    public static RpcCodec Error { get; } = new(typeof(RpcError), RewriteError, static (value, writer) => ((RpcError)value).Write(writer));

    /// <summary>What each message starts with.</summary>
    public static RpcCodec Header { get; } = new(
        typeof(RpcHeader), RewriteHeader, static (value, writer) => ((RpcHeader)value).Write(writer.Reserve(RpcHeader.Size)));

    /// <summary>A value with random parts, written.</summary>
    public void WriteRandom(Dice dice, XdrWriter writer) => Write(new ValueMaker(dice).Make(Value), writer);

    private static bool RewriteValue<T>(ReadOnlySpan<byte> octets, XdrWriter writer, out int remaining)
        where T : struct, IXdrValue<T>
    {
        XdrReader reader = new(octets);
        bool isRead = T.TryRead(ref reader, out T value);
        remaining = reader.Remaining;
        if (isRead)
        {
            value.Write(writer);
        }

        return isRead;
    }

    private static bool RewriteError(ReadOnlySpan<byte> octets, XdrWriter writer, out int remaining)
    {
        XdrReader reader = new(octets);
        bool isRead = RpcError.TryRead(ref reader, out RpcError? error);
        remaining = reader.Remaining;
        error?.Write(writer);
        return isRead;
    }

    private static bool RewriteHeader(ReadOnlySpan<byte> octets, XdrWriter writer, out int remaining)
    {
        bool isRead = RpcHeader.TryParse(octets, out RpcHeader header);
        remaining = isRead ? octets.Length - RpcHeader.Size : octets.Length;
        if (isRead)
        {
            header.Write(writer.Reserve(RpcHeader.Size));
        }

        return isRead;
    }
}
