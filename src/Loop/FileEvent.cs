namespace Spindle.Loop;

/// <summary>Something that happened to a watched file.</summary>
/// <param name="Events">What; several bits only where the kernel says several at once.</param>
/// <param name="Name">In a watched directory, which file of it; empty for what is watched itself.</param>
/// <param name="Cookie">The same for both halves of a rename, otherwise 0.</param>
public readonly record struct FileEvent(FileEvents Events, string Name, uint Cookie)
{
    /// <summary>True if all of these happened.</summary>
    public bool Is(FileEvents events) => (Events & events) == events;
}
