using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Examples;

/// <summary>Keeps a program running: <c>Supervisor PATH [ARGUMENT...]</c>. One that fails is started again, each time a little
/// later; one that ends well is done. SIGTERM and SIGINT are passed on.</summary>
internal static class Program
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private static int Main(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            Console.Error.WriteLine("usage: Supervisor PATH [ARGUMENT...]");
            return 2;
        }

        using EventLoop loop = new(new LinuxKernel());
        Child child = new(loop, arguments);
        loop.AddSignal(Interrupt, (_, _) => child.End());
        loop.AddSignal(Terminate, (_, _) => child.End());
        child.Start();
        loop.Run();
        return child.ExitCode;
    }

    private sealed class Child
    {
        private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(50);
        private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(30);

        private readonly EventLoop loop;
        private readonly IReadOnlyList<string> command;
        private readonly TimerSource again;
        private TimeSpan delay = DelayMin;
        private ChildSource? running;
        private bool isEnding;

        public Child(EventLoop loop, IReadOnlyList<string> command)
        {
            this.loop = loop;
            this.command = command;
            again = loop.AddTimer((_, _) => Start(), name: "again");
        }

        public int ExitCode { get; private set; }

        public void Start()
        {
            Result started = loop.Kernel.Spawn(new SpawnRequest(command[0], command));
            if (!started.IsOk)
            {
                Console.Error.WriteLine($"Supervisor: {command[0]}: {started.Error}");
                Quit(127);
                return;
            }

            Console.WriteLine($"started {started.Int}");
            running = loop.AddChild(started.Int, OnEnded);
        }

        /// <summary>Passes SIGTERM on; without a child we are done.</summary>
        public void End()
        {
            isEnding = true;
            again.Disarm();
            if (running is { IsActive: true } child)
            {
                loop.Kernel.SendSignal(child.ProcessId, Terminate);
            }
            else
            {
                Quit(0);
            }
        }

        private void OnEnded(ChildSource source, ExitStatus status)
        {
            Console.WriteLine(status.IsSignalled ? $"ended by signal {status.Code}" : $"ended with {status.Code}");
            if (isEnding || status is { IsSignalled: false, Code: 0 })
            {
                Quit(0);
                return;
            }

            again.ArmAfter(delay);
            delay = delay * 2 < DelayMax ? delay * 2 : DelayMax;
        }

        private void Quit(int code)
        {
            ExitCode = code;
            loop.Quit();
        }
    }
}
