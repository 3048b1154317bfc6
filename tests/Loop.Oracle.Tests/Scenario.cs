using System;
using System.Collections.Generic;
using System.Linq;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>A list of statements (ScenarioLanguage.md).</summary>
public sealed class Scenario(IReadOnlyList<string> lines)
{
    public IReadOnlyList<string> Lines { get; } = lines;

    public static Scenario Parse(string text) => new(
        text.Split('\n').Select(static line => line.Split('#')[0].Trim()).Where(static line => line.Length > 0).ToList());

    public override string ToString() => string.Join('\n', Lines);
}
