using System;
using System.Diagnostics.CodeAnalysis;

namespace Spindle.Daemon.Libvirt;

/// <summary>What a build of the daemon can leave out.</summary>
internal static class LibvirtFeatures
{
    /// <summary>TLS, which is half of the executable and a megabyte of memory even where nobody listens: <c>-p:SpindleTls=false</c>
    /// leaves it out.</summary>
    [FeatureSwitchDefinition("Spindle.LibvirtTls")]
    public static bool HasTls => !AppContext.TryGetSwitch("Spindle.LibvirtTls", out bool isIn) || isIn;
}
