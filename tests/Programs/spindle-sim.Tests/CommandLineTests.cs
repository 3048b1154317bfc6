using System;

namespace Spindle.Programs.Net.Tests;

/// <summary>What the program says of its command line; nothing here plays a sequence.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("epoll", "--help")]
    [InlineData("check", "--help")]
    [InlineData("netlink", "--help")]
    [InlineData("packets", "--help")]
    [InlineData("tunnels", "-h")]
    [InlineData("settings", "--help")]
    [InlineData("routers", "--help")]
    [InlineData("proof", "--help")]
    [InlineData("sweep", "--help")]
    [InlineData("net", "--help")]
    public void Help_can_be_had_everywhere(params string[] arguments) => Assert.Equal(ExitStatus.Done, Program.Main(arguments));

    [Theory]
    [InlineData("check", "--sequences", "0")]
    [InlineData("check", "--sequences", "-1")]
    [InlineData("check", "--kind", "99")]
    [InlineData("check", "--kind", "1")]
    [InlineData("check", "--mutation", "500")]
    [InlineData("check", "--mutation", "-1")]
    [InlineData("check", "--mutation", "None,AddQueuesAtHead")]
    [InlineData("netlink", "--sequences", "0")]
    [InlineData("routers", "--sequences", "0")]
    [InlineData("proof", "now")]
    [InlineData("sweep", "--only", "Write:1:7:ENOSPC")]
    [InlineData("net", "--seed", "18446744073709551615", "--seeds", "2")]
    [InlineData("frob", "--help")]
    public void What_would_play_nothing_or_nonsense_is_refused(params string[] arguments) => Assert.Equal(ExitStatus.Wrong, Program.Main(arguments));

    [Fact]
    public void The_help_names_every_kind_of_sequence() => Assert.All(
        Enum.GetNames<Simulation.Checking.SequenceKind>(),
        static kind => Assert.Contains(kind, Program.Help, StringComparison.OrdinalIgnoreCase));
}
