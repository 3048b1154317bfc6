using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.BadUseProgram;

/// <summary>
/// <c>throw</c>: a callback throws and nobody catches it. <c>fork</c>: a forked child uses its parent's loop. <c>descriptors</c>:
/// a loop is made where there are too few descriptors (run it under a small limit). <c>storm WAITING</c>: signals interrupt the
/// wait again and again. <c>refused ERRNO</c>: a filter of system calls refuses io_uring. Exit code 0: as it should be.
/// </summary>
internal static class Program
{
    private const int ChildSeconds = 60;

    private static int Main(string[] arguments) => arguments switch
    {
        ["throw"] => Throw(new EventLoop(new LinuxKernel())),
        ["fork"] => Fork(new LinuxKernel()),
        ["descriptors", var waiting] => Descriptors(new LinuxKernel(), new() { Waiting = Enum.Parse<WaitingBy>(waiting) }),
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

        [DllImport("libc", EntryPoint = "_exit")]
        public static extern void Exit(int code);
    }
}
