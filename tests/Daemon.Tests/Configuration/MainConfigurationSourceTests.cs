using System;
using System.IO;
using System.Linq;
using Spindle.Daemon.Configuration;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Tests.Logging;
using Spindle.Daemon.Tests.Storage;
using Spindle.Kernels;

namespace Spindle.Daemon.Tests.Configuration;

public sealed class MainConfigurationSourceTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly RecordingSink sink = new();
    private readonly MainConfigurationSource source;

    public MainConfigurationSourceTests() =>
        source = new(new LinuxKernel(), directory.Path("main.conf"), new Log(sink));

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_missing_file_means_the_defaults_and_online_checks_among_them()
    {
        Assert.Equal(OnlineCheckMode.OneShot, source.Load().OnlineCheckMode);
        Assert.Contains("is not there, the defaults apply", Assert.Single(sink.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense\n", ":1: ")]
    [InlineData("[General]\nOnlineCheckMode=none\n[", ":3: ")]
    [InlineData("\0\u0001", ":1: ")]
    public void A_file_that_is_refused_means_the_defaults_and_is_said(string text, string place)
    {
        directory.Write("main.conf", text);
        Assert.Equal(OnlineCheckMode.OneShot, source.Load().OnlineCheckMode);
        Assert.Contains(sink.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(place, StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_in_the_files_place_means_the_defaults_and_is_said()
    {
        Directory.CreateDirectory(directory.Path("main.conf"));
        Assert.Equal(OnlineCheckMode.OneShot, source.Load().OnlineCheckMode);
        Assert.Contains("cannot be read: EISDIR", Assert.Single(sink.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_again_applies_what_can_be_applied_and_says_the_rest()
    {
        directory.Write("main.conf", "[General]\nOnlineCheckMode=none\n");
        source.Load();
        directory.Write("main.conf", "[General]\nOnlineCheckMode=continuous\nResolvConf=/x\n");
        sink.Lines.Clear();
        Assert.Equal(["OnlineCheckMode", "ResolvConf"], source.Reload().Select(change => change.Name));
        Assert.Equal(OnlineCheckMode.Continuous, source.Current.OnlineCheckMode);
        Assert.Null(source.Current.ResolvConf);
        Assert.Equal(2, sink.Lines.Count);
        Assert.EndsWith("takes effect at the next start", sink.Lines[1], StringComparison.Ordinal);

        // Said once, not at every SIGHUP from now on.
        Assert.Empty(source.Reload());
        Assert.Null(source.Current.ResolvConf);
    }

    [Fact]
    public void A_broken_file_read_again_changes_nothing()
    {
        directory.Write("main.conf", "[General]\nOnlineCheckMode=none\n");
        source.Load();
        directory.Write("main.conf", "[General\n");
        Assert.Empty(source.Reload());
        Assert.Equal(OnlineCheckMode.None, source.Current.OnlineCheckMode);
    }

    [Fact]
    public void A_removed_file_takes_its_values_back()
    {
        directory.Write("main.conf", "[General]\nOnlineCheckMode=none\n");
        source.Load();
        File.Delete(directory.Path("main.conf"));
        Assert.Equal("OnlineCheckMode", Assert.Single(source.Reload()).Name);
        Assert.Equal(OnlineCheckMode.OneShot, source.Current.OnlineCheckMode);
    }

    [Fact]
    public void Not_yet_is_said_once_however_often_the_file_is_read()
    {
        directory.Write("main.conf", "[General]\nEnable6to4=true\n");
        source.Load();
        source.Reload();
        source.Reload();
        Assert.Single(sink.Lines, line => line.Contains("not here yet", StringComparison.Ordinal));
    }
}
