using System;
using System.Globalization;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Daemon.Libvirt;

/// <summary>The speed of a link, which netlink does not tell.</summary>
internal static class LinkSpeed
{
    /// <summary>Mbit/s; 0 if the driver does not say. Waits for the driver.</summary>
    public static uint Read(Kernel kernel, string name)
    {
        if (name.Contains('/') || name is "." or "..")
        {
            return 0;
        }

        Span<byte> octets = stackalloc byte[32];
        Result read = kernel.ReadFile($"/sys/class/net/{name}/speed", octets);
        string text = Encoding.ASCII.GetString(octets[..read.Int]).Trim();

        // -1: unknown.
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint speed) ? speed : 0;
    }
}
