namespace Spindle.Simulation;

/// <summary>Where versions of Linux differ in what programs can see of polling. The default is Linux 6.18.</summary>
public sealed record KernelRules
{
    /// <summary>The rules of Linux 6.18.</summary>
    public static KernelRules Latest { get; } = new();

    /// <summary>A read from a pipe wakes writers only if it freed a slot of a full ring (6.14); before, whenever the ring was
    /// full at its beginning.</summary>
    public bool PipeReadMustFreeSlot { get; init; } = true;

    /// <summary>A pipe that was ever polled wakes readers at every write (5.14 and stable series); without it (5.5 to 5.13)
    /// only when it was empty.</summary>
    public bool PolledPipeAlwaysWakes { get; init; } = true;

    /// <summary>epoll_wait looks at its descriptor before its other arguments (6.15).</summary>
    public bool WaitChecksDescriptorFirst { get; init; } = true;

    /// <summary>A chain of epolls is measured upward too before a link is added (6.17 and stable series).</summary>
    public bool NestingCountsUpward { get; init; } = true;

    /// <summary>There is epoll_pwait2 (5.11).</summary>
    public bool HasPwait2 { get; init; } = true;

    /// <summary>There are EPIOCSPARAMS and EPIOCGPARAMS (6.9).</summary>
    public bool HasBusyPollParameters { get; init; } = true;

    /// <summary>There is EPOLLEXCLUSIVE (4.5); before, the bit meant nothing.</summary>
    public bool HasExclusive { get; init; } = true;

    /// <summary>EPOLLWAKEUP is kept (CAP_BLOCK_SUSPEND and CONFIG_PM_SLEEP); otherwise it is cleared silently.</summary>
    public bool HasWakeupSources { get; init; }

    /// <summary>The rules of a released version; those of stable series that took later fixes are the caller's to add.</summary>
    /// <param name="major">For instance 5.</param>
    /// <param name="minor">For instance 10.</param>
    public static KernelRules OfVersion(int major, int minor)
    {
        int version = (major * 1000) + minor;
        return new KernelRules
        {
            PipeReadMustFreeSlot = version >= 6014,
            PolledPipeAlwaysWakes = version is >= 5014 or < 5005,
            WaitChecksDescriptorFirst = version >= 6015,
            NestingCountsUpward = version >= 6017,
            HasPwait2 = version >= 5011,
            HasBusyPollParameters = version >= 6009,
            HasExclusive = version >= 4005,
        };
    }
}
