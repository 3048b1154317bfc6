using System;
using System.Linq;

namespace Spindle.Loop.Oracle.Tests;

public sealed class DeliberateDifferenceTests : OracleTest
{
    public static TheoryData<string> Names { get; } = [.. DeliberateDifferences.All.Select(static difference => difference.What)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_difference_is_as_the_list_says(string what)
    {
        DeliberateDifferences.Difference difference = DeliberateDifferences.All.Single(one => one.What == what);
        Scenario scenario = Scenario.Parse(difference.Scenario);
        Assert.NotEmpty(difference.Why);
        Assert.NotEqual(difference.OnGlib, difference.Ours);
        Assert.Equal(difference.OnGlib, string.Join(", ", OnGlib(scenario)));
        Assert.Equal(difference.Ours, string.Join(", ", LoopInterpreter.Run(scenario)));
    }
}
