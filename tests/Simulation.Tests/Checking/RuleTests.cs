using System.Linq;

namespace Spindle.Simulation.Checking;

/// <summary>Each rule of the kernel that the model follows has a mistake on purpose that breaks it.</summary>
public sealed class RuleTests
{
    [Fact]
    public void Every_mistake_breaks_one_rule()
    {
        Mutation[] named = [.. MutationRules.All.SelectMany(rule => rule.Mutations)];
        Assert.Equal(named.Length, named.Distinct().Count());
        Assert.Equal(MutationProof.All.Order(), named.Order());
    }

    [Theory]
    [InlineData("1.3 ", 14)]
    [InlineData("1.4 ", 6)]
    [InlineData("1.5 ", 10)]
    [InlineData("1.6 ", 9)]
    [InlineData("1.7 ", 3)]
    [InlineData("1.8 ", 3)]
    [InlineData("1.9 ", 5)]
    [InlineData("1.10 ", 2)]
    [InlineData("1.11 ", 23)]
    public void Every_section_has_rules_that_are_broken(string section, int atLeast)
    {
        Assert.InRange(MutationRules.All.Count(rule => rule.Rule.StartsWith(section, System.StringComparison.Ordinal)), atLeast, 99);
    }

    [Theory]
    [InlineData("pipe write")]
    [InlineData("pipe read")]
    [InlineData("pipe close")]
    [InlineData("FIFO open")]
    [InlineData("pipe storage")]
    [InlineData("eventfd")]
    [InlineData("timerfd expiry")]
    [InlineData("signalfd")]
    [InlineData("unix send")]
    [InlineData("unix recv")]
    [InlineData("unix shutdown")]
    [InlineData("unix close")]
    [InlineData("unix connect")]
    [InlineData("TCP data")]
    [InlineData("TCP FIN")]
    [InlineData("TCP RST")]
    [InlineData("TCP write space")]
    [InlineData("TCP listener")]
    [InlineData("UDP")]
    [InlineData("netlink")]
    [InlineData("inotify event")]
    [InlineData("pidfd exit")]
    [InlineData("unix dgram")]
    public void Every_row_of_the_wake_table_is_broken_by_a_mistake(string row)
    {
        Assert.Contains(MutationRules.All, rule => rule.Rule == "1.11 " + row && rule.Mutations.Count > 0);
    }
}
