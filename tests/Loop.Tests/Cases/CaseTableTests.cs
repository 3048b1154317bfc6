using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Spindle.Loop.Tests.Cases;

/// <summary>Cases.md names no test that is not there.</summary>
public sealed partial class CaseTableTests
{
    [Fact]
    public void Each_test_that_the_table_names_exists()
    {
        HashSet<string> tests = [];
        foreach (string project in new[] { "Loop.Tests", "Loop.Oracle.Tests" })
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(Here(), "..", "..", project), "*.cs", SearchOption.AllDirectories))
            {
                foreach (Match match in Test().Matches(File.ReadAllText(file)))
                {
                    tests.Add(match.Groups[1].Value);
                }
            }
        }

        List<string> missing = [];
        int named = 0;
        foreach (Match match in Name().Matches(File.ReadAllText(Path.Combine(Here(), "Cases.md"))))
        {
            named++;
            if (!tests.Contains(match.Groups[1].Value))
            {
                missing.Add(match.Groups[1].Value);
            }
        }

        Assert.Empty(missing);
        Assert.True(named > 100);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"public void ([A-Za-z0-9_]+)\(")]
    private static partial Regex Test();

    [GeneratedRegex(@"`([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)`")]
    private static partial Regex Name();
}
