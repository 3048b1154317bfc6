using System;
using System.IO;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Storage;
using Spindle.Daemon.Tests.Logging;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Daemon.Tests.Storage;

public sealed class WriteBehindTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly EventLoop loop = new(new LinuxKernel());
    private readonly RecordingSink sink = new();

    public void Dispose()
    {
        loop.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void Versions_within_the_delay_become_one_write_of_the_last()
    {
        WriteBehind writer = Writer(TimeSpan.FromMilliseconds(50));
        Instant start = loop.Now;
        for (int i = 0; i < 100; i++)
        {
            writer.Put(directory.Path("a"), Encoding.UTF8.GetBytes($"{i}"));
        }

        Assert.False(directory.Has("a"));
        loop.Until(() => writer.IsIdle);
        Assert.True(loop.Now - start >= TimeSpan.FromMilliseconds(50));
        Assert.Equal("99", directory.Read("a"));
        Assert.False(directory.Has("a.new"));
    }

    [Fact]
    public void A_second_passes_before_a_write_unless_told_otherwise()
    {
        WriteBehind writer = new(loop, new Log(sink));
        Instant start = loop.Now;
        writer.Put(directory.Path("a"), [1]);
        loop.Until(() => writer.IsIdle);
        Assert.True(loop.Now - start >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_version_that_comes_while_one_is_being_written_is_written_after_it()
    {
        WriteBehind writer = Writer(TimeSpan.Zero);
        writer.Put(directory.Path("a"), new byte[1 << 20]);
        writer.Flush(TimeSpan.FromSeconds(10), _ => { });
        writer.Put(directory.Path("a"), [7]);
        loop.Until(() => writer.IsIdle);
        Assert.Equal("\a", directory.Read("a"));
    }

    [Fact]
    public void Every_version_order_ends_with_the_last()
    {
        WriteBehind writer = Writer(TimeSpan.Zero);
        for (int i = 0; i < 50; i++)
        {
            writer.Put(directory.Path("a"), Encoding.UTF8.GetBytes($"{i}"));
            writer.Put(directory.Path($"d/{i % 3}"), Encoding.UTF8.GetBytes($"{i}"));
            loop.Iterate(mayBlock: false);
        }

        loop.Until(() => writer.IsIdle);
        Assert.Equal("49", directory.Read("a"));
        Assert.Equal(["48", "49", "47"], new[] { "d/0", "d/1", "d/2" }.Select(directory.Read));
    }

    [Fact]
    public void A_write_that_fails_is_said_once_and_made_when_it_can_be()
    {
        directory.Write("d", "in the way");
        WriteBehind writer = Writer(TimeSpan.FromMilliseconds(5));
        writer.Put(directory.Path("d/a"), [65]);
        loop.Until(() => writer.Failures >= 3);
        Assert.Contains("cannot be written (ENOTDIR); it is tried again", Assert.Single(sink.Lines), StringComparison.Ordinal);
        Assert.False(writer.IsIdle);

        File.Delete(directory.Path("d"));
        loop.Until(() => writer.IsIdle);
        Assert.Equal("A", directory.Read("d/a"));
        Assert.EndsWith("is written now", sink.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_version_wins_over_one_that_failed()
    {
        directory.Write("d", "in the way");
        WriteBehind writer = Writer(TimeSpan.FromMilliseconds(5));
        writer.Put(directory.Path("d/a"), [65]);
        loop.Until(() => writer.Failures >= 1);
        writer.Put(directory.Path("d/a"), [66]);
        File.Delete(directory.Path("d"));
        loop.Until(() => writer.IsIdle);
        Assert.Equal("B", directory.Read("d/a"));
    }

    [Fact]
    public void Flushing_does_not_wait_for_the_delay()
    {
        WriteBehind writer = Writer(TimeSpan.FromHours(1));
        writer.Put(directory.Path("a"), [65]);
        bool? isWritten = null;
        writer.Flush(TimeSpan.FromSeconds(10), ok => isWritten = ok);
        Assert.Null(isWritten);
        loop.Until(() => isWritten is not null);
        Assert.True(isWritten);
        Assert.Equal("A", directory.Read("a"));
    }

    [Fact]
    public void Flushing_nothing_is_done_at_once()
    {
        bool? isWritten = null;
        Writer(TimeSpan.FromHours(1)).Flush(TimeSpan.FromSeconds(10), ok => isWritten = ok);
        Assert.True(isWritten);
    }

    [Fact]
    public void Flushing_tells_of_a_failure_instead_of_trying_for_ever()
    {
        directory.Write("d", "in the way");
        WriteBehind writer = Writer(TimeSpan.FromHours(1));
        writer.Put(directory.Path("d/a"), [65]);
        bool? isWritten = null;
        writer.Flush(TimeSpan.FromSeconds(10), ok => isWritten = ok);
        loop.Until(() => isWritten is not null);
        Assert.False(isWritten);
    }

    [Fact]
    public void Flushing_ends_when_its_time_is_over()
    {
        WriteBehind writer = Writer(TimeSpan.FromHours(1));
        writer.Put(directory.Path("a"), [65]);
        bool? isWritten = null;
        writer.Flush(TimeSpan.Zero, ok => isWritten ??= ok);
        loop.Until(() => isWritten is not null && writer.IsIdle);
        Assert.Equal("A", directory.Read("a"));
    }

    [Fact]
    public void Removing_what_is_not_there_is_no_failure()
    {
        directory.Write("a", "x");
        WriteBehind writer = Writer(TimeSpan.Zero);
        writer.Put(directory.Path("a"), null);
        writer.Put(directory.Path("b"), null);
        loop.Until(() => writer.IsIdle);
        Assert.False(directory.Has("a"));
        Assert.Equal(0, writer.Failures);
    }

    [Fact]
    public void What_a_crash_left_half_written_is_in_nobodys_way()
    {
        directory.Write("a", "old");
        File.CreateSymbolicLink(directory.Path("a.new"), directory.Write("other", "untouched"));
        WriteBehind writer = Writer(TimeSpan.Zero);
        writer.Put(directory.Path("a"), [65]);
        loop.Until(() => writer.IsIdle);
        Assert.Equal("A", directory.Read("a"));
        Assert.Equal("untouched", directory.Read("other"));
        Assert.False(directory.Has("a.new"));
    }

    [Fact]
    public void More_files_than_may_wait_are_refused_and_said()
    {
        WriteBehind writer = Writer(TimeSpan.FromHours(1));
        for (int i = 0; i < WriteBehind.FilesMax + 1; i++)
        {
            writer.Put(directory.Path($"{i}"), [1]);
        }

        writer.Put(directory.Path("0"), [2]);
        Assert.Contains($"{WriteBehind.FilesMax} files wait already", Assert.Single(sink.Lines), StringComparison.Ordinal);
    }

    private WriteBehind Writer(TimeSpan delay) => new(loop, new Log(sink), delay);
}
