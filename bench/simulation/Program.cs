using System;
using System.Globalization;
using Spindle.Bench.Simulation;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Simulation;

// spindle-bench-simulation: what the simulated epoll does in a second of CPU time. A line each: name, per second, octets allocated per operation.
int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5_000_000;

foreach (int idle in (int[])[0, 1000])
{
    using WatchedEventFds watched = new(idle);
    watched.Kernel.Write(watched.Busy, WatchedEventFds.One);
    Measure($"wait with one ready event, {idle} idle", () => watched.Wait());
}

using (WatchedEventFds watched = new(0))
{
    Measure("write, wait, read: a wake from outside", () =>
    {
        watched.Kernel.Write(watched.Busy, WatchedEventFds.One);
        watched.Wait();
        watched.Kernel.Read(watched.Busy, watched.Buffer);
    });
}

SimulatedKernel kernel = new SimulatedMachine().StartProcess();
using (EventLoop loop = new(kernel))
{
    int fd = kernel.EventFd(1).Int;
    loop.AddFd(fd, FdEvents.Readable, static (_, _) => { }, name: "ready");
    Measure("a turn of the loop with one ready source", () => loop.Iterate(mayBlock: true));
}

return 0;

void Measure(string name, Action operation)
{
    for (int i = 0; i < count / 10; i++)
    {
        operation();
    }

    long octets = GC.GetAllocatedBytesForCurrentThread();
    TimeSpan before = Environment.CpuUsage.TotalTime;
    for (int i = 0; i < count; i++)
    {
        operation();
    }

    double seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    octets = GC.GetAllocatedBytesForCurrentThread() - octets;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name}\t{count / seconds:0}\t{(double)octets / count:0.###}"));
}
