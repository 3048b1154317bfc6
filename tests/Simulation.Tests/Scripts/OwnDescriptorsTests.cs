using System;
using System.Collections.Generic;
using System.IO;
using Spindle.Kernels;
using Spindle.Kernels.Raw;

namespace Spindle.Simulation.Scripts;

public sealed class OwnDescriptorsTests
{
    [Fact]
    public void Nobody_else_has_a_script_s_descriptors()
    {
        string path = Path.GetTempFileName();
        List<string> holders = [];
        int self = 0;
        OwnDescriptors.Run(_ =>
        {
            self = RawSignals.ThreadId;
            LinuxKernel kernel = new();
            Result file = kernel.Open(path, FileFlags.Read);

            // What makes the runtime start a thread of its own: a collection in the background, and code that is called often.
            GC.Collect(2, GCCollectionMode.Forced, blocking: false);
            Work();
            holders.AddRange(HoldersOf(path));
            kernel.Close(file.Int);
        });
        File.Delete(path);
        Assert.Equal([$"{self}"], holders);
    }

    private static void Work()
    {
        long until = Environment.TickCount64 + 300;
        Dictionary<Guid, decimal> values = [];
        while (Environment.TickCount64 < until)
        {
            values[Guid.NewGuid()] = values.Count * 1.5m;
        }
    }

    private static IEnumerable<string> HoldersOf(string path)
    {
        foreach (string thread in Directory.GetDirectories("/proc/self/task"))
        {
            bool holds = false;
            try
            {
                foreach (string descriptor in Directory.GetFileSystemEntries($"{thread}/fd"))
                {
                    holds |= new FileInfo(descriptor).LinkTarget == path;
                }
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }

            if (holds)
            {
                yield return Path.GetFileName(thread);
            }
        }
    }
}
