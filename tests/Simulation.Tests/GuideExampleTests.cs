using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Simulation.Tests;

/// <summary>The example of docs/simulation.md, word for word.</summary>
public sealed class GuideExampleTests
{
    // guide: begin
    private static bool Start(EventLoop loop)
    {
        Kernel kernel = loop.Kernel;
        Result file = kernel.Open("/var/lib/count", FileFlags.Read);
        byte[] count = [0];
        bool isWhole = !file.IsOk || kernel.Read(file.Int, count).Int == 1;
        loop.AddTimer((_, _) =>
        {
            count[0]++;
            int next = kernel.Open("/var/lib/count.new", FileFlags.Write | FileFlags.Create | FileFlags.Truncate).Int;
            bool isSafe = kernel.Write(next, count).IsOk && kernel.Sync(next).IsOk; // without Sync the test below fails
            _ = isSafe && kernel.Rename("/var/lib/count.new", "/var/lib/count").IsOk;
            kernel.Close(next);
        }).ArmEvery(TimeSpan.FromMinutes(1));
        return isWhole;
    }

    [Fact]
    public void A_power_cut_at_any_moment_leaves_a_whole_number()
    {
        SimulatedMachine machine = new(1);
        for (int life = 0; life < 500; life++)
        {
            SimulatedKernel kernel = machine.StartProcess();
            EventLoop loop = new(kernel);
            Assert.True(Start(loop), $"life {life}");
            kernel.Faults.InterveneAt(kernel.Faults.Count + 1 + (life * 7 % 60), machine.PowerCut);
            Assert.Throws<ProcessEndedException>(loop.Run);
            machine.Boot();
        }
    }
    // guide: end

    [Fact]
    public void The_guide_shows_this_code()
    {
        string source = Between(File.ReadAllText(Here()), "// guide: begin", "// guide: end");
        string guide = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../docs/simulation.md"));
        Assert.Contains(source.Trim(), guide.ReplaceLineEndings(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_guides_example_is_as_short_as_the_guide_says()
    {
        string source = Between(File.ReadAllText(Here()), "// guide: begin", "// guide: end");
        Assert.Equal(30, source.Split('\n').Count(static line => !string.IsNullOrWhiteSpace(line)));
    }

    private static string Between(string text, string begin, string end)
    {
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        string part = text[from..text.IndexOf("    " + end, from, StringComparison.Ordinal)];
        return string.Join('\n', Array.ConvertAll(part.ReplaceLineEndings("\n").Split('\n'), static line => line.StartsWith("    ", StringComparison.Ordinal) ? line[4..] : line));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
