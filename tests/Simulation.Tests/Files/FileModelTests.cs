using System;
using System.Collections.Generic;
using System.IO;
using Spindle.Kernels;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Files;

/// <summary>The model's files and inotifies against those of the running kernel.</summary>
public sealed class FileModelTests
{
    [Theory]
    [InlineData(1, 150, 60)]
    [InlineData(1000, 40, 1500)]
    public void Random_calls_on_files_answer_and_tell_the_same_as_on_the_running_kernel(int firstSeed, int count, int steps)
    {
        LinuxKernel linux = new();
        string folder = Directory.CreateTempSubdirectory("spindle-files").FullName;
        try
        {
            for (int seed = firstSeed; seed < firstSeed + count; seed++)
            {
                // With descriptors of its own: a child that another test forks off would keep files open for a moment.
                List<string> expected = [];
                OwnDescriptors.Run(_ => expected = new FileScript(linux, $"{folder}/{seed}", (ulong)seed).Run(steps));
                List<string> found = new FileScript(new SimulatedKernel(), "/var/lib/test", (ulong)seed).Run(steps);
                for (int line = 0; line < expected.Count; line++)
                {
                    string context = string.Join('\n', expected[Math.Max(0, line - 25)..line]);
                    Assert.True(
                        line < found.Count && expected[line] == found[line],
                        $"seed {seed}, line {line}\n{context}\nkernel: {expected[line]}\nmodel:  {(line < found.Count ? found[line] : "nothing")}");
                }

                Assert.Equal(expected.Count, found.Count);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
