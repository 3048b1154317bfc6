namespace Spindle.Kernels;

/// <summary>How a child ended.</summary>
/// <param name="ProcessId">Which child.</param>
/// <param name="IsSignalled">True if a signal ended it.</param>
/// <param name="Code">The exit code, or the signal's number.</param>
public readonly record struct ExitStatus(int ProcessId, bool IsSignalled, int Code);
