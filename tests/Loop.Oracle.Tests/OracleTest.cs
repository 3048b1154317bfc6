using System;
using System.Collections.Generic;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>Runs scenarios on both sides.</summary>
public abstract class OracleTest : IDisposable
{
    private readonly GlibOracle glib = new();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => glib.Dispose();

    protected List<string> OnGlib(Scenario scenario) => glib.Run(scenario);

    /// <summary>Both traces are this one; a line each, or separated by a comma and a blank.</summary>
    protected void AssertBoth(string expected, string scenario)
    {
        Scenario parsed = Scenario.Parse(scenario);
        List<string> lines = [.. expected.Split([", ", "\n"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        Assert.Equal(lines, OnGlib(parsed));
        foreach (WaitingBy waiting in Enum.GetValues<WaitingBy>())
        {
            Assert.Equal(lines, LoopInterpreter.Run(parsed, waiting));
        }
    }

    protected bool Differs(Scenario scenario, WaitingBy waiting) => !System.Linq.Enumerable.SequenceEqual(OnGlib(scenario), LoopInterpreter.Run(scenario, waiting));

    protected string Report(Scenario scenario, WaitingBy waiting) =>
        $"{scenario}\n--- GLib\n{string.Join('\n', OnGlib(scenario))}\n--- ours\n{string.Join('\n', LoopInterpreter.Run(scenario, waiting))}";
}
