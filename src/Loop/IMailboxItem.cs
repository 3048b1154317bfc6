namespace Spindle.Loop;

/// <summary>What a <see cref="Mailbox{T}"/> holds: it knows itself whether it is there, so that a place needs no room for
/// that.</summary>
internal interface IMailboxItem<TSelf>
    where TSelf : struct
{
    /// <summary>False for the default value. Read with acquiring semantics, before all else.</summary>
    bool IsThere { get; }

    /// <summary>Makes a default value this item: what <see cref="IsThere"/> looks at comes last, with releasing semantics.</summary>
    void Fill(in TSelf item);
}
