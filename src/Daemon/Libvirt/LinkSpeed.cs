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

        Result file = kernel.Open($"/sys/class/net/{name}/speed", FileFlags.Read);
        if (!file.IsOk)
        {
            return 0;
        }

        Span<byte> octets = stackalloc byte[32];
        Result read = kernel.Read(file.Int, octets);
        kernel.Close(file.Int);
        string text = Encoding.ASCII.GetString(octets[..(read.IsOk ? read.Int : 0)]).Trim();

        // -1: unknown.
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint speed) ? speed : 0;
    }
}
