using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Settings.Checking;

namespace Spindle.Simulation.Network;

/// <summary>The model's settings of links against the running kernel's. Needs root or a user namespace, and says so if it has
/// neither.</summary>
[Collection("running kernel")]
public sealed class SettingCheckTests
{
    [Fact]
    public void Model_and_running_kernel_make_the_same_of_random_settings()
    {
        NamespaceSummary summary = new NamespaceCheck { Subject = CheckSubject.Settings, Sequences = 40, Seed = 1, Workers = 20, Shrinks = false }.Run();
        Assert.True(summary.Found is null, $"seed {summary.FoundSeed}:\n{summary.Found}");
        Assert.Equal(40, summary.Sequences);
    }

    [Fact]
    public void Equal_seeds_make_equal_sequences()
    {
        Assert.Equal(SettingGenerator.Make(7).ConvertAll(step => step.Text), SettingGenerator.Make(7).ConvertAll(step => step.Text));
    }
}
