namespace Spindle.Kernels;

/// <summary>How a child ended.</summary>
/// <param name="ProcessId">Which child.</param>
/// <param name="IsSignalled">True if a signal ended it.</param>
/// <param name="Code">The exit code, or the signal's number.</param>
public readonly record struct ExitStatus(int ProcessId, bool IsSignalled, int Code)
{
    /// <summary>False if somebody else has waited for the child: it has ended, and nobody here knows how.</summary>
    public bool IsKnown => Code >= 0;

    /// <summary>Ended, and nobody here knows how.</summary>
    public static ExitStatus Unknown(int processId) => new(processId, IsSignalled: false, Code: -1);
}
