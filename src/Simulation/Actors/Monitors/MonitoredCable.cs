using System;
using Spindle.Simulation.Network;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>A cable with a <see cref="LinkMonitor"/> at the machine's end: it sees what is sent before any weather does.</summary>
internal sealed class MonitoredCable(ICable cable, LinkMonitor monitor) : ICable
{
    /// <inheritdoc/>
    public bool HasCarrier => cable.HasCarrier;

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame)
    {
        if (cable.HasCarrier)
        {
            monitor.Sent(frame);
        }

        cable.Send(frame);
    }
}
