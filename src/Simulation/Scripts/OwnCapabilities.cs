using System;
using System.Globalization;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Simulation.Scripts;

/// <summary>What this process may do on the running kernel, which a script's process may do in the model then too.</summary>
internal static class OwnCapabilities
{
    private const int NetworkAdministrationBit = 12; // CAP_NET_ADMIN
    private const int ResourceBit = 24; // CAP_SYS_RESOURCE
    private const string Label = "CapEff:";

    private static readonly Lazy<ulong> Effective = new(Read);

    /// <summary>CAP_SYS_RESOURCE: pipes of more than <c>/proc/sys/fs/pipe-max-size</c>.</summary>
    public static bool HasResource => (Effective.Value >> ResourceBit & 1) != 0;

    /// <summary>CAP_NET_ADMIN: busy polls of any budget.</summary>
    public static bool HasNetworkAdministration => (Effective.Value >> NetworkAdministrationBit & 1) != 0;

    private static ulong Read()
    {
        StringBuilder text = new();
        new RunningFiles(new LinuxKernel()).ReadText("/proc/self/status", text);
        foreach (string line in text.ToString().Split('\n'))
        {
            if (line.StartsWith(Label, StringComparison.Ordinal))
            {
                return ulong.Parse(line.AsSpan(Label.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
