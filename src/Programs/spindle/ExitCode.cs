using System;

namespace Spindle.Programs;

/// <summary>What the program ends with; the man page names them.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The daemon refused, or could not do it.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>There is no bus, or no daemon on it.</summary>
    public const int NotRunning = 3;

    /// <summary>No service, or more than one, is called that.</summary>
    public const int NotFound = 4;

    /// <summary>Whoever read our output has gone: what a shell shows for SIGPIPE.</summary>
    public const int OutputClosed = 141;
}

/// <summary>Ends a command with a message for people.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int Code => exitCode;
}
