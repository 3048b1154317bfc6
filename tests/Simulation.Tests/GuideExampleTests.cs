using System;
using System.IO;
using System.Runtime.CompilerServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Simulation.Tests;

/// <summary>The example of docs/simulation.md, word for word.</summary>
public sealed class GuideExampleTests
{
    // guide: begin
    private sealed class Counter
    {
        private readonly Kernel kernel;
        private byte count;

        public Counter(EventLoop loop)
        {
            kernel = loop.Kernel;
            Result file = kernel.Open("/var/lib/count", FileFlags.Read);
            Span<byte> read = stackalloc byte[1];
            IsTorn = file.IsOk && kernel.Read(file.Int, read).Int != 1;
            Count = count = read[0];
            loop.AddTimer((_, _) => Save(++count)).ArmEvery(TimeSpan.FromMinutes(1));
        }

        public bool IsTorn { get; }

        public int Count { get; private set; }

        private void Save(byte value)
        {
            int file = kernel.Open("/var/lib/count.new", FileFlags.Write | FileFlags.Create | FileFlags.Truncate).Int;
            bool isWritten = kernel.Write(file, [value]).IsOk && kernel.Sync(file).IsOk; // without Sync the test below fails
            Count = isWritten && kernel.Rename("/var/lib/count.new", "/var/lib/count").IsOk ? value : Count;
            kernel.Close(file);
        }
    }

    [Fact]
    public void A_power_cut_at_any_moment_leaves_a_whole_number()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            SimulatedMachine machine = new(seed);
            for (int life = 0; life < 10; life++)
            {
                SimulatedKernel kernel = machine.StartProcess();
                EventLoop loop = new(kernel);
                Counter counter = new(loop);
                Assert.False(counter.IsTorn, $"seed {seed}, life {life}");
                kernel.Faults.InterveneAt(kernel.Faults.Count + 1 + (((long)seed * 7 + life) % 60), machine.PowerCut);
                Assert.Throws<ProcessEndedException>(loop.Run);
                machine.Boot();
            }
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

    private static string Between(string text, string begin, string end)
    {
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        string part = text[from..text.IndexOf("    " + end, from, StringComparison.Ordinal)];
        return string.Join('\n', Array.ConvertAll(part.ReplaceLineEndings("\n").Split('\n'), static line => line.StartsWith("    ", StringComparison.Ordinal) ? line[4..] : line));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
