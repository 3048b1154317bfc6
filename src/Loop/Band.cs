namespace Spindle.Loop;

/// <summary>One priority in use, with the sources of it that are ready without epoll having said so.</summary>
internal sealed class Band(BandTable table, int priority)
{
    public int Priority { get; } = priority;

    /// <summary>Timers whose time has come, in the order of their deadlines.</summary>
    public SourceList Due { get; } = new(table);

    /// <summary>Sources that are ready until they take it back: idle work, signals, children, posts.</summary>
    public SourceList Flagged { get; } = new(table);

    /// <summary>The custom sources, by sequence; linked by <see cref="CustomTable"/>.</summary>
    public CustomSource? FirstCustom { get; set; }

    public CustomSource? LastCustom { get; set; }

    /// <summary>Sources of this priority; the band goes with the last one.</summary>
    public int SourceCount { get; set; }

    /// <summary>How many of them are timers.</summary>
    public int TimerCount { get; set; }

    public bool HasReady => Due.First is not null || Flagged.First is not null;
}
