using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>A segment of RFC 9293; of the options only the maximum segment size means anything here.</summary>
internal readonly ref struct TcpSegment
{
    /// <summary>Octets of a header without options.</summary>
    public const int HeaderSize = 20;

    public const byte Fin = 0x01;
    public const byte Syn = 0x02;
    public const byte Reset = 0x04;
    public const byte Push = 0x08;
    public const byte Acknowledge = 0x10;

    private const int SizeOptionSize = 4;
    private const byte EndOption = 0;
    private const byte PaddingOption = 1;
    private const byte SizeOption = 2;

    public ushort SourcePort { get; init; }

    public ushort DestinationPort { get; init; }

    public uint Sequence { get; init; }

    public uint Acknowledgement { get; init; }

    public byte Flags { get; init; }

    public ushort Window { get; init; }

    /// <summary>The maximum segment size option; 0 for none.</summary>
    public ushort SegmentSizeMax { get; init; }

    public ReadOnlySpan<byte> Data { get; init; }

    public bool IsSyn => (Flags & Syn) != 0;

    public bool IsFin => (Flags & Fin) != 0;

    public bool IsReset => (Flags & Reset) != 0;

    public bool IsAcknowledgement => (Flags & Acknowledge) != 0;

    /// <summary>What it takes of the sequence's numbers.</summary>
    public uint Length => (uint)Data.Length + (IsSyn ? 1u : 0) + (IsFin ? 1u : 0);

    /// <summary>Reads a segment whose checksum is right.</summary>
    public static bool TryRead(IpPacket packet, out TcpSegment segment)
    {
        segment = default;
        ReadOnlySpan<byte> octets = packet.Octets;
        int header = octets.Length < HeaderSize ? 0 : (octets[12] >> 4) * 4;
        if (header < HeaderSize || header > octets.Length
            || TransportChecksum.Of(packet.Source, packet.Destination, IpProtocol.Tcp, octets) != 0)
        {
            return false;
        }

        segment = new TcpSegment
        {
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(octets),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]),
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            Acknowledgement = BinaryPrimitives.ReadUInt32BigEndian(octets[8..]),
            Flags = octets[13],
            Window = BinaryPrimitives.ReadUInt16BigEndian(octets[14..]),
            SegmentSizeMax = FindSize(octets[HeaderSize..header]),
            Data = octets[header..],
        };
        return true;
    }

    /// <summary>The segment as octets, the checksum in place.</summary>
    public byte[] Write(IpAddress source, IpAddress destination)
    {
        int header = HeaderSize + (SegmentSizeMax != 0 ? SizeOptionSize : 0);
        byte[] octets = new byte[header + Data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(octets, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(4), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(8), Acknowledgement);
        octets[12] = (byte)(header / 4 << 4);
        octets[13] = Flags;
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(14), Window);
        if (SegmentSizeMax != 0)
        {
            octets[HeaderSize] = SizeOption;
            octets[HeaderSize + 1] = SizeOptionSize;
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(HeaderSize + 2), SegmentSizeMax);
        }

        Data.CopyTo(octets.AsSpan(header));
        TransportChecksum.Fill(source, destination, IpProtocol.Tcp, octets, 16);
        return octets;
    }

    private static ushort FindSize(ReadOnlySpan<byte> options)
    {
        while (options.Length > 0 && options[0] != EndOption)
        {
            int length = options[0] == PaddingOption ? 1 : options.Length < 2 ? 0 : options[1];
            if (length == 0 || length > options.Length)
            {
                return 0;
            }

            if (options[0] == SizeOption && length == SizeOptionSize)
            {
                return BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            }

            options = options[length..];
        }

        return 0;
    }
}
