using System;
using System.Globalization;
using System.Text;

namespace Spindle.Loop;

/// <summary>How much stalling is pressure (<c>Documentation/accounting/psi.rst</c>).</summary>
public sealed record PressureTrigger
{
    /// <summary>Memory pressure of the whole system.</summary>
    public const string SystemMemory = "/proc/pressure/memory";

    /// <summary>The pressure file: also <c>/proc/pressure/cpu</c>, <c>io</c>, or a control group's <c>memory.pressure</c>.</summary>
    public string Path { get; init; } = SystemMemory;

    /// <summary>True: only time in which all tasks stalled counts; false: also that in which some did.</summary>
    public bool IsFull { get; init; }

    /// <summary>How much stalling within a window is told; in whole microseconds.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The window, 500 ms to 10 s; it is told at most once in it. Without CAP_SYS_RESOURCE a multiple of 2 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The words that the kernel wants, with a NUL.</summary>
    internal byte[] ToOctets() => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsFull ? "full" : "some")} {Microseconds(Stall)} {Microseconds(Window)}\0"));

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
