using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Spindle.Scenarios;

/// <summary>A command that goes on, and the lines it has printed so far. It ends with its lab.</summary>
public sealed class Watch
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    public Watch(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The lines so far, from the given one on.</summary>
    public List<string> Lines(int from = 0)
    {
        lock (_lines)
        {
            return _lines.Skip(from).ToList();
        }
    }

    /// <summary>Types a line.</summary>
    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the text from a line on matches; returns the number of lines so far.</summary>
    public async Task<int> UntilAsync(string pattern, int from = 0, int seconds = 60)
    {
        long startedAt = Stopwatch.GetTimestamp();
        while (true)
        {
            List<string> lines = Lines();
            string text = string.Join('\n', lines.Skip(from));
            if (Regex.IsMatch(text, pattern, RegexOptions.Singleline))
            {
                return lines.Count;
            }

            if (Stopwatch.GetElapsedTime(startedAt) > TimeSpan.FromSeconds(seconds))
            {
                Assert.Fail($"waited {seconds} s for '{pattern}' in:\n{text}");
            }

            await Task.Delay(20);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }
}
