using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>The header of RFC 791. Options are read over; ours have none.</summary>
internal readonly record struct Ipv4Header(IpAddress Source, IpAddress Destination, byte Protocol)
{
    /// <summary>Octets of a header without options.</summary>
    public const int Size = 20;

    private const int DontFragmentFlag = 0x4000;
    private const int MoreFragmentsFlag = 0x2000;

    public byte TypeOfService { get; init; }

    public byte TimeToLive { get; init; }

    public ushort Identification { get; init; }

    public bool DontFragment { get; init; }

    public bool MoreFragments { get; init; }

    /// <summary>Octets of the packet before this fragment's.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>Octets of the header as it came.</summary>
    public int HeaderLength { get; init; }

    /// <summary>Octets of header and payload.</summary>
    public int TotalLength { get; init; }

    public bool IsFragment => MoreFragments || FragmentOffset > 0;

    /// <summary>Reads a header whose checksum and lengths are right.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out Ipv4Header header)
    {
        header = default;
        int headerLength = octets.Length < Size ? 0 : (octets[0] & 15) * 4;
        if (headerLength < Size || octets[0] >> 4 != 4 || headerLength > octets.Length)
        {
            return false;
        }

        int total = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        if (total < headerLength || total > octets.Length
            || InternetChecksum.Finish(InternetChecksum.Add(0, octets[..headerLength])) != 0)
        {
            return false;
        }

        int fragment = BinaryPrimitives.ReadUInt16BigEndian(octets[6..]);
        header = new Ipv4Header(Read(octets[12..]), Read(octets[16..]), octets[9])
        {
            TypeOfService = octets[1],
            Identification = BinaryPrimitives.ReadUInt16BigEndian(octets[4..]),
            DontFragment = (fragment & DontFragmentFlag) != 0,
            MoreFragments = (fragment & MoreFragmentsFlag) != 0,
            FragmentOffset = (fragment & 0x1FFF) * 8,
            TimeToLive = octets[8],
            HeaderLength = headerLength,
            TotalLength = total,
        };
        return true;
    }

    /// <summary>Writes a header without options in front of a payload of that length.</summary>
    public void Write(Span<byte> octets, int payloadLength)
    {
        octets[0] = 0x45;
        octets[1] = TypeOfService;
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], (ushort)(Size + payloadLength));
        BinaryPrimitives.WriteUInt16BigEndian(octets[4..], Identification);
        int fragment = FragmentOffset / 8 | (DontFragment ? DontFragmentFlag : 0) | (MoreFragments ? MoreFragmentsFlag : 0);
        BinaryPrimitives.WriteUInt16BigEndian(octets[6..], (ushort)fragment);
        octets[8] = TimeToLive;
        octets[9] = Protocol;
        octets[10] = octets[11] = 0;
        Source.Write(octets[12..]);
        Destination.Write(octets[16..]);
        ushort sum = InternetChecksum.Finish(InternetChecksum.Add(0, octets[..Size]));
        BinaryPrimitives.WriteUInt16BigEndian(octets[10..], sum);
    }

    private static IpAddress Read(ReadOnlySpan<byte> octets) => IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets));
}
