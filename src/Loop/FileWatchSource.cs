using System;

namespace Spindle.Loop;

/// <summary>Called for each event of a watched file, in the order in which they happened.</summary>
/// <param name="source">The source; removing it here is legal.</param>
/// <param name="happened">What happened.</param>
public delegate void FileWatchHandler(FileWatchSource source, FileEvent happened);

/// <summary>Watches a file or directory by inotify.</summary>
/// <remarks>
/// All watches of a loop share one inotify: events of two watches keep their order, as far as their priorities agree. Any
/// number of watches, each with its own mask and priority, may be of one inode, by whatever paths; what the kernel says is
/// handed to those that asked for it. Lost events (<see cref="FileEvents.Overflow"/>) are told to every watch: by the kernel,
/// if its queue was full, and by us, if more than <see cref="WaitingMax"/> events wait for a callback.
/// </remarks>
public sealed class FileWatchSource : Source
{
    /// <summary>The most events that wait for a callback; the kernel's own limit is as high.</summary>
    public const int WaitingMax = 16_384;

    /// <summary>Bits that say how to watch, or are told unasked.</summary>
    private const FileEvents NoEvents = (FileEvents)0xFFFFF000;

    private const FileEvents Unasked = FileEvents.Unmounted | FileEvents.Overflow | FileEvents.Ended;

    private readonly FileWatchHandler handler;
    private FileEvent[] waiting = new FileEvent[4];
    private int first;
    private int count;

    internal FileWatchSource(
        EventLoop loop, string path, FileEvents asked, FileWatchHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        Path = path;
        Asked = asked;
        this.handler = handler;
    }

    /// <summary>The path it was given; the file may have another one by now.</summary>
    public string Path { get; }

    /// <summary>What it watches for.</summary>
    public FileEvents Asked { get; }

    /// <summary>What the kernel calls it; -1: not watched. Belongs to <see cref="FileWatchTable"/>.</summary>
    internal int Watch { get; set; } = -1;

    /// <summary>Takes an event, if it concerns it.</summary>
    internal void Offer(in FileEvent happened)
    {
        FileEvents wanted = happened.Events & ((Asked & ~NoEvents) | Unasked);
        if (wanted == FileEvents.None)
        {
            return;
        }

        if (count == WaitingMax && (wanted & FileEvents.Ended) == FileEvents.None)
        {
            // The last one in the row says that there were more.
            At(count - 1) = new FileEvent(FileEvents.Overflow, "", 0);
            return;
        }

        if (count == waiting.Length)
        {
            Grow();
        }

        At(count++) = happened with { Events = wanted | (happened.Events & FileEvents.IsDirectory) };
        Flag();
    }

    internal override bool Dispatch(long turn)
    {
        bool isCalled = false;
        for (int left = count; left > 0 && IsOpen; left--)
        {
            Call();
            isCalled = true;
        }

        return isCalled;
    }

    internal override bool DispatchForChild(long turn)
    {
        if (count > 0)
        {
            return Dispatch(turn);
        }

        Unflag();
        return false;
    }

    internal override void Detach()
    {
        Array.Clear(waiting);
        count = 0;
        Loop.Files?.Leave(this);
    }

    private ref FileEvent At(int index) => ref waiting[(first + index) & (waiting.Length - 1)];

    private void Call()
    {
        FileEvent happened = At(0);
        At(0) = default;
        first = (first + 1) & (waiting.Length - 1);
        if (--count == 0)
        {
            Unflag();
        }

        if (happened.Is(FileEvents.Ended))
        {
            Remove();
        }

        handler(this, happened);
    }

    private void Grow()
    {
        FileEvent[] longer = new FileEvent[waiting.Length * 2];
        for (int index = 0; index < count; index++)
        {
            longer[index] = At(index);
        }

        waiting = longer;
        first = 0;
    }
}
