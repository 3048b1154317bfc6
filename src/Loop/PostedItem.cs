using System.Threading;

namespace Spindle.Loop;

/// <summary>An item of a <see cref="PostQueue{T}"/> in its mailbox.</summary>
internal struct PostedItem<T>(T value) : IMailboxItem<PostedItem<T>>
{
    private bool isThere = true;

    public T Value { get; private set; } = value;

    public bool IsThere => Volatile.Read(ref isThere);

    public void Fill(in PostedItem<T> item)
    {
        Value = item.Value;
        Volatile.Write(ref isThere, true);
    }
}
