using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>glib-oracle.c as a process: scenarios in, traces out. Compiled at the first use, against the libglib of this machine.</summary>
public sealed class GlibOracle : IDisposable
{
    private static readonly object Gate = new();
    private static string? program;

    private readonly Process process;

    public GlibOracle()
    {
        ProcessStartInfo start = new(Compiled()) { RedirectStandardInput = true, RedirectStandardOutput = true };
        process = Process.Start(start)!;
        process.StandardInput.AutoFlush = false;
    }

    public List<string> Run(Scenario scenario)
    {
        foreach (string line in scenario.Lines)
        {
            process.StandardInput.Write(line);
            process.StandardInput.Write('\n');
        }

        process.StandardInput.Write("end\n");
        process.StandardInput.Flush();
        List<string> trace = [];
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line == "end")
            {
                return trace;
            }

            trace.Add(line);
        }

        throw new InvalidOperationException(
            $"GLib's side ended in the middle of a scenario:\n{scenario}\nUp to there:\n{string.Join('\n', trace)}");
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private static string Compiled()
    {
        lock (Gate)
        {
            return program ??= Compile();
        }
    }

    private static string Compile()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "glib-oracle.c");
        string built = Path.Combine(AppContext.BaseDirectory, "glib-oracle");
        string fresh = $"{built}.{Environment.ProcessId}";
        ProcessStartInfo start = new("gcc") { RedirectStandardError = true };
        foreach (string argument in new[] { "-O1", "-g", "-Wall", "-Wextra", "-o", fresh, source, "-pthread", "-l:libglib-2.0.so.0" })
        {
            start.ArgumentList.Add(argument);
        }

        string said;
        int status;
        try
        {
            using Process compiler = Process.Start(start)!;
            said = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            status = compiler.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException(Needs(exception.Message), exception);
        }

        if (status != 0)
        {
            throw new InvalidOperationException(Needs(said));
        }

        File.Move(fresh, built, overwrite: true);
        return built;
    }

    private static string Needs(string why) =>
        $"The oracle is a C program on GLib: it needs gcc, libc6-dev and libglib2.0-0 (./do setup installs them). {why}";
}
