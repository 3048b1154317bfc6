using System;
using System.Collections.Generic;
using System.IO;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class FileWatchTests : LoopTest
{
    private readonly string directory = Directory.CreateTempSubdirectory("spindle-watch-").FullName;

    [Fact]
    public void Events_come_with_their_names_and_in_their_order()
    {
        Loop.AddFileWatch(directory, FileEvents.Created | FileEvents.ClosedWritable | FileEvents.Deleted, Note);
        File.WriteAllText(InDirectory("ä"), "x");
        Directory.CreateDirectory(InDirectory("sub"));
        File.Delete(InDirectory("ä"));
        TurnUntil(() => Trace.Count == 4);
        Assert.Equal("Created:ä ClosedWritable:ä Created,IsDirectory:sub Deleted:ä", TakeTrace());
    }

    [Fact]
    public void Both_halves_of_a_rename_have_one_cookie()
    {
        List<FileEvent> seen = [];
        File.WriteAllText(InDirectory("a"), "");
        File.WriteAllText(InDirectory("b"), "");
        Loop.AddFileWatch(directory, FileEvents.MovedFrom | FileEvents.MovedTo, (_, happened) => seen.Add(happened));
        File.Move(InDirectory("a"), InDirectory("c"));
        File.Move(InDirectory("b"), InDirectory("d"));
        TurnUntil(() => seen.Count == 4);
        Assert.Equal(seen[0].Cookie, seen[1].Cookie);
        Assert.Equal(seen[2].Cookie, seen[3].Cookie);
        Assert.NotEqual(seen[0].Cookie, seen[2].Cookie);
        Assert.Equal(["a", "c", "b", "d"], seen.ConvertAll(happened => happened.Name));
    }

    [Fact]
    public void Watches_of_one_inode_by_two_paths_get_what_each_has_asked_for_by_priority()
    {
        string link = directory + "-link";
        File.CreateSymbolicLink(link, directory);
        Loop.AddFileWatch(directory, FileEvents.Deleted, Note, Priority.Low, "low");
        FileWatchSource high = Loop.AddFileWatch(link, FileEvents.Created | FileEvents.Deleted, Note, Priority.High, "high");
        File.Delete(link);
        File.WriteAllText(InDirectory("a"), "");
        File.Delete(InDirectory("a"));
        TurnUntil(() => Trace.Count == 3);
        Assert.Equal("high:Created:a high:Deleted:a low:Deleted:a", TakeTrace());

        // The mask stays as wide as it was; the one who asked for less is told no more.
        high.Remove();
        File.WriteAllText(InDirectory("b"), "");
        File.Delete(InDirectory("b"));
        TurnUntil(() => Trace.Count == 1);
        Assert.Equal("low:Deleted:b", TakeTrace());
    }

    [Fact]
    public void A_priority_changed_while_events_wait_counts()
    {
        FileWatchSource first = Loop.AddFileWatch(directory, FileEvents.Created, Note, Priority.Default, "first");
        Loop.AddFileWatch(directory, FileEvents.Created, Note, Priority.Default, "second");
        Loop.AddIdle(_ =>
        {
            first.Priority = Priority.Low;
            return false;
        }, Priority.High);
        File.WriteAllText(InDirectory("a"), "");
        TurnUntil(() => Trace.Count == 2);
        Assert.Equal("second:Created:a first:Created:a", TakeTrace());
    }

    [Fact]
    public void What_is_deleted_ends_its_watch_and_its_source()
    {
        string file = InDirectory("a");
        File.WriteAllText(file, "");
        FileWatchSource source = Loop.AddFileWatch(file, FileEvents.DeletedSelf, (self, happened) =>
        {
            Assert.Equal(happened.Is(FileEvents.DeletedSelf), self.IsActive);
            Note(self, happened);
        });
        File.Delete(file);
        TurnUntil(() => Trace.Count == 2);
        Assert.Equal("DeletedSelf: Ended:", TakeTrace());
        Assert.False(source.IsActive);
        source.Remove();
        Assert.Equal(Errno.ENOENT, Loop.TryAddFileWatch(file, FileEvents.Read, Note, out FileWatchSource? none).Error);
        Assert.Null(none);
        Assert.Throws<ArgumentException>(() => Loop.AddFileWatch(file, FileEvents.Read, Note));
    }

    [Fact]
    public void Removed_from_its_own_callback_it_gets_nothing_more_and_the_others_do()
    {
        File.WriteAllText(InDirectory("a"), "");
        Loop.AddFileWatch(directory, FileEvents.DeletedSelf | FileEvents.Deleted, (self, happened) =>
        {
            Note(self, happened);
            self.Remove();
        }, name: "once");
        Loop.AddFileWatch(directory, FileEvents.DeletedSelf, Note, name: "other");
        Directory.Delete(directory, recursive: true);
        TurnUntil(() => Trace.Count == 3);
        Assert.Equal("once:Deleted:a other:DeletedSelf: other:Ended:", TakeTrace());
        Exhaust();
        Assert.Empty(Trace);
    }

    [Fact]
    public void Watched_again_after_the_last_watch_went_no_old_event_comes()
    {
        FileWatchSource first = Loop.AddFileWatch(directory, FileEvents.Created, Note, name: "first");
        File.WriteAllText(InDirectory("old"), "");
        first.Remove();
        Loop.AddFileWatch(directory, FileEvents.Created, Note, name: "second");
        File.WriteAllText(InDirectory("new"), "");
        TurnUntil(() => Trace.Count == 1);
        Exhaust();
        Assert.Equal("second:Created:new", TakeTrace());
    }

    [Fact]
    public void An_event_that_waits_is_not_lost_to_a_busy_better_priority()
    {
        int busy = 50;
        Loop.AddFileWatch(directory, FileEvents.Created, Note, Priority.Low);
        Loop.AddIdle(_ =>
        {
            File.WriteAllText(InDirectory($"{busy}"), "");
            return --busy > 0;
        }, Priority.High);
        TurnUntil(() => Trace.Count == 50);
        Assert.Equal("Created:50", Trace[0]);
        Assert.Equal("Created:1", Trace[49]);
    }

    [Fact]
    public void A_queue_that_overflows_in_the_kernel_is_told_to_every_watch()
    {
        string file = InDirectory("a");
        File.WriteAllText(file, "");
        int limit = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"), null);
        Loop.AddFileWatch(directory, FileEvents.AttributesChanged, NoteOverflow, name: "directory");
        Loop.AddFileWatch(file, FileEvents.AttributesChanged, NoteOverflow, name: "file");
        Loop.AddFileWatch(Path.GetTempPath(), FileEvents.DeletedSelf, NoteOverflow, name: "elsewhere");
        int fd = Own(Kernel.Open(file, FileFlags.Read));
        for (int index = 0; index <= limit; index++)
        {
            Kernel.ChangeMode(fd, (uint)(0x180 + (index & 1)));
        }

        TurnUntil(() => Trace.Count >= 3);
        Trace.Sort(StringComparer.Ordinal);
        Assert.Equal("directory elsewhere file", string.Join(' ', new SortedSet<string>(Trace, StringComparer.Ordinal)));
        Trace.Clear();

        // And it goes on.
        Loop.AddFileWatch(directory, FileEvents.Created, Note, name: "after");
        File.WriteAllText(InDirectory("b"), "");
        TurnUntil(() => Trace.Contains("after:Created:b"));
    }

    [Fact]
    public void A_watch_whose_callback_does_not_come_to_its_turn_keeps_a_bounded_number_of_events()
    {
        FileWatchSource source = Loop.AddFileWatch(directory, FileEvents.AttributesChanged, (_, happened) =>
        {
            if (happened.Is(FileEvents.Overflow))
            {
                Trace.Add("overflow");
            }
        });
        for (int index = 0; index < FileWatchSource.WaitingMax + 10; index++)
        {
            source.Offer(new FileEvent(FileEvents.AttributesChanged, "a", 0));
        }

        source.Offer(new FileEvent(FileEvents.Ended, "", 0));
        Exhaust();
        Assert.Equal("overflow", TakeTrace());
        Assert.False(source.IsActive);
    }

    [Fact]
    public void A_throwing_callback_does_not_take_the_other_events_with_it()
    {
        bool hasThrown = false;
        Loop.AddFileWatch(directory, FileEvents.Created, (self, happened) =>
        {
            if (!hasThrown)
            {
                hasThrown = true;
                throw new FormatException();
            }

            Note(self, happened);
        });
        File.WriteAllText(InDirectory("a"), "");
        File.WriteAllText(InDirectory("b"), "");
        Assert.Throws<CallbackException>(() => Loop.Iterate(mayBlock: true));
        TurnUntil(() => Trace.Count == 1);
        Assert.Equal("Created:b", TakeTrace());
    }

    [Fact]
    public void Events_of_one_file_allocate_nothing()
    {
        string file = InDirectory("a");
        File.WriteAllText(file, "");
        int seen = 0;
        Loop.AddFileWatch(directory, FileEvents.AttributesChanged, (_, _) => seen++);
        int fd = Own(Kernel.Open(file, FileFlags.Read));
        for (int round = 0; round < 100; round++)
        {
            Round();
        }

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int round = 0; round < 100; round++)
            {
                Round();
            }
        }));
        Assert.True(seen >= 200);

        void Round()
        {
            Kernel.ChangeMode(fd, 0x180);
            Loop.Iterate(mayBlock: true);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private string InDirectory(string name) => Path.Combine(directory, name);

    private void Note(FileWatchSource source, FileEvent happened)
    {
        string who = source.Name.Length > 0 ? $"{source.Name}:" : "";
        Trace.Add($"{who}{happened.Events.ToString().Replace(" ", "", StringComparison.Ordinal)}:{happened.Name}");
    }

    private void NoteOverflow(FileWatchSource source, FileEvent happened)
    {
        if (happened.Is(FileEvents.Overflow))
        {
            Trace.Add(source.Name);
        }
    }
}
