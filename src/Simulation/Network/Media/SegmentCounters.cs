namespace Spindle.Simulation.Network.Media;

/// <summary>What became of the frames of an <see cref="EthernetSegment"/>.</summary>
internal sealed class SegmentCounters
{
    /// <summary>Frames that stations have sent while their line was up.</summary>
    public long Sent { get; set; }

    /// <summary>Frames that have arrived at a station; one for many counts at each.</summary>
    public long Delivered { get; set; }

    /// <summary>Frames that vanished.</summary>
    public long Lost { get; set; }

    /// <summary>Frames that arrived twice.</summary>
    public long Duplicated { get; set; }

    /// <summary>Frames that were late.</summary>
    public long Reordered { get; set; }

    /// <summary>Frames with a flipped bit.</summary>
    public long Corrupted { get; set; }

    /// <summary>Frames that a divided segment kept.</summary>
    public long Partitioned { get; set; }

    /// <summary>Frames that were longer than the medium carries.</summary>
    public long TooLong { get; set; }
}
