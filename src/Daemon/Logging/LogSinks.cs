using Spindle.Kernels;

namespace Spindle.Daemon.Logging;

/// <summary>Chooses where the log goes.</summary>
public static class LogSinks
{
    private const int StandardError = 2;

    /// <summary>In the foreground standard error, else the system's log.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="isForeground">True for <c>-n</c>.</param>
    /// <param name="journalStream">The variable <c>JOURNAL_STREAM</c>, or null.</param>
    public static LogSink Choose(Kernel kernel, bool isForeground, string? journalStream) => isForeground
        ? new DescriptorSink(kernel, StandardError, DescriptorSink.IsJournal(kernel, StandardError, journalStream))
        : new SyslogSink(kernel);
}
