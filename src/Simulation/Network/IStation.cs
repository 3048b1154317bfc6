using System;

namespace Spindle.Simulation.Network;

/// <summary>Something with a plug for a cable: a network device of the simulated machine, or one of an actor's.</summary>
internal interface IStation
{
    /// <summary>A frame came out of the cable, from the destination's address on, without the checksum of the line.</summary>
    void Receive(ReadOnlySpan<byte> frame);

    /// <summary>The other end of the cable was plugged in or pulled.</summary>
    void CarrierChanged(bool isUp);
}
