using System;
using System.Globalization;

namespace Spindle.Loop.Tests;

/// <summary>Timers in a loop against a sorted list. <c>SPINDLE_TIMER_SEEDS</c> says how many seeds a case has.</summary>
public sealed class TimerModelTests
{
    private static readonly int Seeds =
        Environment.GetEnvironmentVariable("SPINDLE_TIMER_SEEDS") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 40;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_timers_are_called_when_they_must_be(int part)
    {
        int calls = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using TimerModel model = new((seed * 4) + part);
            model.Run(steps: 120);
            calls += model.Calls;
        }

        Assert.True(calls > Seeds * 100, $"only {calls} calls");
    }
}
