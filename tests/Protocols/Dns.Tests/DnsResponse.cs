using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Protocols.Dns;

namespace Spindle.Protocols.Dns.Tests;

/// <summary>Builds responses octet by octet, also wrong ones.</summary>
internal sealed class DnsResponse
{
    private readonly List<byte> octets = [];

    public DnsResponse(
        ushort id, string question, DnsType type, int answers, ushort flags = 0x8180, ushort questions = 1)
    {
        U16(id).U16(flags).U16(questions).U16((ushort)answers).U16(0).U16(0);
        if (questions > 0)
        {
            Name(question).U16((ushort)type).U16(1);
        }
    }

    public int Length => octets.Count;

    public byte[] ToArray() => [.. octets];

    public DnsResponse U16(int value)
    {
        octets.Add((byte)(value >> 8));
        octets.Add((byte)value);
        return this;
    }

    public DnsResponse Raw(params byte[] raw)
    {
        octets.AddRange(raw);
        return this;
    }

    /// <summary>An uncompressed name.</summary>
    public DnsResponse Name(string name)
    {
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            octets.Add((byte)label.Length);
            octets.AddRange(Encoding.ASCII.GetBytes(label));
        }

        octets.Add(0);
        return this;
    }

    /// <summary>A pointer.</summary>
    public DnsResponse Pointer(int offset) => U16(0xC000 | offset);

    /// <summary>What follows a record's name.</summary>
    public DnsResponse Record(DnsType type, uint ttl, params byte[] data) =>
        U16((int)type).U16(1).U16((int)(ttl >> 16)).U16((int)ttl).U16(data.Length).Raw(data);

    /// <summary>An address record about the question's name.</summary>
    public DnsResponse Address(string address, uint ttl = 60)
    {
        IpAddress value = IpAddress.Parse(address);
        byte[] data = new byte[value.Size];
        value.Write(data);
        return Pointer(12).Record(value.IsV4 ? DnsType.A : DnsType.Aaaa, ttl, data);
    }

    /// <summary>A name's octets.</summary>
    public static byte[] Wire(string name)
    {
        Assert.True(DnsName.TryParse(name, out DnsName? parsed));
        return parsed.Wire.ToArray();
    }
}
