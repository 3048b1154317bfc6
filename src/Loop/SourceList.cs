namespace Spindle.Loop;

/// <summary>A list of sources linked through themselves: in and out at any place in constant time, without allocation.</summary>
internal sealed class SourceList(BandTable table)
{
    private Source? last;

    public Source? First { get; private set; }

    public void Append(Source source)
    {
        table.ReadyCount++;
        source.List = this;
        source.Previous = last;
        source.Next = null;
        if (last is null)
        {
            First = source;
        }
        else
        {
            last.Next = source;
        }

        last = source;
    }

    public void Remove(Source source)
    {
        table.ReadyCount--;
        if (source.Previous is null)
        {
            First = source.Next;
        }
        else
        {
            source.Previous.Next = source.Next;
        }

        if (source.Next is null)
        {
            last = source.Previous;
        }
        else
        {
            source.Next.Previous = source.Previous;
        }

        source.List = null;
        source.Previous = null;
        source.Next = null;
    }
}
