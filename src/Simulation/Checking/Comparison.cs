using System;
using System.Collections.Generic;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>Plays sequences on the model and on the kernel, step by step side by side.</summary>
internal sealed class Comparison : IDisposable
{
    private readonly ModelSystem model;
    private readonly RunningSystem running;
    private readonly ScriptContext modelled;
    private readonly ScriptContext real;

    public Comparison(int firstDescriptor, int descriptorLimit, KernelRules? rules = null, Mutation mutation = Mutation.None)
    {
        running = new RunningSystem(firstDescriptor);
        model = new ModelSystem(rules, mutation, descriptorLimit - running.DescriptorOffset);
        modelled = new ScriptContext(model);
        real = new ScriptContext(running);
    }

    /// <summary>Steps that have been played.</summary>
    public long Operations { get; private set; }

    public void Dispose()
    {
        running.Dispose();
        model.Dispose();
    }

    /// <summary>Plays a sequence; the first difference ends it.</summary>
    public Difference? Play(IReadOnlyList<ScriptStep> steps)
    {
        try
        {
            for (int index = 0; index < steps.Count; index++)
            {
                string expected = ScriptRunner.RunStep(steps[index], real);
                string found = RunOnModel(steps[index]);
                Operations++;
                LetRest();
                if (expected != found)
                {
                    return new Difference([.. System.Linq.Enumerable.Take(steps, index + 1)], found, expected);
                }
            }

            return null;
        }
        finally
        {
            running.Reset();
            model.Reset();
            modelled.Clear();
            real.Clear();
        }
    }

    // Threads that a step has woken come to rest before the next: what they find depends on nothing but the steps.
    private void LetRest()
    {
        if (real.Threads.Count > 0)
        {
            running.Settle();
            model.Settle();
        }
    }

    // A mutated model may break down altogether, which is a difference too.
    private string RunOnModel(ScriptStep step)
    {
        try
        {
            return ScriptRunner.RunStep(step, modelled);
        }
        catch (Exception exception) when (exception is not ScriptException)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }
}
