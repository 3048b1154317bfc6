using System;

namespace Spindle.Programs.Net.Tests;

public sealed class NetArgumentsTests
{
    [Fact]
    public void What_makes_a_world_can_be_said_again_as_it_was()
    {
        Assert.True(NetArguments.TryParse(
            ["--seed", "5", "--seeds", "3", "--days", "0.5", "--links", "3", "--faults", "10", "--quiet"], out NetArguments? parsed, out _));
        Assert.Equal((5ul, (UInt128)8, TimeSpan.FromHours(12)), (parsed.Options.Seed, parsed.End, parsed.Options.Span));
        Assert.True(NetArguments.TryParse(parsed.Text().Split(' ', StringSplitOptions.RemoveEmptyEntries), out NetArguments? again, out _));
        Assert.Equal(parsed.Options with { Seed = 1 }, again.Options);
    }

    [Theory]
    [InlineData("--seed")]
    [InlineData("--seed", "x")]
    [InlineData("--seeds", "0")]
    [InlineData("--days", "-1")]
    [InlineData("--days", "1e9")]
    [InlineData("--links", "33")]
    [InlineData("--without", "1,,2")]
    [InlineData("--speed", "1")]
    [InlineData("--seed", "18446744073709551615", "--seeds", "2")]
    public void Nonsense_is_refused_with_its_words(params string[] arguments)
    {
        Assert.False(NetArguments.TryParse(arguments, out _, out string complaint));
        Assert.Contains(arguments[0], complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_seed_of_all_is_one()
    {
        Assert.True(NetArguments.TryParse(["--seed", "18446744073709551615"], out NetArguments? parsed, out _));
        Assert.Equal((UInt128)1, parsed.End - parsed.Options.Seed);
    }
}
