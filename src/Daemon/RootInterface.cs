using System;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Daemon;

/// <summary>Finds the link that carries the root file system, which nobody may touch.</summary>
internal static class RootInterface
{
    /// <summary>The link named by the kernel's command line for a root on the network; null: none.</summary>
    public static string? Find(Kernel kernel)
    {
        Span<byte> octets = stackalloc byte[4096];
        Result read = kernel.ReadFile("/proc/cmdline", octets);
        return read.IsOk ? Find(Encoding.UTF8.GetString(octets[..read.Int])) : null;
    }

    /// <summary>The same, from the command line's text (<c>root=/dev/nfs ip=…:eth0:…</c>).</summary>
    public static string? Find(string commandLine)
    {
        bool isOnNetwork = false;
        string? link = null;
        foreach (string word in commandLine.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            isOnNetwork |= word is "root=/dev/nfs" || word.StartsWith("nfsroot=", StringComparison.Ordinal);
            if (word.StartsWith("ip=", StringComparison.Ordinal))
            {
                // ip=client:server:gateway:netmask:hostname:device:autoconf
                string[] fields = word["ip=".Length..].Split(':');
                link = fields.Length > 5 && fields[5].Length > 0 ? fields[5] : null;
            }
        }

        return isOnNetwork ? link : null;
    }
}
