using System;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Daemon.Storage;

/// <summary>One moment on all clocks that a stored lease needs.</summary>
/// <param name="Client">On the DHCP client's clock.</param>
/// <param name="Wall">CLOCK_REALTIME; may have been stepped since.</param>
/// <param name="Boottime">CLOCK_BOOTTIME; begins anew at each boot.</param>
/// <param name="BootId">The boot that <paramref name="Boottime"/> belongs to; empty: unknown.</param>
public readonly record struct LeaseClocks(Instant Client, Instant Wall, Instant Boottime, string BootId)
{
    private const int BootIdLength = 64;

    /// <summary>Reads the clocks.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="client">What the DHCP client's clock says now.</param>
    public static LeaseClocks Read(Kernel kernel, Instant client)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Result read = kernel.ReadFile("/proc/sys/kernel/random/boot_id", BootIdLength, out byte[] octets);
        string bootId = read.IsOk ? Encoding.ASCII.GetString(octets).Trim() : "";
        return new(client, kernel.Now(ClockId.Realtime), kernel.Now(ClockId.Boottime), bootId);
    }
}
