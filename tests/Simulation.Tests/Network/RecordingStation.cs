using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Tests.Network;

/// <summary>A station that writes down what it is given, and when.</summary>
internal sealed class RecordingStation(VirtualClock clock, byte number) : IStation
{
    public List<byte[]> Frames { get; } = [];

    public List<Instant> Instants { get; } = [];

    public List<bool> Carrier { get; } = [];

    public MacAddress Address { get; } = MacAddress.Read([2, 0, 0, 0, 0, number]);

    public void Receive(ReadOnlySpan<byte> frame)
    {
        Frames.Add(frame.ToArray());
        Instants.Add(clock.Now);
    }

    public void CarrierChanged(bool isUp) => Carrier.Add(isUp);

    /// <summary>A frame from here, with one octet of payload or more.</summary>
    public byte[] FrameTo(MacAddress destination, byte payload, int length = 1)
    {
        byte[] frame = new byte[14 + length];
        destination.Write(frame);
        Address.Write(frame.AsSpan(6));
        frame[12] = 0x88;
        frame[13] = 0xB5;
        frame.AsSpan(14).Fill(payload);
        return frame;
    }
}
