using System;
using System.Globalization;
using System.Text;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Daemon.ServiceManager;

/// <summary>Tells the service manager how the daemon is (<c>man 3 sd_notify</c>), and that its loop still turns.</summary>
/// <remarks>Without a <c>NOTIFY_SOCKET</c> it says nothing. It never waits; what the manager's socket does not take now is lost,
/// but for the watchdog, which comes again.</remarks>
public sealed class ServiceNotifier : IDisposable
{
    private readonly EventLoop loop;
    private readonly SocketAddress address;
    private readonly TimerSource? watchdog;
    private readonly TimeSpan watchdogInterval;
    private int fd = -1;

    /// <summary>A notifier for what the environment says.</summary>
    /// <param name="loop">Whose turning feeds the watchdog.</param>
    /// <param name="notifySocket"><c>NOTIFY_SOCKET</c>: a path, or <c>@name</c> for an abstract one; null: no manager.</param>
    /// <param name="watchdogMicroseconds"><c>WATCHDOG_USEC</c>; null: no watchdog.</param>
    /// <param name="watchdogProcess"><c>WATCHDOG_PID</c>: whom it is for; null: us.</param>
    public ServiceNotifier(EventLoop loop, string? notifySocket, string? watchdogMicroseconds, string? watchdogProcess)
    {
        ArgumentNullException.ThrowIfNull(loop);
        this.loop = loop;
        if (notifySocket is not ['/' or '@', ..] || !SocketAddress.TryUnix(notifySocket, out address))
        {
            return;
        }

        Result socket = loop.Kernel.Socket(AddressFamily.Unix, SocketType.Datagram, 0);
        fd = socket.IsOk ? socket.Int : -1;
        if (fd >= 0 && IsForUs(watchdogProcess) && TryReadInterval(watchdogMicroseconds, out watchdogInterval))
        {
            // Default priority: a loop that starves its ordinary work is not well.
            watchdog = loop.AddTimer((_, _) => Feed(), Priority.Default, "watchdog");
        }
    }

    /// <summary>True if a manager listens.</summary>
    public bool IsPresent => fd >= 0;

    /// <summary>How often the watchdog is fed; zero: there is none.</summary>
    public TimeSpan WatchdogInterval => watchdog is null ? TimeSpan.Zero : watchdogInterval;

    /// <summary>A notifier for this process's environment.</summary>
    public static ServiceNotifier FromEnvironment(EventLoop loop) => new(
        loop,
        Environment.GetEnvironmentVariable("NOTIFY_SOCKET"),
        Environment.GetEnvironmentVariable("WATCHDOG_USEC"),
        Environment.GetEnvironmentVariable("WATCHDOG_PID"));

    /// <summary>The start, or the reload, is done. From now on the watchdog is fed.</summary>
    public void Ready(string status)
    {
        Send($"READY=1\nSTATUS={OneLine(status)}");
        if (watchdog is { IsArmed: false })
        {
            Feed();
        }
    }

    /// <summary>A line for <c>systemctl status</c>.</summary>
    public void Status(string status) => Send($"STATUS={OneLine(status)}");

    /// <summary>main.conf is being read again; <see cref="Ready"/> ends that.</summary>
    public void Reloading()
    {
        long microseconds = loop.Kernel.Now(ClockId.Monotonic).Nanoseconds / 1000;
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}"));
    }

    /// <summary>The orderly end has begun.</summary>
    public void Stopping() => Send("STOPPING=1");

    /// <summary>Closes the socket and ends the watchdog.</summary>
    public void Dispose()
    {
        watchdog?.Remove();
        if (fd >= 0)
        {
            loop.Kernel.Close(fd);
            fd = -1;
        }
    }

    private void Feed()
    {
        Send("WATCHDOG=1");
        watchdog!.ArmAfter(watchdogInterval);
    }

    private void Send(string message)
    {
        if (fd >= 0)
        {
            // A manager that is gone or busy changes nothing for the network.
            _ = loop.Kernel.SendTo(fd, Encoding.UTF8.GetBytes(message), 0, address);
        }
    }

    private bool IsForUs(string? process) =>
        string.IsNullOrEmpty(process)
        || process == loop.Kernel.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Half of what the manager allows, as it advises.</summary>
    private static bool TryReadInterval(string? microseconds, out TimeSpan interval)
    {
        bool isRead = long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            && value is > 1 and < long.MaxValue / 10;
        interval = isRead ? TimeSpan.FromTicks(value * TimeSpan.TicksPerMicrosecond / 2) : TimeSpan.Zero;
        return isRead;
    }

    private static string OneLine(string text) => text.Replace('\n', ' ');
}
