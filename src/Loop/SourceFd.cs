using System;

namespace Spindle.Loop;

/// <summary>A descriptor that a <see cref="CustomSource"/> watches.</summary>
public sealed class SourceFd
{
    private readonly CustomSource owner;
    private readonly FdSource source;

    internal SourceFd(CustomSource owner, int fd, FdEvents interest)
    {
        this.owner = owner;
        source = new FdSource(owner.Loop, fd, interest, this, owner);
        try
        {
            owner.Loop.Poller.Attach(source);
        }
        catch
        {
            source.Remove();
            throw;
        }
    }

    /// <summary>The descriptor.</summary>
    public int Fd => source.Fd;

    /// <summary>What it is watched for. With <see cref="FdEvents.None"/> it is left alone, errors included.</summary>
    /// <exception cref="InvalidOperationException">The descriptor was closed before it was removed here.</exception>
    public FdEvents Interest
    {
        get => source.Interest;
        set => source.Interest = value;
    }

    /// <summary>What the last wait found; for <see cref="CustomSource.Check"/> and <see cref="CustomSource.Dispatch()"/>.</summary>
    public FdEvents Ready { get; internal set; }

    /// <summary>Watches it no longer; before the descriptor is closed. Legal from everywhere on the loop's thread.</summary>
    public void Remove()
    {
        source.Remove();
        owner.Forget(this);
        Ready = FdEvents.None;
    }

    /// <summary>Is shut when its owner is, and has its priority.</summary>
    internal void Follow()
    {
        if (source.Priority != owner.Priority)
        {
            source.Priority = owner.Priority;
        }

        source.Change(SourceState.Detached, !owner.IsOpen);
    }
}
