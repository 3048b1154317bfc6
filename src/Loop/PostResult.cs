namespace Spindle.Loop;

/// <summary>What became of something that was posted.</summary>
public enum PostResult
{
    /// <summary>It will be handled.</summary>
    Queued,

    /// <summary>There was no room for it: try later, or drop it.</summary>
    Full,

    /// <summary>The queue was removed, or its loop disposed: nothing is handled any more.</summary>
    Ended,
}
