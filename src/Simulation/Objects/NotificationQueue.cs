using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>An inotify: its watches, and their events in order; one that repeats the last is not queued again.</summary>
internal sealed class NotificationQueue(SimulatedMachine machine) : OpenFile(machine)
{
    /// <summary>How many events wait to be read at the most (<c>fs.inotify.max_queued_events</c>): then one says that more were lost.</summary>
    public const int WaitingMax = 16_384;

    private const int HeaderSize = 16; // struct inotify_event; a name is filled up with NULs to a multiple of it
    private const int WatchesMax = 1_048_576; // fs.inotify.max_user_watches

    private readonly WaitQueue queue = new();
    private readonly Queue<Notification> events = new();
    private readonly Dictionary<int, FileWatch> watches = [];
    private Notification last;
    private bool hasOverflown;
    private int lastWatch;

    public override bool IsWritable => false;

    public override WaitQueue? ReadersQueue => queue;

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(queue);
        return events.Count > 0 ? PollMask.In | PollMask.ReadNormal : PollMask.None;
    }

    /// <summary>Watches a file or folder; what is watched already is watched for something else, or for more.</summary>
    /// <returns>The watch descriptor; EEXIST, ENOSPC.</returns>
    public Result Watch(MemoryNode node, Happening mask)
    {
        bool adds = (mask & Happening.MaskAdd) != Happening.None;
        node.Watches ??= [];
        foreach (FileWatch watch in node.Watches)
        {
            if (watch.Queue == this)
            {
                if ((mask & Happening.MaskCreate) != Happening.None)
                {
                    return Result.Fail(Errno.EEXIST);
                }

                watch.Mask = adds ? watch.Mask | mask : mask;
                return Result.Ok(watch.Number);
            }
        }

        if (watches.Count >= WatchesMax)
        {
            return Result.Fail(Errno.ENOSPC);
        }

        FileWatch fresh = new(this, node, ++lastWatch) { Mask = mask };
        watches.Add(fresh.Number, fresh);
        node.Watches.Add(fresh);
        return Result.Ok(fresh.Number);
    }

    /// <summary>Ends a watch; EINVAL if there is none of this number.</summary>
    public Result Unwatch(int number)
    {
        if (!watches.TryGetValue(number, out FileWatch? watch))
        {
            return Result.Fail(Errno.EINVAL);
        }

        End(watch);
        return Result.Ok();
    }

    /// <summary>A watch is over, and that is told.</summary>
    public void End(FileWatch watch)
    {
        if (watches.Remove(watch.Number))
        {
            watch.Node.Watches!.Remove(watch);
            Add(new Notification(watch.Number, Happening.Ended, 0, ""));
        }
    }

    /// <summary>An event in a watched folder, for scripts that have no folders.</summary>
    public Result Touch()
    {
        Add(new Notification(1, Happening.AttributesChanged, 0, ""));
        return Result.Ok();
    }

    public void Add(in Notification notification)
    {
        if (events.Count > 0 && notification.What != Happening.Ended
            && notification with { Cookie = last.Cookie } == last)
        {
            return;
        }

        if (events.Count < WaitingMax)
        {
            Enqueue(notification);
        }
        else if (!hasOverflown)
        {
            hasOverflown = true;
            Enqueue(new Notification(-1, Happening.Overflow, 0, ""));
        }
    }

    /// <summary>As many events as there is room for; EINVAL if there is none for the first.</summary>
    public override Result Read(Span<byte> destination)
    {
        if (events.Count == 0)
        {
            return Result.Fail(Errno.EAGAIN);
        }

        int count = 0;
        while (events.TryPeek(out Notification next) && SizeOf(next) is int size && size <= destination.Length - count)
        {
            Write(destination.Slice(count, size), next);
            count += size;
            events.Dequeue();
            hasOverflown &= next.What != Happening.Overflow;
        }

        return count > 0 ? Result.Ok(count) : Result.Fail(Errno.EINVAL);
    }

    protected override void Release()
    {
        foreach (FileWatch watch in watches.Values)
        {
            watch.Node.Watches!.Remove(watch);
        }

        watches.Clear();
    }

    private void Enqueue(in Notification notification)
    {
        events.Enqueue(notification);
        last = notification;
        if (!Machine.Breaks(Mutation.InotifyEventIsSilent))
        {
            queue.Wake(PollMask.None);
        }
    }

    private static int NameSizeOf(in Notification notification)
    {
        int octets = Encoding.UTF8.GetByteCount(notification.Name);
        return octets == 0 ? 0 : (octets + HeaderSize) / HeaderSize * HeaderSize; // with at least one NUL
    }

    private static int SizeOf(in Notification notification) => HeaderSize + NameSizeOf(notification);

    private static void Write(Span<byte> destination, in Notification notification)
    {
        destination.Clear();
        MemoryMarshal.Write(destination, notification.Watch);
        MemoryMarshal.Write(destination[4..], (uint)notification.What);
        MemoryMarshal.Write(destination[8..], notification.Cookie);
        MemoryMarshal.Write(destination[12..], NameSizeOf(notification));
        Encoding.UTF8.GetBytes(notification.Name, destination[HeaderSize..]);
    }
}
