using System;

namespace Spindle.Simulation.Network;

/// <summary>What a station's plug sits in: frames that it is given arrive, or do not, at the other stations of the medium.</summary>
internal interface ICable
{
    /// <summary>Whether the line is up.</summary>
    bool HasCarrier { get; }

    /// <summary>Puts a frame on the line; delivered later on virtual time, never within this call.</summary>
    void Send(ReadOnlySpan<byte> frame);
}
