using System;
using System.Globalization;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Examples;

/// <summary>A daemon of timers and signals: <c>Ticker MILLISECONDS</c>. Ticks without drift; SIGHUP starts the count anew,
/// SIGUSR1 tells it, SIGTERM and SIGINT end it.</summary>
internal static class Program
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int User1 = 10;
    private const int Terminate = 15;

    private static int Main(string[] arguments)
    {
        LinuxKernel kernel = new();
        if (arguments.Length != 1 || !int.TryParse(arguments[0], CultureInfo.InvariantCulture, out int milliseconds) || milliseconds < 1)
        {
            Console.Error.WriteLine("usage: Ticker MILLISECONDS");
            return 2;
        }

        // A daemon blocks its signals first thing, so that none is lost to a thread of the runtime's.
        SignalMask.BlockEverywhere(kernel, [Hangup, Interrupt, User1, Terminate]);

        using EventLoop loop = new(kernel);
        long ticks = 0;
        TimerSource timer = loop.AddTimer((_, _) => ticks++, name: "tick");
        loop.AddSignal(Hangup, (_, _) => ticks = 0);
        loop.AddSignal(User1, (_, _) => Console.WriteLine($"ticks: {ticks}"));
        loop.AddSignal(Interrupt, (_, _) => loop.Quit());
        loop.AddSignal(Terminate, (_, _) => loop.Quit());
        timer.ArmEvery(TimeSpan.FromMilliseconds(milliseconds));
        Console.WriteLine("ticking");
        loop.Run();
        return 0;
    }
}
