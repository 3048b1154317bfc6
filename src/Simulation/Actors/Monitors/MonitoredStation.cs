using System;
using Spindle.Simulation.Network;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>The machine's device as the segment sees it: its <see cref="LinkMonitor"/> hears what the device hears.</summary>
internal sealed class MonitoredStation(IStation station, LinkMonitor monitor) : IStation
{
    /// <inheritdoc/>
    public void Receive(ReadOnlySpan<byte> frame)
    {
        monitor.Received(frame);
        station.Receive(frame);
    }

    /// <inheritdoc/>
    public void CarrierChanged(bool isUp)
    {
        monitor.Restarted();
        station.CarrierChanged(isUp);
    }
}
