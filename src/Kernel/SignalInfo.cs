namespace Spindle.Kernels;

/// <summary>A signal as it came (<c>struct signalfd_siginfo</c>). What is not known is zero.</summary>
/// <param name="Signal">Its number.</param>
/// <param name="Code">How it was sent (<c>si_code</c>): 0 by kill(2), -1 by sigqueue(3), positive by the kernel.</param>
/// <param name="SenderProcessId">Who sent it.</param>
/// <param name="SenderUserId">The sender's real user id.</param>
/// <param name="Value">What came with it, by sigqueue(3).</param>
public readonly record struct SignalInfo(
    int Signal, int Code = 0, int SenderProcessId = 0, uint SenderUserId = 0, int Value = 0);
