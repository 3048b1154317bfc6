using System;
using System.Globalization;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.ServiceManager;
using Spindle.Daemon.Tests.Storage;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Daemon.Tests.ServiceManager;

public sealed class ServiceNotifierTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly LinuxKernel kernel = new();
    private readonly EventLoop loop;

    public ServiceNotifierTests() => loop = new EventLoop(kernel);

    public void Dispose()
    {
        loop.Dispose();
        directory.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_manager_hears_how_we_are(bool isAbstract)
    {
        string name = isAbstract ? "@" + directory.Root : directory.Path("notify");
        int manager = Listen(name);
        using ServiceNotifier notifier = new(loop, name, null, null);
        Assert.True(notifier.IsPresent);
        notifier.Ready("online\nREADY=0");
        notifier.Status("ready");
        notifier.Stopping();
        Assert.Equal("READY=1\nSTATUS=online READY=0", Receive(manager));
        Assert.Equal("STATUS=ready", Receive(manager));
        Assert.Equal("STOPPING=1", Receive(manager));
        notifier.Reloading();
        string[] lines = Receive(manager).Split('\n');
        Assert.Equal("RELOADING=1", lines[0]);
        Assert.InRange(long.Parse(lines[1].Split('=')[1], CultureInfo.InvariantCulture), 1, kernel.Now(ClockId.Monotonic).Nanoseconds / 1000);
        kernel.Close(manager);
    }

    [Fact]
    public void The_watchdog_is_fed_from_ready_on_by_the_loop_at_half_its_time()
    {
        int manager = Listen(directory.Path("notify"));
        using ServiceNotifier notifier = new(loop, directory.Path("notify"), "40000", Id());
        Assert.Equal(TimeSpan.FromMilliseconds(20), notifier.WatchdogInterval);
        Assert.Equal("(EAGAIN)", Receive(manager));
        notifier.Ready("x");
        Instant start = kernel.Now(ClockId.Monotonic);
        int fed = 0;
        Receive(manager);
        loop.Until(() => (fed += Receive(manager) == "WATCHDOG=1" ? 1 : 0) == 4);
        Assert.True(kernel.Now(ClockId.Monotonic) - start >= TimeSpan.FromMilliseconds(60));
        kernel.Close(manager);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("0", null)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("40000", "1")]
    public void A_watchdog_that_is_not_for_us_is_not_fed(string? microseconds, string? process)
    {
        int manager = Listen(directory.Path("notify"));
        using ServiceNotifier notifier = new(loop, directory.Path("notify"), microseconds, process);
        Assert.Equal(TimeSpan.Zero, notifier.WatchdogInterval);
        notifier.Ready("x");
        Assert.StartsWith("READY=1", Receive(manager), StringComparison.Ordinal);
        Assert.Equal("(EAGAIN)", Receive(manager));
        kernel.Close(manager);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    public void Without_a_socket_nothing_is_said_and_nothing_fails(string? socket)
    {
        using ServiceNotifier notifier = new(loop, socket, "1000", null);
        Assert.False(notifier.IsPresent);
        notifier.Ready("x");
        notifier.Stopping();
        Assert.Equal(TimeSpan.Zero, notifier.WatchdogInterval);
    }

    [Fact]
    public void A_manager_that_does_not_listen_does_not_stop_us()
    {
        using ServiceNotifier gone = new(loop, directory.Path("nobody"), null, null);
        gone.Ready("x");
        int manager = Listen(directory.Path("notify"));
        using ServiceNotifier busy = new(loop, directory.Path("notify"), null, null);
        for (int i = 0; i < 5000; i++)
        {
            busy.Status("x");
        }

        Assert.Equal("STATUS=x", Receive(manager));
        kernel.Close(manager);
    }

    private string Id() => kernel.ProcessId.ToString(CultureInfo.InvariantCulture);

    private int Listen(string name)
    {
        int fd = kernel.Socket(AddressFamily.Unix, SocketType.Datagram, 0).Int;
        Assert.True(SocketAddress.TryUnix(name, out SocketAddress address));
        Assert.True(kernel.Bind(fd, address).IsOk);
        return fd;
    }

    private string Receive(int fd)
    {
        byte[] octets = new byte[4096];
        Result received = kernel.Receive(fd, octets);
        return received.IsOk ? Encoding.UTF8.GetString(octets, 0, received.Int) : $"({received.Error})";
    }
}
