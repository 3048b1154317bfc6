using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests.Workers;

/// <summary>A kernel whose stepping threads are no threads: the test makes their steps, one at a time, in an order it draws.</summary>
internal sealed class SteppedKernel : LinuxKernel
{
    private readonly List<Stepped> awake = [];

    /// <summary>Threads that have not ended.</summary>
    public int Threads { get; private set; }

    /// <summary>Threads that it still gives.</summary>
    public int ThreadsLeft { get; set; } = int.MaxValue;

    public bool HasSteps => awake.Count > 0;

    public override Result StartThread(string name, Func<SteppingThread, ThreadStep> step)
    {
        if (ThreadsLeft <= 0)
        {
            return Result.Fail(Errno.EAGAIN);
        }

        ThreadsLeft--;
        Threads++;
        awake.Add(new Stepped(this, step));
        return Result.Ok();
    }

    /// <summary>Makes one step of one thread that does not rest.</summary>
    public void Step(ref PseudoRandom random)
    {
        int index = (int)random.NextBelow((uint)awake.Count);
        Stepped thread = awake[index];
        awake.RemoveAt(index);
        thread.IsAwake = false;
        switch (thread.Run())
        {
            case ThreadStep.Again:
                thread.Wake();
                break;
            case ThreadStep.Rest:
                break;
            case ThreadStep.End:
                thread.HasEnded = true;
                Threads--;
                break;
        }
    }

    private sealed class Stepped(SteppedKernel kernel, Func<SteppingThread, ThreadStep> step) : SteppingThread
    {
        public bool IsAwake { get; set; } = true;

        public bool HasEnded { get; set; }

        public ThreadStep Run() => step(this);

        public override void Wake()
        {
            if (!IsAwake && !HasEnded)
            {
                IsAwake = true;
                kernel.awake.Add(this);
            }
        }
    }
}
