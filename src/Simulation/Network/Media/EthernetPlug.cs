using System;
using Spindle.Basics;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network.Media;

/// <summary>A station's place on an <see cref="EthernetSegment"/>.</summary>
internal sealed class EthernetPlug : ICable
{
    private readonly EthernetSegment segment;
    private Alarm? bounce;

    internal EthernetPlug(EthernetSegment segment, IStation station, int number)
    {
        this.segment = segment;
        Station = station;
        Number = number;
    }

    /// <summary>Who is plugged in.</summary>
    public IStation Station { get; }

    /// <summary>The port's number on the segment, from 1.</summary>
    public int Number { get; }

    /// <inheritdoc/>
    public bool HasCarrier { get; private set; }

    /// <summary>The weather of what this station sends; null for the segment's.</summary>
    public Weather? Weather { get; set; }

    /// <summary>Stations hear one another only within one part of a divided segment; all begin in part 0.</summary>
    public int Partition { get; set; }

    /// <summary>True once <see cref="Remove"/> was called.</summary>
    public bool IsRemoved { get; private set; }

    /// <summary>How often the line went down: frames that were on their way by then never arrive.</summary>
    internal int CarrierLosses { get; private set; }

    /// <summary>When the latest frame to this station that keeps its order arrives.</summary>
    internal Instant LatestArrival { get; set; }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame)
    {
        if (HasCarrier)
        {
            segment.Carry(this, frame);
        }
    }

    /// <summary>Pulls the plug: the line goes down, the place is kept.</summary>
    public void Pull()
    {
        bounce?.Cancel();
        bounce = null;
        SetCarrier(false);
    }

    /// <summary>Plugs it in again.</summary>
    public void Insert()
    {
        bounce?.Cancel();
        bounce = null;
        SetCarrier(!IsRemoved);
    }

    /// <summary>The line goes down, and comes up by itself after a while.</summary>
    public void Bounce(TimeSpan span)
    {
        Pull();
        bounce = segment.Clock.Set(segment.Clock.Now + span, Insert);
    }

    /// <summary>Gives the place up; the station is told nothing after the loss of the line.</summary>
    public void Remove()
    {
        Pull();
        IsRemoved = true;
        segment.Remove(this);
    }

    private void SetCarrier(bool isUp)
    {
        if (isUp == HasCarrier)
        {
            return;
        }

        HasCarrier = isUp;
        if (!isUp)
        {
            CarrierLosses++;
            segment.Forget(this);
        }

        Station.CarrierChanged(isUp);
    }
}
