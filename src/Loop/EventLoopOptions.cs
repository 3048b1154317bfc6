using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>What is decided when a loop is made.</summary>
public sealed record EventLoopOptions
{
    /// <summary>How it waits for its descriptors.</summary>
    public WaitingBy Waiting { get; init; } = WaitingBy.Epoll;

    /// <summary>The most events that a turn takes from epoll; what is behind them comes in later turns, even if its priority
    /// is better. 0, the default: all there are. The other ways to wait always tell all.</summary>
    public int EventsMax { get; init; }

    /// <summary>Lets epoll look for packets itself before it sleeps; null: not. Only by <see cref="WaitingBy.Epoll"/>.</summary>
    public BusyPolling? BusyPolling { get; init; }

    /// <summary>True: when the loop has been quiet for 0.2 s, it gives back the memory of code that was needed up to now, by its
    /// start above all (<see cref="Kernel.ReleaseCleanPages"/>); and again when it has worked since, ever less often, in the end
    /// every five minutes. Null, the default: as the program is built; the package says so to programs of NativeAOT
    /// (<c>SpindleReleasesCleanPages</c>).</summary>
    public bool? ReleasesCleanPages { get; init; }
}
