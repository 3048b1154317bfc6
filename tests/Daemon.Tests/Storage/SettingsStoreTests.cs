using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Spindle.Basics;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Storage;
using Spindle.Daemon.Tests.Logging;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;

namespace Spindle.Daemon.Tests.Storage;

public sealed class SettingsStoreTests : IDisposable
{
    private const string Ident = "ethernet_020000000001_cable";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory directory = new();
    private readonly LinuxKernel kernel = new();
    private readonly EventLoop loop;
    private readonly RecordingSink sink = new();
    private readonly Log log;

    public SettingsStoreTests()
    {
        loop = new EventLoop(kernel);
        log = new Log(sink);
    }

    public void Dispose()
    {
        loop.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void What_was_stored_is_there_at_the_next_start()
    {
        SettingsStore store = Open();
        StoredLease lease = StoredLease.Of(StoredLeaseTests.Lease(1), LeaseClocks.Read(kernel, Instant.FromSeconds(2)));
        store.SaveGlobal(new GlobalSettings { OfflineMode = true, IsWiredEnabled = false });
        store.SaveService(Ident, new StoredService(new ServiceConfiguration { AutoConnect = false }));
        store.SaveLease(Ident, lease);
        Assert.False(directory.Has("store/settings"));
        Assert.True(Flush(store));

        SettingsStore next = Open();
        Assert.True(next.LoadGlobal().OfflineMode);
        Assert.False(next.LoadGlobal().IsWiredEnabled);
        (StoredService? service, StoredLease? stored) = Load(next);
        Assert.False(service!.Configuration.AutoConnect);
        Assert.Equal(lease, stored);
        Assert.Empty(sink.Lines);
    }

    [Fact]
    public void Files_are_for_root_alone()
    {
        SettingsStore store = Open();
        store.SaveGlobal(new GlobalSettings());
        store.SaveService(Ident, new StoredService(new ServiceConfiguration()));
        Assert.True(Flush(store));
        Assert.Equal(Owner, File.GetUnixFileMode(directory.Path("store/settings")));
        Assert.Equal(Owner, File.GetUnixFileMode(directory.Path($"store/{Ident}/settings")));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Path($"store/{Ident}")));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Path("store")));
        Assert.Equal(["settings"], Directory.GetFiles(directory.Path($"store/{Ident}")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_service_that_was_never_stored_has_nothing_and_gets_no_directory()
    {
        SettingsStore store = Open();
        (StoredService? service, StoredLease? lease) = Load(store);
        Assert.Null(service);
        Assert.Null(lease);
        store.SaveLease(Ident, null);
        Assert.True(store.Writer.IsIdle);
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path("store")));
    }

    [Fact]
    public void What_waits_to_be_written_is_what_is_read()
    {
        SettingsStore store = Open();
        store.SaveService(Ident, new StoredService(new ServiceConfiguration { MulticastDns = true }));
        Assert.True(Load(store).Service!.Configuration.MulticastDns);
    }

    [Theory]
    [InlineData("nonsense\n", "line 1")]
    [InlineData("[a]\nNam", "line 2")]
    [InlineData("[a]\n\0\0\0\0", "NUL")]
    public void A_torn_or_foreign_file_is_set_aside_and_said(string text, string reason)
    {
        directory.Write("store/settings", text);
        directory.Write($"store/{Ident}/settings", text);
        SettingsStore store = Open();
        Assert.False(store.LoadGlobal().OfflineMode);
        Assert.Null(Load(store).Service);
        Assert.Equal(text, directory.Read("store/settings.bad-1"));
        Assert.Equal(text, directory.Read($"store/{Ident}/settings.bad-1"));
        Assert.Equal(2, sink.Lines.Count);
        Assert.Contains(reason, sink.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith("it is now " + directory.Path("store/settings.bad-1"), sink.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Files_set_aside_do_not_replace_each_other_and_do_not_grow_without_end()
    {
        for (int i = 1; i <= 12; i++)
        {
            directory.Write("store/settings", $"bad {i}\n");
            Open().LoadGlobal();
        }

        Assert.Equal("bad 1\n", directory.Read("store/settings.bad-1"));
        Assert.Equal("bad 12\n", directory.Read("store/settings.bad-9"));
        Assert.Equal(9, Directory.GetFiles(directory.Path("store")).Length);
    }

    [Fact]
    public void A_directory_in_a_files_place_is_set_aside()
    {
        Directory.CreateDirectory(directory.Path("store/settings/x"));
        SettingsStore store = Open();
        store.LoadGlobal();
        Assert.True(directory.Has("store/settings.bad-1/x"));
        store.SaveGlobal(new GlobalSettings { OfflineMode = true });
        Assert.True(Flush(store));
        Assert.Contains("OfflineMode=true", directory.Read("store/settings"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_too_large_is_none_of_ours()
    {
        directory.Write("store/settings", new string('#', (1 << 20) + 1));
        Open().LoadGlobal();
        Assert.True(directory.Has("store/settings.bad-1"));
    }

    [Fact]
    public void A_value_that_makes_no_sense_is_said_with_its_line()
    {
        directory.Write($"store/{Ident}/settings", $"[{Ident}]\nName=Wired\nIPv4.method=bogus\n");
        Assert.NotNull(Load(Open()).Service);
        Assert.EndsWith("settings: line 3: the value of 'IPv4.method' is 'bogus', which is no method: left out", Assert.Single(sink.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_cannot_be_is_said_and_nothing_throws()
    {
        directory.Write("file", "");
        SettingsStore store = new(loop, directory.Path("file/store"), log, TimeSpan.Zero);
        Assert.Equal(Errno.ENOTDIR, store.Open().Error);
        Assert.False(store.LoadGlobal().OfflineMode);
        store.SaveGlobal(new GlobalSettings());
        Assert.False(Flush(store));
        Assert.Contains("settings are not kept", sink.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_leases_file_is_removed_with_the_lease()
    {
        SettingsStore store = Open();
        store.SaveLease(Ident, StoredLease.Of(StoredLeaseTests.Lease(1), LeaseClocks.Read(kernel, Instant.FromSeconds(2))));
        Assert.True(Flush(store));
        Assert.True(directory.Has($"store/{Ident}/lease"));
        store.SaveLease(Ident, null);
        Assert.True(Flush(store));
        Assert.False(directory.Has($"store/{Ident}/lease"));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    public void Idents_do_not_lead_out_of_the_directory(string ident) =>
        Assert.ThrowsAny<ArgumentException>(() => Open().SaveLease(ident, null));

    private SettingsStore Open()
    {
        SettingsStore store = new(loop, directory.Path("store"), log);
        Assert.True(store.Open().IsOk);
        return store;
    }

    private static (StoredService? Service, StoredLease? Lease) Load(SettingsStore store)
    {
        (StoredService?, StoredLease?)? loaded = null;
        store.LoadService(Ident, (service, lease) => loaded = (service, lease));
        Assert.NotNull(loaded);
        return loaded.Value;
    }

    private bool Flush(SettingsStore store)
    {
        bool? isWritten = null;
        store.Flush(TimeSpan.FromSeconds(10), ok => isWritten = ok);
        loop.Until(() => isWritten is not null);
        return isWritten!.Value;
    }
}
