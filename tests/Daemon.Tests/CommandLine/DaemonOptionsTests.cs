using System;
using System.IO;
using System.Linq;
using Spindle.Daemon.CommandLine;

namespace Spindle.Daemon.Tests.CommandLine;

public sealed class DaemonOptionsTests
{
    [Fact]
    public void Without_options_everything_is_as_connmand_has_it()
    {
        DaemonOptions options = Parse("");
        Assert.Equal("/etc/connman/main.conf", options.ConfigurationFile);
        Assert.Equal("/var/lib/connman", options.StorageDirectory);
        Assert.False(options.IsDebug || options.IsForeground || options.IsWithoutDnsProxy || options.IsVersionWanted || options.IsHelpWanted);
        Assert.Empty(options.Devices.Concat(options.NoDevices).Concat(options.DebugGlobs).Concat(options.Remarks));
    }

    [Theory]
    [InlineData("-nr")]
    [InlineData("-rn")]
    [InlineData("-n -r")]
    [InlineData("--nodaemon --nodnsproxy")]
    [InlineData("-n --nodnsproxy")]
    public void Letters_are_bundled_or_not(string line)
    {
        DaemonOptions options = Parse(line);
        Assert.True(options.IsForeground && options.IsWithoutDnsProxy);
    }

    [Theory]
    [InlineData("-c /a")]
    [InlineData("-c/a")]
    [InlineData("-nc /a")]
    [InlineData("--config=/a")]
    [InlineData("--config /a")]
    [InlineData("-c /b -c /a")]
    public void A_value_comes_with_the_option_or_behind_it(string line) => Assert.Equal("/a", Parse(line).ConfigurationFile);

    [Theory]
    [InlineData("-d", "")]
    [InlineData("-d -n", "")]
    [InlineData("-dn", "")]
    [InlineData("--debug --nodaemon", "")]
    [InlineData("-d dhcp*,net", "dhcp*,net")]
    [InlineData("-d dhcp* -n", "dhcp*")]
    [InlineData("--debug=dhcp*", "dhcp*")]
    [InlineData("--debug dhcp*", "dhcp*")]
    public void The_value_of_debug_may_be_missing(string line, string globs)
    {
        DaemonOptions options = Parse(line);
        Assert.True(options.IsDebug);
        Assert.Equal(globs, string.Join(",", options.DebugGlobs));
        Assert.Equal(line.Contains('n', StringComparison.Ordinal) && !line.Contains("net", StringComparison.Ordinal), options.IsForeground);
    }

    [Fact]
    public void Links_are_lists_of_globs_that_add_up()
    {
        DaemonOptions options = Parse("-i eth*,,lan0 --device=wan -I eth9,docker*");
        Assert.Equal(["eth*", "lan0", "wan"], options.Devices.ToArray());
        Assert.Equal(["eth9", "docker*"], options.NoDevices.ToArray());
    }

    [Fact]
    public void Options_that_do_nothing_say_so_once()
    {
        DaemonOptions options = Parse("-p a -p b -P c -W nl80211 --nobacktrace --wifi=x --plugin d");
        Assert.Equal(6, options.Remarks.Length);
        Assert.All(options.Remarks, remark => Assert.Contains("does nothing", remark, StringComparison.Ordinal));
        Assert.Contains(options.Remarks, remark => remark.Contains("Wi-Fi is not here", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-x", "unknown option '-x'")]
    [InlineData("-nx", "unknown option '-x' in '-nx'")]
    [InlineData("--nodeamon", "did you mean '--nodaemon'?")]
    [InlineData("--stor=/a", "did you mean '--storage-dir'?")]
    [InlineData("--frobnicate", "unknown option '--frobnicate'\n")]
    [InlineData("-c", "option '-c' needs a value (FILE)")]
    [InlineData("--config=", "option '--config' needs a value (FILE)")]
    [InlineData("--nodaemon=yes", "takes no value")]
    [InlineData("eth0", "'eth0' is not an option")]
    [InlineData("-n -- -r", "unknown option '--'")]
    [InlineData("-", "'-' is not an option")]
    public void A_mistake_is_named_with_a_hint(string line, string reason)
    {
        Assert.False(DaemonOptionsParser.TryParse(Split(line), out DaemonOptions? options, out string error));
        Assert.Null(options);
        Assert.StartsWith("spindled: ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.EndsWith("Try 'spindled --help'.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Relative_paths_are_made_absolute_since_the_daemon_changes_its_directory()
    {
        Assert.True(DaemonOptionsParser.TryParse(["-c", "main.conf", "--storage-dir", "../s"], out DaemonOptions? options, out _, "/home/x"));
        Assert.Equal("/home/x/main.conf", options.ConfigurationFile);
        Assert.Equal("/home/s", options.StorageDirectory);
    }

    [Fact]
    public void Version_and_help_are_asked_for()
    {
        Assert.True(Parse("-v").IsVersionWanted && Parse("--version").IsVersionWanted);
        Assert.True(Parse("-h").IsHelpWanted && Parse("--help").IsHelpWanted);
    }

    [Fact]
    public void The_help_fits_a_terminal_and_names_every_option()
    {
        string help = DaemonOptionsParser.Help();
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 80, line));
        foreach (string name in (string[])["-c, --config=FILE", "-d, --debug[=AREA,..]", "-i, --device", "-I, --nodevice", "-p, --plugin",
            "-P, --noplugin", "-W, --wifi", "-n, --nodaemon", "-r, --nodnsproxy", "--nobacktrace", "-v, --version", "-h, --help", "--storage-dir=DIR"])
        {
            Assert.Contains(name, help, StringComparison.Ordinal);
        }
    }

    private static DaemonOptions Parse(string line)
    {
        Assert.True(DaemonOptionsParser.TryParse(Split(line), out DaemonOptions? options, out string error), error);
        Assert.Empty(error);
        return options;
    }

    private static string[] Split(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
