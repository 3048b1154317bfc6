using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Provisioning;
using Spindle.Daemon.Tests.Logging;
using Spindle.Daemon.Tests.Storage;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;

namespace Spindle.Daemon.Tests.Provisioning;

public sealed class ProvisioningDirectoryTests : IDisposable
{
    private const string Good = "[service_a]\nType=ethernet\n";

    private readonly TemporaryDirectory directory = new();
    private readonly EventLoop loop = new(new LinuxKernel());
    private readonly RecordingSink sink = new();
    private readonly ProvisioningDirectory provisioning;
    private string? seen;

    public ProvisioningDirectoryTests()
    {
        provisioning = new(loop, directory.Path("store"), new Log(sink))
        {
            Changed = services => seen = Show(services),
        };
        Directory.CreateDirectory(directory.Path("store"));
    }

    public void Dispose()
    {
        loop.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void What_is_there_at_the_start_is_read_in_the_order_of_the_names()
    {
        directory.Write("store/b.config", "[service_1]\nType=ethernet\n[service_0]\nType=ethernet\n");
        directory.Write("store/a.config", Good);
        directory.Write("store/settings", "[global]\n");
        Assert.Equal("a/a b/1 b/0", Show(provisioning.Start()));
        Assert.Null(seen);
    }

    [Fact]
    public void A_missing_directory_is_made_for_root_alone()
    {
        ProvisioningDirectory other = new(loop, directory.Path("x/y"), new Log(sink));
        Assert.Empty(other.Start());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Path("x/y")));
        Assert.Empty(sink.Lines);
    }

    [Fact]
    public void A_new_file_takes_effect_at_once_and_a_removed_one_is_taken_back()
    {
        provisioning.Start();
        directory.Write("store/a.config", Good);
        loop.Until(() => seen == "a/a");
        File.Delete(directory.Path("store/a.config"));
        loop.Until(() => seen == "");
    }

    [Fact]
    public void A_file_renamed_into_place_or_out_of_it_counts()
    {
        provisioning.Start();
        File.Move(directory.Write("store/a.tmp", Good), directory.Path("store/a.config"));
        loop.Until(() => seen == "a/a");
        File.Move(directory.Path("store/a.config"), directory.Path("store/b.config"));
        loop.Until(() => seen == "b/a");
        File.Move(directory.Path("store/b.config"), directory.Path("b.config"));
        loop.Until(() => seen == "");
    }

    [Fact]
    public void A_link_to_a_file_counts()
    {
        provisioning.Start();
        File.CreateSymbolicLink(directory.Path("store/a.config"), directory.Write("elsewhere", Good));
        loop.Until(() => seen == "a/a");
    }

    [Fact]
    public void A_broken_file_is_refused_with_line_and_reason_and_the_last_good_one_stays()
    {
        provisioning.Start();
        directory.Write("store/a.config", Good);
        loop.Until(() => seen == "a/a");
        seen = null;
        directory.Write("store/a.config", Good + "IPv4=nonsense\n");
        loop.Until(() => provisioning.Refusals > 0);
        Assert.Equal("a/a", Show(provisioning.Services));
        Assert.Null(seen);
        string line = sink.Lines.Single(text => text.StartsWith("Error", StringComparison.Ordinal));
        Assert.Contains("a.config is refused: line 3: the value of 'IPv4' is 'nonsense'", line, StringComparison.Ordinal);
        Assert.EndsWith("; what it said before stays", line, StringComparison.Ordinal);

        directory.Write("store/a.config", Good.Replace("_a", "_b", StringComparison.Ordinal));
        loop.Until(() => seen == "a/b");
    }

    [Fact]
    public void A_file_half_written_is_not_looked_at_before_it_is_closed()
    {
        provisioning.Start();
        directory.Write("store/a.config", Good);
        loop.Until(() => seen == "a/a");
        seen = null;
        using (FileStream stream = new(directory.Path("store/b.config"), FileMode.CreateNew))
        {
            stream.Write("[service_b]\nTy"u8);
            stream.Flush();
            loop.Iterate(mayBlock: false);
            loop.Iterate(mayBlock: false);
            Assert.Equal(0, provisioning.Refusals);
            Assert.Null(seen);
            stream.Write("pe=ethernet\n"u8);
        }

        loop.Until(() => seen == "a/a b/b");
        Assert.Equal(0, provisioning.Refusals);
    }

    [Fact]
    public void A_file_written_again_with_the_same_content_changes_nothing()
    {
        provisioning.Start();
        directory.Write("store/a.config", Good);
        loop.Until(() => seen == "a/a");
        seen = null;
        directory.Write("store/a.config", Good);
        directory.Write("store/z.config", Good);
        loop.Until(() => seen is not null);
        Assert.Equal("a/a z/a", seen);
        Assert.Single(sink.Lines, line => line.Contains("a.config: 1 wired", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_that_ConnMan_would_not_take_are_refused()
    {
        directory.Write("store/a-b.config", Good);
        Assert.Empty(provisioning.Start());
        Assert.Contains("letters and digits", Assert.Single(sink.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void More_files_than_may_be_are_refused()
    {
        for (int i = 0; i <= ProvisioningDirectory.FilesMax; i++)
        {
            directory.Write($"store/f{i:d4}.config", Good);
        }

        Assert.Equal(ProvisioningDirectory.FilesMax, provisioning.Start().Length);
        Assert.Equal(1, provisioning.Refusals);
    }

    [Fact]
    public void A_directory_that_goes_away_is_made_anew_and_followed()
    {
        directory.Write("store/a.config", Good);
        provisioning.Start();
        Directory.Delete(directory.Path("store"), recursive: true);
        loop.Until(() => seen == "");
        directory.Write("store/b.config", Good);
        loop.Until(() => seen == "b/a");
    }

    [Fact]
    public void A_directory_that_is_moved_away_is_made_anew_and_followed()
    {
        directory.Write("store/a.config", Good);
        provisioning.Start();
        Directory.Move(directory.Path("store"), directory.Path("old"));
        loop.Until(() => seen == "" && directory.Has("store"));
        directory.Write("old/a.config", Good + "DeviceName=x\n");
        directory.Write("store/b.config", Good);
        loop.Until(() => seen == "b/a");
    }

    [Fact]
    public void Lost_events_and_the_end_of_the_directory_are_told_apart_from_files()
    {
        DirectoryEvents events = new();
        events.Add(new FileEvent(FileEvents.ClosedWritable, "a.config", 0));
        Assert.Equal(["a.config"], events.Names);
        Assert.False(events.IsOverflown || events.IsDirectoryGone);
        events.Add(new FileEvent(FileEvents.Overflow, "", 0));
        Assert.True(events.IsOverflown && !events.IsDirectoryGone);
        events.Add(new FileEvent(FileEvents.Ended, "", 0));
        Assert.True(events.IsOverflown && events.IsDirectoryGone);
        Assert.Equal(["a.config"], events.Names);
    }

    [Fact]
    public void What_was_made_and_then_written_is_written()
    {
        DirectoryEvents events = new();
        foreach ((FileEvents what, string name) in new[]
        {
            (FileEvents.Created, "a"), (FileEvents.Created, "b"), (FileEvents.ClosedWritable, "a"), (FileEvents.ClosedWritable, "c"),
            (FileEvents.Created, "c"),
        })
        {
            events.Add(new FileEvent(what, name, 0));
        }

        Assert.Equal(["a", "b", "c"], events.Names);
        Assert.Equal(["b"], events.CreatedNames);
    }

    [Fact]
    public void A_burst_of_events_is_told_once()
    {
        provisioning.Start();
        int changes = 0;
        provisioning.Changed = services => (changes, seen) = (changes + 1, Show(services));
        for (int index = 0; index < 20; index++)
        {
            directory.Write($"store/f{index:00}.config", Good);
        }

        File.Move(directory.Path("store/f00.config"), directory.Path("store/z.config"));
        loop.Until(() => seen is not null && seen.EndsWith("z/a", StringComparison.Ordinal));
        Assert.Equal(20, seen!.Split(' ').Length);
        Assert.Equal(1, changes);
    }

    [Fact]
    public void When_events_were_lost_the_directory_is_read_again()
    {
        directory.Write("store/a.config", Good);
        provisioning.Start();
        int limit = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"), null);
        string other = directory.Path("store/other");
        for (int index = 0; index <= limit / 2; index++)
        {
            // Two events that say nothing of the file which changes behind them, unseen.
            File.Move(directory.Path("store/a.config"), other);
            File.Move(other, directory.Path("store/a.config"));
        }

        directory.Write("store/b.config", Good);
        File.Delete(directory.Path("store/a.config"));
        loop.Until(() => seen == "b/a");
    }

    private static string Show(ImmutableArray<ProvisionedService> services) =>
        string.Join(' ', services.Select(service => $"{service.File}/{service.Entry}"));
}
