using System;
using System.Globalization;

namespace Spindle.Loop.Oracle.Tests;

public sealed class RandomScenarioTests : OracleTest
{
    private static readonly uint SeedsFrom = Number("ORACLE_SEED", 1);
    private static readonly uint SeedsCount = Number("ORACLE_SEEDS", 2000);

    /// <summary>ORACLE_SEED=n ORACLE_SEEDS=1 replays one.</summary>
    [Fact]
    public void Random_scenarios_are_dispatched_as_GLib_dispatches_them()
    {
        for (uint seed = SeedsFrom; seed < SeedsFrom + SeedsCount; seed++)
        {
            Scenario scenario = ScenarioGenerator.Generate(seed);
            if (Differs(scenario))
            {
                Scenario small = Shrinker.Shrink(scenario, Differs);
                Assert.Fail($"Seed {seed} is dispatched differently. The smallest scenario of it that is:\n{Report(small)}");
            }
        }
    }

    private static uint Number(string name, uint otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? uint.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
