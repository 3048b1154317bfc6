using System.Collections.Generic;
using System.Collections.Immutable;

namespace Spindle.Daemon.Configuration;

/// <summary>A key whose value differs between two readings of main.conf.</summary>
/// <param name="Name">The key.</param>
/// <param name="Effect">When the change takes effect.</param>
/// <param name="Before">The value that was.</param>
/// <param name="After">The value that is.</param>
public sealed record MainKeyChange(string Name, MainKeyEffect Effect, string Before, string After)
{
    /// <summary>A line for the log.</summary>
    public override string ToString() => $"{Name}: '{Before}' -> '{After}'" + Effect switch
    {
        MainKeyEffect.Live => "",
        MainKeyEffect.Restart => ", takes effect at the next start",
        MainKeyEffect.NotYet => ", has no effect yet",
    };
}

/// <summary>What SIGHUP has to do.</summary>
public static class MainConfigurationChanges
{
    /// <summary>The keys that differ, in the order of the documentation.</summary>
    public static ImmutableArray<MainKeyChange> Between(MainConfiguration before, MainConfiguration after)
    {
        List<MainKeyChange> changes = [];
        Compare(MainKeys.All, before, after, changes);
        if (before.Libvirt != after.Libvirt)
        {
            Compare(LibvirtKeys.All, before, after, changes);
        }

        return [.. changes];
    }

    private static void Compare(
        MainKey[] keys, MainConfiguration before, MainConfiguration after, List<MainKeyChange> changes)
    {
        foreach (MainKey key in keys)
        {
            string was = key.Show(before);
            string now = key.Show(after);
            if (was != now)
            {
                changes.Add(new(key.Name, key.Effect, was, now));
            }
        }
    }

    /// <summary>The new configuration with the old values of the keys that need a restart.</summary>
    public static MainConfiguration LivePart(MainConfiguration before, MainConfiguration after) => after with
    {
        DefaultEnabledTechnologies = before.DefaultEnabledTechnologies,
        ResolvConf = before.ResolvConf,
        Libvirt = before.Libvirt?.WithLivePartOf(after.Libvirt ?? new()),
    };
}
