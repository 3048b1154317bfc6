using System;

namespace Spindle.Loop;

/// <summary>Why a source is shut: nothing of it is waited for, and it is not called. Open is none of these.</summary>
[Flags]
internal enum SourceState : byte
{
    Open = 0,

    /// <summary>For good.</summary>
    Removed = 1,

    /// <summary>By its user, until enabled again.</summary>
    Disabled = 2,

    /// <summary>The loop runs nested in its callback, or in that of an ancestor.</summary>
    Blocked = 4,

    /// <summary>Its rate limit bit.</summary>
    Limited = 8,

    /// <summary>Not attached yet; or part of a custom source that is shut.</summary>
    Detached = 16,
}
