using System;
using System.Collections.Generic;
using System.IO;
using Spindle.Kernels;

namespace Spindle.Loop.Tests.Cases;

/// <summary>What a read from inotify may look like.</summary>
public sealed class FileWatchReadTests : IDisposable
{
    private readonly CuttingKernel kernel = new();
    private readonly EventLoop loop;
    private readonly string directory = Directory.CreateTempSubdirectory("spindle-reads-").FullName;
    private readonly List<string> seen = [];

    public FileWatchReadTests() => loop = new EventLoop(kernel);

    [Theory]
    [InlineData(0)]
    [InlineData(15)] // a header but for its last octet
    [InlineData(16)]
    [InlineData(31)] // a header and its name but for the last octet of it
    public void An_event_that_is_cut_off_is_left_alone_and_the_next_one_is_told(int length)
    {
        loop.AddFileWatch(directory, FileEvents.Created, (_, happened) => seen.Add(happened.Name));
        kernel.Length = length;
        File.WriteAllText(Path.Combine(directory, "cut"), "");
        loop.Iterate(mayBlock: true);
        Assert.Empty(seen);
        kernel.Length = int.MaxValue;
        File.WriteAllText(Path.Combine(directory, "whole"), "");
        while (seen.Count == 0)
        {
            loop.Iterate(mayBlock: true);
        }

        Assert.Equal(["whole"], seen);
    }

    [Fact]
    public void Events_of_a_watch_that_is_no_more_are_nobodys()
    {
        FileWatchSource first = loop.AddFileWatch(directory, FileEvents.Created, (_, happened) => seen.Add($"first {happened.Name}"));
        string other = Directory.CreateDirectory(Path.Combine(directory, "other")).FullName;
        loop.AddFileWatch(other, FileEvents.Created, (_, happened) => seen.Add($"second {happened.Name}"));
        File.WriteAllText(Path.Combine(directory, "a"), "");
        File.WriteAllText(Path.Combine(other, "b"), "");
        first.Remove();
        while (seen.Count == 0)
        {
            loop.Iterate(mayBlock: true);
        }

        Assert.Equal(["second b"], seen);
    }

    public void Dispose()
    {
        loop.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Reads of inotify are cut.</summary>
    private sealed class CuttingKernel : LinuxKernel
    {
        private int inotify = -1;

        public int Length { get; set; } = int.MaxValue;

        public override Result InotifyCreate()
        {
            Result made = base.InotifyCreate();
            inotify = made.Int;
            return made;
        }

        public override Result Read(int fd, Span<byte> destination)
        {
            Result read = base.Read(fd, destination);
            return fd == inotify && read.IsOk ? Result.Ok(Math.Min(read.Value, Length)) : read;
        }
    }
}
