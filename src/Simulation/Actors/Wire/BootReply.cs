using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>A message in the making, every field of it open to lies; octets come of it at the end.</summary>
internal sealed class BootReply
{
    private readonly List<(byte Code, byte[] Value)> options = [];

    public byte Operation { get; set; } = BootMessage.Reply;

    public byte HardwareSize { get; set; } = MacAddress.Size;

    public uint TransactionId { get; set; }

    public ushort Seconds { get; set; }

    public ushort Flags { get; set; }

    public IpAddress ClientAddress { get; set; }

    public IpAddress YourAddress { get; set; }

    public IpAddress NextServer { get; set; }

    public IpAddress Relay { get; set; }

    public MacAddress ClientHardware { get; set; }

    public uint CookieValue { get; set; } = BootMessage.Cookie;

    /// <summary>Options that go into sname, with option 52 in front of the others.</summary>
    public bool IsOverloaded { get; set; }

    /// <summary>False leaves the end option out.</summary>
    public bool HasEnd { get; set; } = true;

    /// <summary>Octets put in just before the end option.</summary>
    public byte[] Tail { get; set; } = [];

    /// <summary>The least size; old relays drop messages below 300 octets (RFC 1542, section 2.1).</summary>
    public int SizeMin { get; set; } = 300;

    public IReadOnlyList<(byte Code, byte[] Value)> Options => options;

    public BootReply Add(byte code, params ReadOnlySpan<byte> value)
    {
        options.Add((code, value.ToArray()));
        return this;
    }

    public BootReply Add(byte code, IpAddress address)
    {
        Span<byte> octets = stackalloc byte[4];
        address.Write(octets);
        return Add(code, octets);
    }

    public BootReply AddAll(byte code, IReadOnlyList<IpAddress> addresses)
    {
        if (addresses.Count == 0)
        {
            return this;
        }

        byte[] octets = new byte[4 * addresses.Count];
        for (int i = 0; i < addresses.Count; i++)
        {
            addresses[i].Write(octets.AsSpan(4 * i));
        }

        return Add(code, octets);
    }

    /// <summary>Seconds in 32 bits; all ones for ever.</summary>
    public BootReply Add(byte code, TimeSpan span)
    {
        uint seconds = span.TotalSeconds >= uint.MaxValue ? uint.MaxValue : (uint)span.TotalSeconds;
        return Add(code, (byte)(seconds >> 24), (byte)(seconds >> 16), (byte)(seconds >> 8), (byte)seconds);
    }

    public BootReply Add(byte code, string text) => Add(code, Encoding.ASCII.GetBytes(text));

    public void Remove(byte code) => options.RemoveAll(option => option.Code == code);

    /// <summary>Puts another value in the place of an option's, or adds it.</summary>
    public void Replace(byte code, params ReadOnlySpan<byte> value)
    {
        Remove(code);
        Add(code, value);
    }

    public byte[] ToArray()
    {
        byte[] octets = new byte[Math.Max(SizeMin, SizeMax())];
        OctetWriter writer = new(octets);
        writer.WriteByte(Operation);
        writer.WriteByte(1);
        writer.WriteByte(HardwareSize);
        writer.WriteByte(0);
        writer.WriteUInt32(TransactionId);
        writer.WriteUInt16(Seconds);
        writer.WriteUInt16(Flags);
        ClientAddress.Write(writer.Reserve(4));
        YourAddress.Write(writer.Reserve(4));
        NextServer.Write(writer.Reserve(4));
        Relay.Write(writer.Reserve(4));
        ClientHardware.Write(writer.Reserve(6));
        writer.Fill(10);
        int inName = WriteServerName(writer.Reserve(64));
        writer.Fill(128);
        writer.WriteUInt32(CookieValue);
        if (IsOverloaded)
        {
            writer.Write([DhcpOptions.Overload, 1, 2]);
        }

        for (int i = 0; i < options.Count - inName; i++)
        {
            WriteOption(ref writer, options[i]);
        }

        writer.Write(Tail);
        if (HasEnd)
        {
            writer.WriteByte(DhcpOptions.End);
        }

        int size = Math.Max(writer.Length, SizeMin);
        return size == octets.Length ? octets : octets[..size];
    }

    // With options in sname it is less.
    private int SizeMax()
    {
        int size = BootMessage.FixedSize + 4 + (IsOverloaded ? 3 : 0) + Tail.Length + 1;
        foreach ((_, byte[] value) in options)
        {
            size += value.Length + (2 * Math.Max(1, (value.Length + 254) / 255));
        }

        return size;
    }

    /// <summary>With overload, the last options that fit go into sname.</summary>
    private int WriteServerName(Span<byte> name)
    {
        if (!IsOverloaded)
        {
            return 0;
        }

        int count = 0;
        int size = 1;
        while (count < options.Count - 1 && size + 2 + options[^(count + 1)].Value.Length <= name.Length)
        {
            size += 2 + options[^++count].Value.Length;
        }

        OctetWriter writer = new(name);
        for (int i = options.Count - count; i < options.Count; i++)
        {
            WriteOption(ref writer, options[i]);
        }

        writer.WriteByte(DhcpOptions.End);
        return count;
    }

    /// <summary>A value longer than 255 octets goes into several options of one code (RFC 3396, section 5).</summary>
    private static void WriteOption(ref OctetWriter writer, (byte Code, byte[] Value) option)
    {
        ReadOnlySpan<byte> rest = option.Value;
        do
        {
            ReadOnlySpan<byte> piece = rest[..Math.Min(255, rest.Length)];
            writer.WriteByte(option.Code);
            writer.WriteByte((byte)piece.Length);
            writer.Write(piece);
            rest = rest[piece.Length..];
        }
        while (rest.Length > 0);
    }
}
