using System;
using System.Globalization;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Daemon.Libvirt;

/// <summary>When a process started, which tells it from a later one of the same number (<c>man 5 proc</c>, field 22).</summary>
internal static class ProcessStart
{
    private const int FieldsBehindName = 20;

    /// <summary>Clock ticks since the machine started; null if there is no such process.</summary>
    public static ulong? Read(Kernel kernel, int processId)
    {
        Span<byte> octets = stackalloc byte[1024];
        Result read = kernel.ReadFile(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"), octets);
        return read.IsOk ? Parse(Encoding.UTF8.GetString(octets[..read.Int])) : null;
    }

    /// <summary>The same from the file's text. A process may be called anything, <c>) 1 2</c> too: its name ends at the last bracket.</summary>
    public static ulong? Parse(string text)
    {
        int end = text.LastIndexOf(')');
        string[] fields = end < 0 ? [] : text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length >= FieldsBehindName
            && ulong.TryParse(fields[FieldsBehindName - 1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong ticks)
                ? ticks : null;
    }
}
