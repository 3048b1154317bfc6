namespace Spindle.Loop.Diagnostics;

/// <summary>One span of a trace, as it is kept until it is written.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The source's name, for a dispatch.</param>
/// <param name="Began">Nanoseconds of the monotonic clock.</param>
/// <param name="Ended">Nanoseconds of the monotonic clock.</param>
/// <param name="Detail">A turn: its number. A wait: how many were ready. A dispatch: how late its timer was, in nanoseconds,
/// or -1.</param>
internal readonly record struct TraceEvent(TraceKind Kind, string? Name, long Began, long Ended, long Detail);

/// <summary>What a span of a trace is.</summary>
internal enum TraceKind : byte
{
    /// <summary>A whole turn.</summary>
    Turn,

    /// <summary>The wait in the kernel.</summary>
    Wait,

    /// <summary>A source's callback.</summary>
    Dispatch,
}
