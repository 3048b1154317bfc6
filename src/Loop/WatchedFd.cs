namespace Spindle.Loop;

/// <summary>A descriptor that a loop waits for, for a foreign loop that waits in its place.</summary>
/// <param name="Fd">The descriptor.</param>
/// <param name="Interest">What for; the numbers are those of poll(2), too.</param>
public readonly record struct WatchedFd(int Fd, FdEvents Interest);
