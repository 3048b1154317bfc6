namespace Spindle.Loop;

/// <summary>A place in a <see cref="MailboxSide{T}"/>.</summary>
internal struct MailboxSlot<T>
{
    public T Item;

    /// <summary>True from the moment when the item is there to the one when it is taken.</summary>
    public bool IsFull;
}
