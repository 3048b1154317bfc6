using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Loop.Diagnostics;

namespace Spindle.BadUseProgram;

/// <summary>
/// <c>throw</c>: a callback throws and nobody catches it. <c>fork</c>: a forked child uses its parent's loop. <c>descriptors</c>:
/// a loop is made where there are too few descriptors (run it under a small limit). <c>storm WAITING</c>: signals interrupt the
/// wait again and again. <c>ignored</c>: children are watched where SIGCHLD is ignored. <c>refused ERRNO</c>: a filter of
/// system calls refuses io_uring. <c>metrics</c>: a listener hears the loop although there is no EventSource.
/// Exit code 0: as it should be.
/// </summary>
internal static class Program
{
    private const int ChildSeconds = 60;
    private const int ChildSignal = 17;
    private const nint Ignore = 1; // SIG_IGN

    private static int Main(string[] arguments) => arguments switch
    {
        ["throw"] => Throw(new EventLoop(new LinuxKernel())),
        ["fork"] => Fork(new LinuxKernel()),
        ["descriptors", var waiting] => Descriptors(new LinuxKernel(), new() { Waiting = Enum.Parse<WaitingBy>(waiting) }),
        ["ignored"] => WatchIgnored(new LinuxKernel()),
        ["metrics"] => Metrics(new LinuxKernel()),
        ["storm", var waiting] => SignalStorm.Run(Enum.Parse<WaitingBy>(waiting)),
        ["refused", var error] => RefusedRing.Run(Enum.Parse<Errno>(error)),
        _ => 2,
    };

    private static int Throw(EventLoop loop)
    {
        loop.AddIdle(_ => throw new FormatException("bad"), name: "culprit");
        loop.Run();
        return 3;
    }

    private static int Fork(LinuxKernel kernel)
    {
        using EventLoop loop = new(kernel);
        Span<int> pipe = stackalloc int[2];
        kernel.Pipe(pipe);
        int events = 0;
        int posts = 0;
        FdSource source = loop.AddFd(pipe[0], FdEvents.Readable, (_, _) => events++);
        TimerSource timer = loop.AddTimer((_, _) => { });
        loop.Iterate(mayBlock: false);
        UseForeignLoop(kernel, loop, source, timer, () => posts++); // once before, so that all is compiled
        events = 0;
        posts = 0;
        int writer = pipe[1];
        int child = -1;
        loop.AddIdle(_ =>
        {
            child = LibC.Fork();
            if (child == 0)
            {
                // Nothing here may hang the test: the kernel ends us if we do.
                LibC.Alarm(ChildSeconds);
                LibC.Exit(UseForeignLoop(kernel, loop, source, timer, () => posts++));
            }

            loop.Quit();
            return false;
        });
        loop.Run();
        int code = WaitFor(kernel, child);
        loop.Iterate(mayBlock: false);
        bool isUntouched = events == 0 && posts == 0 && source.Interest == FdEvents.Readable;
        kernel.Write(writer, "x"u8);
        loop.Iterate(mayBlock: true);
        return !isUntouched ? 20 : events != 1 ? 21 : code;
    }

    /// <summary>0 if everything is refused. In the loop's own process nothing is.</summary>
    private static int UseForeignLoop(LinuxKernel kernel, EventLoop loop, FdSource source, TimerSource timer, Action post)
    {
        List<Action> uses =
        [
            () => loop.Iterate(mayBlock: false),
            loop.Run,
            () => loop.AddIdle(_ => false),
            () => loop.AddFd(source.Fd, FdEvents.Writable, (_, _) => { }),
            () => loop.Post(post),
            loop.Wake,
            () => source.Interest = FdEvents.None,
            () => source.Remove(),
            () => timer.Remove(),
            () => loop.Embedding.Prepare(),
        ];
        if (!kernel.IsForkedChild)
        {
            uses = [() => loop.Iterate(mayBlock: false), loop.Wake, () => loop.Post(post)];
        }

        int number = 30;
        foreach (Action use in uses)
        {
            if (!IsRefused(use))
            {
                return number;
            }

            number++;
        }

        if (kernel.IsForkedChild)
        {
            loop.Dispose();
            using EventLoop own = new(kernel);
            own.Post(own.Quit);
            own.Run();
        }

        return 0;
    }

