using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>The custom sources of a loop, and the two passes over them in a turn.</summary>
/// <remarks>Each band links its own, in the order of their sequence. Callbacks may add and remove sources: a pass keeps the
/// one it visited last, and who removes that one moves it back by one.</remarks>
internal sealed class CustomTable(EventLoop loop)
{
    private readonly List<SourceFd> readyParts = [];
    private CustomSource? cursor;

    /// <summary>True while a source is asked: the loop must not be run then.</summary>
    public bool IsAsking { get; private set; }

    public void Add(CustomSource source)
    {
        CustomSource? before = source.Band.LastCustom;
        while (before is not null && before.Sequence > source.Sequence)
        {
            before = before.PreviousCustom;
        }

        CustomSource? after = before is null ? source.Band.FirstCustom : before.NextCustom;
        Link(source.Band, before, source);
        Link(source.Band, source, after);
    }

    public void Remove(CustomSource source, Band band)
    {
        if (cursor == source)
        {
            cursor = source.PreviousCustom;
        }

        Link(band, source.PreviousCustom, source.NextCustom);
        source.PreviousCustom = null;
        source.NextCustom = null;
    }

    /// <summary>A source has another place.</summary>
    public void Reorder(CustomSource source, Band old)
    {
        bool isInPlace = old == source.Band
            && (source.PreviousCustom is not { } before || before.Sequence < source.Sequence)
            && (source.NextCustom is not { } after || after.Sequence > source.Sequence);
        if (!isInPlace)
        {
            Remove(source, old);
            Add(source);
        }
    }

    /// <summary>A descriptor of a custom source was found ready; the source may look at it until the next wait.</summary>
    public void NoteReady(SourceFd part) => readyParts.Add(part);

    /// <summary>What the wait before this one found is no longer so.</summary>
    public void ForgetReady()
    {
        foreach (SourceFd part in readyParts)
        {
            part.Ready = FdEvents.None;
        }

        readyParts.Clear();
    }

    /// <summary>Removes all: the loop ends.</summary>
    public void RemoveAll()
    {
        for (Band? band = loop.Bands.First; band is not null; band = loop.Bands.After(band))
        {
            while (band.FirstCustom is { } source)
            {
                source.Remove();
            }
        }
    }

    /// <summary>Before the wait: flags those that are ready.</summary>
    /// <returns>How long they let the loop wait: zero if anything at all is ready, null without end.</returns>
    public TimeSpan? Prepare(ReadyBatch batch)
    {
        TimeSpan? shortest = null;
        for (Band? band = loop.Bands.First; band is not null; band = loop.Bands.After(band))
        {
            SourceFamily.RaiseAncestors(band.Due, batch);
            SourceFamily.RaiseAncestors(band.Flagged, batch);
            for (CustomSource? source = First(band); source is not null; source = Next(band))
            {
                if (source.IsOpen && !source.IsFlagged)
                {
                    TimeSpan? timeout = Prepare(source, batch);
                    shortest = timeout < shortest || shortest is null ? timeout : shortest;
                }
            }

            if (band.HasReady)
            {
                return TimeSpan.Zero;
            }
        }

        return shortest;
    }

    /// <summary>After the wait: flags those that are ready, down to the best priority at which anything is.</summary>
    public void Check(ReadyBatch batch)
    {
        for (Band? band = loop.Bands.First; band is not null; band = loop.Bands.After(band))
        {
            if (band.Priority > batch.Priority)
            {
                return;
            }

            SourceFamily.RaiseAncestors(band.Due, batch);
            SourceFamily.RaiseAncestors(band.Flagged, batch);
            for (CustomSource? source = First(band); source is not null; source = Next(band))
            {
                if (source.IsOpen && !source.IsFlagged && (Ask(source) || source.HasReadyFd() || IsTime(source)))
                {
                    source.IsReadyUnasked = false;
                    source.Flag();
                    SourceFamily.RaiseAncestors(source, batch);
                }
            }

            if (band.HasReady)
            {
                return;
            }
        }
    }

    private static void Link(Band band, CustomSource? before, CustomSource? after)
    {
        if (before is null)
        {
            band.FirstCustom = after;
        }
        else
        {
            before.NextCustom = after;
        }

        if (after is null)
        {
            band.LastCustom = before;
        }
        else
        {
            after.PreviousCustom = before;
        }
    }

    private CustomSource? First(Band band)
    {
        cursor = null;
        return Next(band);
    }

    private CustomSource? Next(Band band) => cursor = cursor is null ? band.FirstCustom : cursor.NextCustom;

    private bool IsTime(CustomSource source) => !source.ReadyAt.IsNever && source.ReadyAt <= loop.Now;

    private TimeSpan? Prepare(CustomSource source, ReadyBatch batch)
    {
        bool isReady = Ask(source, out TimeSpan? timeout);
        Instant at = source.ReadyAt;
        if (!isReady && !at.IsNever)
        {
            Instant now = loop.Now;
            isReady = at <= now;
            TimeSpan remaining = RoundedUp(at, now);
            timeout = remaining < timeout || timeout is null ? remaining : timeout;
        }

        if (!isReady)
        {
            return timeout < TimeSpan.Zero ? null : timeout;
        }

        source.IsReadyUnasked = true;
        source.Flag();
        SourceFamily.RaiseAncestors(source, batch);
        return TimeSpan.Zero;
    }

    // The difference is rounded towards zero; a wait must not be.
    private static TimeSpan RoundedUp(Instant at, Instant now)
    {
        TimeSpan difference = at - now;
        return difference == TimeSpan.MaxValue ? difference : difference + TimeSpan.FromTicks(1);
    }

    private bool Ask(CustomSource source, out TimeSpan? timeout)
    {
        IsAsking = true;
        try
        {
            return source.CallPrepare(out timeout);
        }
        catch (Exception exception)
        {
            loop.Turns.Throw(source, exception);
            timeout = null;
            return false;
        }
        finally
        {
            IsAsking = false;
        }
    }

    private bool Ask(CustomSource source)
    {
        IsAsking = true;
        try
        {
            return source.CallCheck();
        }
        catch (Exception exception)
        {
            loop.Turns.Throw(source, exception);
            return false;
        }
        finally
        {
            IsAsking = false;
        }
    }
}
