using System;
using System.Runtime.InteropServices;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Packets;

/// <summary>A frame in the queue of a <see cref="PacketSocket"/>.</summary>
/// <param name="Octets">As much of it as the filter let through.</param>
/// <param name="Sender">What the socket says of it.</param>
internal sealed record CapturedFrame(byte[] Octets, SocketAddress Sender)
{
    private const int AuxiliaryDataType = 8;
    private const int AuxiliaryDataSize = 20;
    private const uint StatusUser = 1;
    private const uint StatusChecksumNotReady = 8;

    /// <summary>Somebody has peeked at it.</summary>
    public bool WasSeen { get; set; }

    /// <summary>Linux keeps the length where it then puts together who has sent the frame: the next to look finds that instead.</summary>
    public bool IsLengthLost { get; set; }

    /// <summary>Octets before the filter cut it.</summary>
    public int RealLength { get; init; }

    /// <summary>Where the network's header begins.</summary>
    public int NetworkOffset { get; init; }

    /// <summary>What it takes of the receive buffer.</summary>
    public int Memory { get; init; }

    /// <summary>It never was on a line: its transport checksum is not filled in.</summary>
    public bool HasNoChecksum { get; init; }

    /// <summary>Writes <c>struct tpacket_auxdata</c>.</summary>
    public void WriteAuxiliaryData(ref ControlWriter writer)
    {
        Span<byte> data = stackalloc byte[AuxiliaryDataSize];
        data.Clear();
        MemoryMarshal.Write(data, StatusUser | (HasNoChecksum ? StatusChecksumNotReady : 0));
        MemoryMarshal.Write(data[4..], IsLengthLost ? MemoryMarshal.Read<int>(Sender.Octets) : RealLength);
        MemoryMarshal.Write(data[8..], Octets.Length);
        MemoryMarshal.Write(data[14..], (ushort)NetworkOffset);
        writer.Write(PacketSocket.Level, AuxiliaryDataType, data);
    }
}
