using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>The one inotify of a loop, with the sources that watch by it. Made with the first watch, and kept from then on:
/// closing one takes some 14 ms.</summary>
internal sealed class FileWatchTable
{
    private const int HeaderSize = 16;

    // Adds to what an inode is watched for already: only the kernel knows whether a path leads to one that we know.
    private const uint MaskAdd = 0x20000000;

    // Some 200 events with short names a turn; what is more waits in the kernel.
    private const int BufferSize = 8192;

    private readonly EventLoop loop;
    private readonly byte[] buffer = new byte[BufferSize];
    private readonly Dictionary<int, List<FileWatchSource>> watches = [];
    private readonly int fd;
    private string lastName = "";

    private FileWatchTable(EventLoop loop, int fd)
    {
        this.loop = loop;
        this.fd = fd;
        loop.Poller.AddWaker(fd, Read);
        loop.Disposing += Close;
    }

    /// <summary>Begins to watch for a source.</summary>
    public static Result Join(FileWatchSource source)
    {
        EventLoop loop = source.Loop;
        if (loop.Files is null)
        {
            Result made = loop.Kernel.InotifyCreate();
            if (!made.IsOk)
            {
                return made;
            }

            loop.Files = new FileWatchTable(loop, made.Int);
        }

        return loop.Files.Add(source);
    }

    /// <summary>A source no longer watches. An inode goes with its last one; a mask that has become too wide stays, since
    /// narrowing it would need the path, which may lead elsewhere by now.</summary>
    public void Leave(FileWatchSource source)
    {
        if (source.Watch >= 0 && watches.TryGetValue(source.Watch, out List<FileWatchSource>? sources))
        {
            sources.Remove(source);
            if (sources.Count == 0)
            {
                watches.Remove(source.Watch);
                loop.Kernel.InotifyRemove(fd, source.Watch);
            }
        }

        source.Watch = -1;
    }

    private Result Add(FileWatchSource source)
    {
        Result added = loop.Kernel.InotifyAdd(fd, source.Path, (uint)source.Asked | MaskAdd);
        if (added.IsOk)
        {
            if (!watches.TryGetValue(added.Int, out List<FileWatchSource>? sources))
            {
                sources = new(1);
                watches.Add(added.Int, sources);
            }

            sources.Add(source);
            source.Watch = added.Int;
        }

        return added;
    }

    private void Close()
    {
        loop.Poller.RemoveWaker(fd);
        loop.Kernel.Close(fd);
        loop.Files = null;
    }

    private void Read()
    {
        ReadOnlySpan<byte> octets = buffer.AsSpan(0, loop.Kernel.Read(fd, buffer).Int);
        while (octets.Length >= HeaderSize)
        {
            int length = MemoryMarshal.Read<int>(octets[12..]);
            if (length > octets.Length - HeaderSize)
            {
                return;
            }

            Take(octets[..(HeaderSize + length)]);
            octets = octets[(HeaderSize + length)..];
        }
    }

    /// <summary>Each event: watch (4), mask (4), cookie (4), length of the name (4), name with NULs.</summary>
    private void Take(ReadOnlySpan<byte> octets)
    {
        int watch = MemoryMarshal.Read<int>(octets);
        FileEvent happened = new(
            (FileEvents)MemoryMarshal.Read<uint>(octets[4..]),
            NameOf(octets[HeaderSize..]),
            MemoryMarshal.Read<uint>(octets[8..]));
        if (happened.Is(FileEvents.Overflow))
        {
            foreach (List<FileWatchSource> all in watches.Values)
            {
                OfferTo(all, happened);
            }
        }
        else if (watches.TryGetValue(watch, out List<FileWatchSource>? sources))
        {
            if (happened.Is(FileEvents.Ended))
            {
                watches.Remove(watch); // the kernel has done so
            }

            OfferTo(sources, happened);
        }
    }

    private static void OfferTo(List<FileWatchSource> sources, in FileEvent happened)
    {
        foreach (FileWatchSource source in sources)
        {
            source.Offer(happened);
        }
    }

    /// <summary>One and the same string while one file is what events are about.</summary>
    private string NameOf(ReadOnlySpan<byte> octets)
    {
        int end = octets.IndexOf((byte)0);
        if (end <= 0)
        {
            return "";
        }

        Span<byte> known = stackalloc byte[HeaderSize * 64];
        if (Encoding.UTF8.TryGetBytes(lastName, known, out int length) && octets[..end].SequenceEqual(known[..length]))
        {
            return lastName;
        }

        lastName = Encoding.UTF8.GetString(octets[..end]);
        return lastName;
    }
}
