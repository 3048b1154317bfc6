using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Kernels.Raw;

namespace Spindle.Simulation.Scripts;

/// <summary>Runs scripts on the model, on the running kernel, or on both.</summary>
public static class ScriptRunner
{
    /// <summary>Runs on the model; one line a step comes out.</summary>
    /// <param name="steps">The script.</param>
    /// <param name="rules">The version of Linux that is modelled; null for the latest.</param>
    /// <exception cref="ScriptException">A step makes no sense.</exception>
    public static IReadOnlyList<string> RunOnModel(IReadOnlyList<ScriptStep> steps, KernelRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(steps);
        using ModelSystem system = new(rules, descriptorLimit: RawDescriptors.DescriptorLimit());
        return Lines(steps, Run(steps, system));
    }

    /// <summary>Runs on the kernel that runs here; one line a step comes out.</summary>
    /// <param name="steps">The script.</param>
    /// <exception cref="ScriptException">A step makes no sense.</exception>
    public static IReadOnlyList<string> RunOnKernel(IReadOnlyList<ScriptStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return Lines(steps, ResultsOnKernel(steps));
    }

    /// <summary>Runs on both; the lines end with the first step in which they differ.</summary>
    /// <param name="steps">The script.</param>
    /// <param name="lines">One line a step that agrees, and three for the one that does not.</param>
    /// <returns>True if there was no difference.</returns>
    /// <exception cref="ScriptException">A step makes no sense.</exception>
    public static bool Compare(IReadOnlyList<ScriptStep> steps, out IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(steps);
        using ModelSystem system = new(descriptorLimit: RawDescriptors.DescriptorLimit());
        List<string> modelled = Run(steps, system);
        List<string> running = ResultsOnKernel(steps);
        List<string> shown = [];
        lines = shown;
        for (int index = 0; index < steps.Count; index++)
        {
            if (modelled[index] != running[index])
            {
                shown.Add(string.Create(CultureInfo.InvariantCulture, $"{steps[index].Number} {steps[index].Text} -> they differ"));
                shown.Add($"    model:  {modelled[index]}");
                shown.Add($"    kernel: {running[index]}");
                return false;
            }

            shown.Add(Line(steps[index], running[index]));
        }

        return true;
    }

    internal static List<string> Run(IReadOnlyList<ScriptStep> steps, ScriptSystem system)
    {
        ScriptContext context = new(system);
        List<string> results = new(steps.Count);
        foreach (ScriptStep step in steps)
        {
            results.Add(RunStep(step, context));
        }

        return results;
    }

    internal static string RunStep(ScriptStep step, ScriptContext context)
    {
        try
        {
            return ScriptVerbs.All[step.Verb].Run(context, new ScriptArguments(step, context));
        }
        catch (ForEverException forEver)
        {
            return forEver.Message;
        }
    }

    private static List<string> ResultsOnKernel(IReadOnlyList<ScriptStep> steps)
    {
        List<string> results = [];
        OwnDescriptors.Run(firstDescriptor =>
        {
            using RunningSystem system = new(firstDescriptor);
            results = Run(steps, system);
        });
        return results;
    }

    private static List<string> Lines(IReadOnlyList<ScriptStep> steps, List<string> results)
    {
        List<string> lines = new(steps.Count);
        for (int index = 0; index < steps.Count; index++)
        {
            lines.Add(Line(steps[index], results[index]));
        }

        return lines;
    }

    private static string Line(ScriptStep step, string result) =>
        string.Create(CultureInfo.InvariantCulture, $"{step.Number} {step.Text} -> {result}");
}
