using System;
using System.Globalization;

namespace Spindle.Loop.Oracle.Tests;

public sealed class RandomScenarioTests : OracleTest
{
    private static readonly uint SeedsFrom = Number("ORACLE_SEED", 1);
    private static readonly uint SeedsCount = Number("ORACLE_SEEDS", 2000);
    private const uint SeedsOfOtherWays = 500;

    /// <summary>ORACLE_SEED=n ORACLE_SEEDS=1 replays one.</summary>
    [Theory]
    [InlineData(WaitingBy.Epoll)]
    [InlineData(WaitingBy.Poll)]
    [InlineData(WaitingBy.Select)]
    [InlineData(WaitingBy.IoUring)]
    public void Random_scenarios_are_dispatched_as_GLib_dispatches_them(WaitingBy waiting)
    {
        uint count = waiting == WaitingBy.Epoll ? SeedsCount : Math.Min(SeedsCount, SeedsOfOtherWays);
        for (uint seed = SeedsFrom; seed < SeedsFrom + count; seed++)
        {
            Scenario scenario = ScenarioGenerator.Generate(seed);
            if (Differs(scenario, waiting))
            {
                Scenario small = Shrinker.Shrink(scenario, fewer => Differs(fewer, waiting));
                Assert.Fail(
                    $"Seed {seed} is dispatched differently ({waiting}). The smallest scenario of it:\n{Report(small, waiting)}");
            }
        }
    }

    private static uint Number(string name, uint otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? uint.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