    private static bool IsRefused(Action use)
    {
        try
        {
            use();
            return false;
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message.Contains("forked child", StringComparison.Ordinal);
        }
    }

    private static int WaitFor(LinuxKernel kernel, int child)
    {
        if (child <= 0)
        {
            return 10;
        }

        using EventLoop loop = new(kernel);
        int code = 11;
        loop.AddChild(child, (_, status) =>
        {
            code = status.IsSignalled ? 100 + status.Code : status.Code;
            loop.Quit();
        });
        loop.Run();
        return code;
    }

    /// <summary>The system waits for the children itself: whoever wants an exit status is told that there is none to be had.</summary>
    private static int WatchIgnored(LinuxKernel kernel)
    {
        using EventLoop loop = new(kernel);
        if (kernel.DiscardsExitStatus || LibC.Signal(ChildSignal, Ignore) == -1 || !kernel.DiscardsExitStatus)
        {
            return 50;
        }

        int child = kernel.Spawn(new SpawnRequest("/bin/sleep", ["sleep", "1000"])).Int;
        try
        {
            loop.AddChild(child, (_, _) => { });
            return 51;
        }
        catch (InvalidOperationException exception)
        {
            kernel.SendSignal(child, 9);
            return exception.Message.Contains("SIGCHLD", StringComparison.Ordinal) ? 0 : 52;
        }
    }

    private static int Metrics(LinuxKernel kernel)
    {
        if (!AppContext.TryGetSwitch("System.Diagnostics.Tracing.EventSource.IsSupported", out bool isOn) || isOn)
        {
            return 60;
        }

        using EventLoop loop = new(kernel);
        using LoopMetrics metrics = new(loop, "main");
        using MeterListener listener = new();
        double turns = 0;
        listener.InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            turns += instrument.Name == "spindle.loop.turns" ? value : 0);
        listener.Start();
        loop.Iterate(mayBlock: false);
        loop.Iterate(mayBlock: false);
        return turns == 2 ? 0 : 61;
    }

    private static int Descriptors(LinuxKernel kernel, EventLoopOptions options)
    {
        using (EventLoop first = new(kernel, options))
        {
            first.Post(first.Quit); // so that all is loaded
            first.Run();
        }

        List<int> taken = [];
        TakeAll(kernel, taken);
        int room = taken.Count;
        for (int free = 0; free < room; free++)
        {
            try
            {
                using EventLoop loop = new(kernel, options);
                loop.Post(loop.Quit);
                loop.Run();
                return free is > 0 and < 8 ? 0 : 40;
            }
            catch (InvalidOperationException exception)
            {
                if (!exception.Message.Contains("EMFILE", StringComparison.Ordinal))
                {
                    return 41;
                }
            }

            // What failed gave back what it had: there is room for as many as before, and no more.
            int before = taken.Count;
            TakeAll(kernel, taken);
            if (taken.Count != before + free)
            {
                return 42;
            }

            for (int give = 0; give <= free; give++)
            {
                kernel.Close(taken[^1]);
                taken.RemoveAt(taken.Count - 1);
            }
        }

        return 43;
    }

    private static void TakeAll(LinuxKernel kernel, List<int> taken)
    {
        while (kernel.EventFd(0) is { IsOk: true } result)
        {
            taken.Add(result.Int);
        }
    }

    private static class LibC
    {
        [DllImport("libc", EntryPoint = "fork")]
        public static extern int Fork();

        [DllImport("libc", EntryPoint = "alarm")]
        public static extern uint Alarm(uint seconds);

        [DllImport("libc", EntryPoint = "signal")]
        public static extern nint Signal(int signal, nint handler);

        [DllImport("libc", EntryPoint = "_exit")]
        public static extern void Exit(int code);
    }
}
