using System;

namespace Spindle.Simulation.Network.Media;

/// <summary>What a medium does to the frames on it. The default is a fine day: 50 microseconds, and nothing is lost.</summary>
/// <remarks>Rates are chances in a million, drawn for each frame and each receiver; a rate of zero draws nothing.</remarks>
internal sealed record Weather
{
    /// <summary>A fine day.</summary>
    public static Weather Fine { get; } = new();

    /// <summary>How long a frame is on its way at least.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMicroseconds(50);

    /// <summary>How much longer, at the most. Frames keep their order all the same, unless they are reordered.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Frames that vanish.</summary>
    public uint LossPerMillion { get; init; }

    /// <summary>Frames that arrive twice.</summary>
    public uint DuplicationPerMillion { get; init; }

    /// <summary>Frames that are late by up to <see cref="ReorderDelay"/>, so that later ones overtake them.</summary>
    public uint ReorderPerMillion { get; init; }

    /// <summary>How late a reordered frame is at the most.</summary>
    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Frames of which one bit arrives flipped, behind the addresses: a line's own checksum would drop the frame where
    /// it happens on the line; in a switch's memory it does not.</summary>
    public uint CorruptionPerMillion { get; init; }

    /// <summary>The most octets behind the Ethernet header (14 octets); a longer frame vanishes.</summary>
    public int PayloadMax { get; init; } = 65_535;

    /// <summary>True if it draws nothing and delays all frames alike.</summary>
    public bool IsSteady => Jitter == TimeSpan.Zero
        && (LossPerMillion | DuplicationPerMillion | ReorderPerMillion | CorruptionPerMillion) == 0;
}
