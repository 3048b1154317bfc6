using System;

namespace Spindle.Loop;

/// <summary>Something that a loop waits for and answers with a callback. Belongs to one loop, and to its thread.</summary>
public abstract class Source
{
    private bool isRemoved;
    private int priority;

    private protected Source(EventLoop loop, int priority, string name)
    {
        Loop = loop;
        Name = name;
        Band = loop.Bands.Join(priority);
        Sequence = loop.NextSequence();
        this.priority = priority;
    }

    /// <summary>The loop it belongs to.</summary>
    public EventLoop Loop { get; }

    /// <summary>What people call it; need not be unique.</summary>
    public string Name { get; }

    /// <summary>
    /// Lower goes first, and strictly so: while a source of a lower number is ready, this one waits. Setting it is legal
    /// at any time and puts the source behind all others of its new priority.
    /// </summary>
    public int Priority
    {
        get => priority;
        set
        {
            if (!IsActive)
            {
                return;
            }

            Loop.VerifyThread();
            priority = value;
            ChangeBand();
        }
    }

    /// <summary>False once the source was removed, or its loop disposed.</summary>
    public bool IsActive => !isRemoved && !Loop.IsDisposed;

    /// <summary>Grows with every source that joins a priority: the order of dispatch within it.</summary>
    internal long Sequence { get; private set; }

    internal Band Band { get; private set; }

    // The links belong to SourceList.
    internal SourceList? List { get; set; }

    internal Source? Previous { get; set; }

    internal Source? Next { get; set; }

    /// <summary>Ends it: no callback comes from here on, also none that is due in this very turn. Legal from everywhere
    /// on the loop's thread, this source's own callback included, and any number of times.</summary>
    public void Remove()
    {
        if (!IsActive)
        {
            return;
        }

        Loop.VerifyThread();
        isRemoved = true;
        List?.Remove(this);
        Detach();
        Loop.Bands.Leave(Band);
    }

    /// <summary>The name, or the kind.</summary>
    public override string ToString() => Name.Length > 0 ? Name : GetType().Name;

    /// <summary>Calls back, if the source is still ready.</summary>
    /// <returns>False if it no longer was.</returns>
    internal abstract bool Dispatch(long turn);

    /// <summary>Gives back what the source holds in the loop and in the kernel.</summary>
    internal abstract void Detach();

    /// <summary>Ready from now on.</summary>
    private protected void Flag()
    {
        if (List is null && IsActive)
        {
            Band.Flagged.Append(this);
        }
    }

    /// <summary>No longer ready.</summary>
    private protected void Unflag() => List?.Remove(this);

    private void ChangeBand()
    {
        Band old = Band;
        SourceList? list = List;
        Band = Loop.Bands.Join(priority);
        Sequence = Loop.NextSequence();
        if (list is not null)
        {
            list.Remove(this);
            (list == old.Due ? Band.Due : Band.Flagged).Append(this);
        }

        Loop.Bands.Leave(old);
    }
}
