using System;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Hosts;

/// <summary>Where an <see cref="IpStack"/> puts its packets: a link with neighbours, or the way back from the Internet.</summary>
internal interface IPacketOutput
{
    /// <summary>Sends a packet on; the octets are copied within the call.</summary>
    void Send(ReadOnlySpan<byte> packet, IpAddress destination);
}
