using System;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>Waits by poll.</summary>
internal sealed class PollPoller(Kernel kernel) : ScanningPoller(kernel)
{
    /// <inheritdoc/>
    public override WaitingBy Waiting => WaitingBy.Poll;

    /// <inheritdoc/>
    protected override Result WaitFor(Span<PollEntry> entries, TimeSpan? timeout) => Kernel.Poll(entries, timeout);
}
