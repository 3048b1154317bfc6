using System.Threading;

namespace Spindle.Loop;

/// <summary>A source's place among those that other threads want flagged. It is there once or not at all.</summary>
internal sealed class WokenSource(Source source)
{
    private int isThere;

    /// <summary>The one below it; belongs to <see cref="PostSource"/>.</summary>
    public WokenSource? Next { get; set; }

    /// <summary>Any thread.</summary>
    /// <returns>False: it is there already, and the loop has yet to take it away.</returns>
    public bool TryEnter() => Interlocked.Exchange(ref isThere, 1) == 0;

    /// <summary>On the loop: it is there no longer, and then the source is flagged: what came before is seen, what comes after
    /// enters anew.</summary>
    /// <returns>The one below it.</returns>
    public WokenSource? Leave()
    {
        WokenSource? next = Next;
        Next = null;
        Interlocked.Exchange(ref isThere, 0);
        source.Flag();
        return next;
    }
}
