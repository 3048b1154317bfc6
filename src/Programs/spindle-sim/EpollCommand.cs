using System;
using System.Collections.Generic;
using Spindle.Simulation.Scripts;

namespace Spindle.Programs;

/// <summary><c>spindle-sim epoll FILE</c>.</summary>
internal static class EpollCommand
{
    public static int Run(string[] arguments)
    {
        string? file = null;
        string? mode = null;
        foreach (string argument in arguments)
        {
            if (argument is "--real" or "--diff" && mode is null)
            {
                mode = argument;
            }
            else if ((argument == "-" || !argument.StartsWith('-')) && file is null)
            {
                file = argument;
            }
            else
            {
                return Program.Complain($"'{argument}' is not expected");
            }
        }

        if (file is null)
        {
            return Program.Complain("which script?");
        }

        if (!Program.TryReadText(file, out string text, out string complaint))
        {
            return Program.Complain(complaint);
        }

        try
        {
            return Run(ScriptParser.Parse(text), mode);
        }
        catch (ScriptException wrong)
        {
            return Program.Complain($"{(file == "-" ? "standard input" : file)}, {wrong.Message}");
        }
    }

    private static int Run(IReadOnlyList<ScriptStep> steps, string? mode)
    {
        bool isSame = true;
        IReadOnlyList<string> lines;
        if (mode == "--diff")
        {
            isSame = ScriptRunner.Compare(steps, out lines);
        }
        else
        {
            lines = mode == "--real" ? ScriptRunner.RunOnKernel(steps) : ScriptRunner.RunOnModel(steps);
        }

        foreach (string line in lines)
        {
            Console.Out.WriteLine(line);
        }

        if (mode == "--diff" && isSame)
        {
            Console.Out.WriteLine("no difference");
        }

        return isSame ? ExitStatus.Done : ExitStatus.Difference;
    }
}
