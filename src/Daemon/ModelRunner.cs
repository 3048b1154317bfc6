using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;

namespace Spindle.Daemon;

/// <summary>Steps the model: one input, all that comes of it, then the next; and wakes it when it is due.</summary>
internal sealed class ModelRunner
{
    private readonly EventLoop loop;
    private readonly NetworkModel model;
    private readonly TimerSource timer;
    private readonly Queue<ModelInput> inputs = new();
    private readonly List<Func<ModelOutput, bool>> executors = [];
    private bool isStepping;

    public ModelRunner(EventLoop loop, NetworkModel model)
    {
        this.loop = loop;
        this.model = model;
        timer = loop.AddTimer(
            (_, _) => Submit(new ModelInput.TimePassed()), name: "model", clock: ClockId.Boottime);
    }

    /// <summary>Adds one who carries out outputs; the first that says true has done it.</summary>
    public void Add(Func<ModelOutput, bool> executor) => executors.Add(executor);

    /// <summary>Hands in what happened. While the model is being stepped it waits for its turn.</summary>
    public void Submit(ModelInput input)
    {
        inputs.Enqueue(input);
        if (isStepping)
        {
            return;
        }

        isStepping = true;
        try
        {
            while (inputs.TryDequeue(out ModelInput? next))
            {
                model.Step(next, loop.BoottimeNow);
                while (model.TryTake(out ModelOutput? output))
                {
                    Execute(output);
                }
            }
        }
        finally
        {
            isStepping = false;
        }

        if (model.Deadline.IsNever)
        {
            timer.Disarm();
        }
        else
        {
            timer.ArmAt(model.Deadline);
        }
    }

    private void Execute(ModelOutput output)
    {
        foreach (Func<ModelOutput, bool> executor in executors)
        {
            if (executor(output))
            {
                return;
            }
        }

        throw new InvalidOperationException($"Nobody carries out {output.GetType().Name}.");
    }
}
