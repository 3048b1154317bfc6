using System;
using System.Diagnostics.CodeAnalysis;

namespace Spindle.Daemon.Libvirt;

/// <summary>What a build of the daemon can leave out.</summary>
internal static class LibvirtFeatures
{
    /// <summary>TLS: <c>-p:SpindleTls=true</c> makes the executable that has it. See <see cref="TlsBuild"/>.</summary>
    [FeatureSwitchDefinition("Spindle.LibvirtTls")]
    public static bool HasTls => !AppContext.TryGetSwitch("Spindle.LibvirtTls", out bool isIn) || isIn;
}
