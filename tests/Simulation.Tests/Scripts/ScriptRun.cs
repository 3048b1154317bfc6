using System.Collections.Generic;
using System.Linq;

namespace Spindle.Simulation.Scripts;

/// <summary>Plays a script on the model, for tests that say what each step returns.</summary>
internal static class ScriptRun
{
    /// <summary>What each step of a script returned.</summary>
    public static List<string> Results(string script, KernelRules? rules = null)
    {
        using ModelSystem system = new(rules);
        return ScriptRunner.Run(ScriptParser.Parse(script), system);
    }

    /// <summary>Each line is <c>step; step -> result</c>: the result is that of the last step before the arrow. Everything is
    /// played on the model and then on the running kernel, so that no expectation is ours alone.</summary>
    public static void Expect(string story)
    {
        List<string> expected = [];
        List<string> script = [];
        foreach (string line in story.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            string[] parts = line.Split(" -> ");
            string[] steps = parts[0].Split(';').Select(step => step.Trim()).ToArray();
            script.AddRange(steps);
            expected.AddRange(Enumerable.Repeat("", steps.Length - 1).Append(parts.Length > 1 ? parts[1].Trim() : ""));
        }

        IReadOnlyList<ScriptStep> parsed = ScriptParser.Parse(string.Join('\n', script));
        using ModelSystem model = new();
        Compare("model", script, expected, ScriptRunner.Run(parsed, model));
        List<string> real = ScriptRunner.RunOnKernel(parsed).Select(line => line[(line.IndexOf(" -> ", System.StringComparison.Ordinal) + 4)..]).ToList();
        Compare("kernel", script, expected, real);
    }

    private static void Compare(string who, List<string> script, List<string> expected, List<string> found)
    {
        for (int index = 0; index < expected.Count; index++)
        {
            if (expected[index].Length > 0)
            {
                Assert.Equal($"{who}: {script[index]} -> {expected[index]}", $"{who}: {script[index]} -> {found[index]}");
            }
        }
    }
}
