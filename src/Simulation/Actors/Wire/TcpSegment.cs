using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>The control bits of a TCP segment that matter here (RFC 9293, section 3.1).</summary>
[Flags]
internal enum TcpFlags : byte
{
    None = 0,
    Finish = 1,
    Synchronize = 2,
    Reset = 4,
    Push = 8,
    Acknowledge = 16,
}

/// <summary>A TCP segment (RFC 9293).</summary>
internal readonly ref struct TcpSegment
{
    public const int HeaderSize = 20;

    public ushort SourcePort { get; init; }

    public ushort DestinationPort { get; init; }

    public uint Sequence { get; init; }

    public uint Acknowledgement { get; init; }

    public TcpFlags Flags { get; init; }

    public ushort Window { get; init; }

    /// <summary>Of the option, in a segment with SYN; 0 if there is none.</summary>
    public ushort MaximumSegmentSize { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Octets of the sequence space: payload, and one each for SYN and FIN.</summary>
    public uint Length => (uint)Payload.Length + (Has(TcpFlags.Synchronize) ? 1u : 0) + (Has(TcpFlags.Finish) ? 1u : 0);

    /// <summary>Octets that <see cref="Write"/> makes.</summary>
    public int Size => HeaderSize + (MaximumSegmentSize != 0 ? 4 : 0) + Payload.Length;

    public bool Has(TcpFlags flags) => (Flags & flags) == flags;

    /// <summary>Reads what an IP packet carries; if it is no segment, says why.</summary>
    public static bool TryParse(in IpDatagram packet, out TcpSegment segment, out string problem)
    {
        segment = default;
        ReadOnlySpan<byte> octets = packet.Payload;
        int headerSize = octets.Length < HeaderSize ? 0 : (octets[12] >> 4) * 4;
        if (headerSize < HeaderSize || headerSize > octets.Length)
        {
            problem = "TCP header length wrong";
            return false;
        }

        ulong pseudo = OnesComplement.PseudoHeader(packet.Source, packet.Destination, EtherTypes.Tcp, octets.Length);
        if (OnesComplement.Fold(pseudo + OnesComplement.Sum(octets)) != 0)
        {
            problem = "TCP checksum wrong";
            return false;
        }

        bool areOptionsWhole = TryFindSegmentSize(octets[HeaderSize..headerSize], out ushort segmentSize);
        problem = areOptionsWhole ? "" : "TCP options wrong";
        segment = new()
        {
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(octets),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]),
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            Acknowledgement = BinaryPrimitives.ReadUInt32BigEndian(octets[8..]),
            Flags = (TcpFlags)(octets[13] & 31),
            Window = BinaryPrimitives.ReadUInt16BigEndian(octets[14..]),
            MaximumSegmentSize = segmentSize,
            Payload = octets[headerSize..],
        };
        return areOptionsWhole;
    }

    public void Write(Span<byte> destination, IpAddress from, IpAddress to)
    {
        OctetWriter writer = new(destination);
        bool hasOption = MaximumSegmentSize != 0;
        writer.WriteUInt16(SourcePort);
        writer.WriteUInt16(DestinationPort);
        writer.WriteUInt32(Sequence);
        writer.WriteUInt32(Acknowledgement);
        writer.WriteByte((byte)((hasOption ? 6 : 5) << 4));
        writer.WriteByte((byte)Flags);
        writer.WriteUInt16(Window);
        writer.WriteUInt32(0);
        if (hasOption)
        {
            writer.WriteUInt16(0x0204);
            writer.WriteUInt16(MaximumSegmentSize);
        }

        writer.Write(Payload);
        ulong sum = OnesComplement.PseudoHeader(from, to, EtherTypes.Tcp, writer.Length);
        ushort checksum = OnesComplement.Fold(sum + OnesComplement.Sum(writer.Written));
        BinaryPrimitives.WriteUInt16BigEndian(destination[16..], checksum);
    }

    private static bool TryFindSegmentSize(ReadOnlySpan<byte> options, out ushort size)
    {
        size = 0;
        while (options.Length > 0 && options[0] != 0)
        {
            if (options[0] == 1)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options[1] < 2 || options[1] > options.Length)
            {
                return false;
            }

            if (options[0] == 2 && options[1] == 4)
            {
                size = BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            }

            options = options[options[1]..];
        }

        return true;
    }
}
