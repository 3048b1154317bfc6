using System;
using Spindle.Daemon.Configuration;
using Spindle.Daemon.Storage;
using Spindle.Kernels;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Libvirt;

/// <summary>TLS is half of an executable that has it, and a megabyte of memory even where nobody listens. So it is in an executable of its
/// own, which a daemon without it becomes at its start if main.conf wants the libvirt door to listen for TLS.</summary>
public static class TlsBuild
{
    /// <summary>How the name of that executable ends; it lies beside ours.</summary>
    public const string Suffix = "-tls";

    /// <summary>The executable to become, before anything is open; null: this one has all that is wanted.</summary>
    /// <param name="kernel">The system.</param>
    /// <param name="configurationFile">main.conf. What is wrong with it is said by who reads it for good.</param>
    public static string? Find(Kernel kernel, string configurationFile)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return !LibvirtFeatures.HasTls && IsWanted(kernel, configurationFile) && kernel.ReadLink("/proc/self/exe", out string own).IsOk
            ? own + Suffix
            : null;
    }

    internal static bool IsWanted(Kernel kernel, string configurationFile) =>
        kernel.ReadFile(configurationFile, KeyFileDocument.SizeMax, out byte[] octets).IsOk
        && octets.AsSpan().IndexOf("listen_tls"u8) >= 0 // the rest is for the few who have it
        && MainConfigurationParser.TryParse(configurationFile, octets, out MainConfiguration? configuration, out _)
        && configuration.Libvirt is { IsEnabled: true, IsTlsWanted: true };
}
