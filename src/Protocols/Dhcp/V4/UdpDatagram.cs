using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Why octets are no UDP datagram over IPv4 that may be believed.</summary>
public enum UdpDatagramError
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>Shorter than its headers, or than their lengths say.</summary>
    TooShort,

    /// <summary>Not version 4, or a header length below 5 words.</summary>
    HeaderInvalid,

    /// <summary>The checksum of the IP header is wrong.</summary>
    HeaderChecksumWrong,

    /// <summary>A fragment; DHCP has none that matter before an address is there.</summary>
    Fragmented,

    /// <summary>Another protocol than UDP.</summary>
    NotUdp,

    /// <summary>The UDP length disagrees with the IP length.</summary>
    LengthInvalid,

    /// <summary>The UDP checksum is wrong, and the kernel did not say that it is unfilled.</summary>
    ChecksumWrong,
}

/// <summary>A UDP datagram with its IPv4 header (RFC 791, RFC 768), as a packet socket hands it over.</summary>
public readonly ref struct UdpDatagram
{
    /// <summary>Octets of the two headers that <see cref="WriteHeaders"/> makes.</summary>
    public const int HeadersSize = 28;

    private const int UdpHeaderSize = 8;
    private const byte UdpProtocol = 17;

    /// <summary>Sender's address.</summary>
    public IpAddress Source { get; private init; }

    /// <summary>Receiver's address.</summary>
    public IpAddress Destination { get; private init; }

    /// <summary>Sender's port.</summary>
    public ushort SourcePort { get; private init; }

    /// <summary>Receiver's port.</summary>
    public ushort DestinationPort { get; private init; }

    /// <summary>What is carried.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Checks both headers and gives the datagram.</summary>
    /// <param name="octets">From the IP header on; what follows the datagram (padding of the link) is ignored.</param>
    /// <param name="isChecksumUnfilled">The kernel says that the UDP checksum is not there yet: the frame never left
    /// the machine (TP_STATUS_CSUMNOTREADY of PACKET_AUXDATA; <c>man 7 packet</c>).</param>
    /// <param name="datagram">The datagram; meaningful if true is returned.</param>
    /// <param name="error">Why not.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> octets, bool isChecksumUnfilled, out UdpDatagram datagram, out UdpDatagramError error)
    {
        datagram = default;
        error = CheckIpHeader(octets, out ReadOnlySpan<byte> udp);
        if (error != UdpDatagramError.None)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        if (length < UdpHeaderSize || length > udp.Length)
        {
            error = UdpDatagramError.LengthInvalid;
            return false;
        }

        udp = udp[..length];
        bool isChecksumAbsent = BinaryPrimitives.ReadUInt16BigEndian(udp[6..]) == 0;
        if (!isChecksumUnfilled && !isChecksumAbsent && Checksum(octets.Slice(12, 8), udp) != 0)
        {
            error = UdpDatagramError.ChecksumWrong;
            return false;
        }

        datagram = new()
        {
            Source = IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets[12..])),
            Destination = IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets[16..])),
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(udp),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(udp[2..]),
            Payload = udp[UdpHeaderSize..],
        };
        return true;
    }

    /// <summary>Writes both headers before a payload that is already in place.</summary>
    /// <param name="datagram">Room for the headers (<see cref="HeadersSize"/> octets), then the payload, no more.</param>
    /// <param name="source">Sender's address.</param>
    /// <param name="destination">Receiver's address.</param>
    /// <param name="sourcePort">Sender's port.</param>
    /// <param name="destinationPort">Receiver's port.</param>
    public static void WriteHeaders(
        Span<byte> datagram, IpAddress source, IpAddress destination, ushort sourcePort, ushort destinationPort)
    {
        OctetWriter ip = new(datagram);
        ip.WriteUInt16(0x45C0); // Version 4, five words; class 6, network control, as DHCP clients use.
        ip.WriteUInt16((ushort)datagram.Length);
        ip.WriteUInt32(0); // Not fragmented (RFC 6864: the identification then has no meaning).
        ip.WriteByte(64);
        ip.WriteByte(UdpProtocol);
        ip.WriteUInt16(0);
        ip.WriteUInt32(source.ToV4());
        ip.WriteUInt32(destination.ToV4());
        ushort sum = InternetChecksum.Finish(InternetChecksum.Add(0, ip.Written));
        BinaryPrimitives.WriteUInt16BigEndian(datagram[10..], sum);

        Span<byte> udp = datagram[20..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], 0);
        ushort checksum = Checksum(datagram.Slice(12, 8), udp);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? (ushort)0xFFFF : checksum);
    }

    private static UdpDatagramError CheckIpHeader(ReadOnlySpan<byte> octets, out ReadOnlySpan<byte> udp)
    {
        udp = default;
        if (octets.Length < 20)
        {
            return UdpDatagramError.TooShort;
        }

        int headerSize = (octets[0] & 15) * 4;
        if (octets[0] >> 4 != 4 || headerSize < 20)
        {
            return UdpDatagramError.HeaderInvalid;
        }

        int totalSize = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        if (octets.Length < totalSize || totalSize < headerSize + UdpHeaderSize)
        {
            return UdpDatagramError.TooShort;
        }

        if (InternetChecksum.Finish(InternetChecksum.Add(0, octets[..headerSize])) != 0)
        {
            return UdpDatagramError.HeaderChecksumWrong;
        }

        if ((BinaryPrimitives.ReadUInt16BigEndian(octets[6..]) & 0x3FFF) != 0)
        {
            return UdpDatagramError.Fragmented;
        }

        udp = octets[headerSize..totalSize];
        return octets[9] == UdpProtocol ? UdpDatagramError.None : UdpDatagramError.NotUdp;
    }

    private static ushort Checksum(ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> udp)
    {
        uint sum = InternetChecksum.Add(0, addresses);
        sum += UdpProtocol + (uint)udp.Length;
        return InternetChecksum.Finish(InternetChecksum.Add(sum, udp));
    }
}
