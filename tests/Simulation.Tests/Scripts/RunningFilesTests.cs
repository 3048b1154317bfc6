using System;
using System.Diagnostics;

namespace Spindle.Simulation.Scripts;

[Collection("running kernel")]
public sealed class RunningFilesTests
{
    [Fact]
    public void No_child_outlives_its_script_whatever_became_of_its_pidfd()
    {
        ScriptRunner.RunOnKernel(ScriptParser.Parse("pidfd P\nclose P\npidfd Q\ndup R Q\nclose Q\npidfd Q\nkill R"));
        Assert.DoesNotContain(Process.GetProcessesByName("sleep"), process => ParentOf(process) == Environment.ProcessId);
    }

    // PID (COMM) STATE PPID ...
    private static int ParentOf(Process process)
    {
        try
        {
            string text = System.IO.File.ReadAllText($"/proc/{process.Id}/stat");
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (System.IO.IOException)
        {
            return 0;
        }
    }
}
