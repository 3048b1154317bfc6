using System;
using System.Collections.Generic;

namespace Spindle.Loop;

/// <summary>Parents and children: common priority, neighbours in its order, and the parent called when a child is ready.</summary>
/// <remarks>A family takes the numbers right below its oldest member's, children before their parent; the loop's sequence
/// leaves that room to each source (<see cref="EventLoop.SequenceStep"/>).</remarks>
internal static class SourceFamily
{
    public static void Add(Source parent, Source child)
    {
        if (!parent.IsActive)
        {
            throw new InvalidOperationException($"'{parent}' was removed.");
        }

        Verify(parent, child);
        SourceExtras childExtras = child.RequireExtras();
        SourceExtras parentExtras = parent.RequireExtras();
        childExtras.Parent = parent;
        childExtras.AddedAsChild = parent.Loop.NextSequence();
        (parentExtras.Children ??= []).Add(child);
        parent.Loop.Turns.RequireFull(LoopFeatures.Families);
        if (child.Priority != parent.Priority)
        {
            MoveAll(child, parent.Priority);
        }

        // A parent that waits to be attached takes its children along when it is.
        CustomSource? joining = child is CustomSource { IsAttached: false } custom && parent is not CustomSource { IsAttached: false }
            ? custom
            : null;
        if (joining is not null)
        {
            Reverse(joining);
        }

        Number(parent);
        for (int blocked = 0; blocked < parentExtras.BlockCount; blocked++)
        {
            Block(child);
        }

        joining?.BeAttached();
    }

    /// <summary>A source with children is attached, and they are with it: right before it, as in GLib the one added last first.</summary>
    public static void Attach(CustomSource oldest)
    {
        Reverse(oldest);
        Number(oldest);
    }

    /// <summary>A removed source leaves its parent, and its children go with it.</summary>
    public static void Dissolve(Source source)
    {
        SourceExtras extras = source.Extras!;
        extras.Parent?.Extras!.Children!.Remove(source);
        extras.Parent = null;
        while (extras.Children is { Count: > 0 } children)
        {
            children[^1].Remove();
        }
    }

    /// <summary>Sets a priority for a whole family. As in GLib, the child added last goes first from then on.</summary>
    public static void Reprioritise(Source oldest, int priority)
    {
        MoveAll(oldest, priority);
        if (oldest.Extras?.Children is { Count: > 0 })
        {
            Number(oldest);
        }
    }

    /// <summary>A source is ready: so are all those above it.</summary>
    public static void RaiseAncestors(Source source, ReadyBatch batch)
    {
        for (Source? above = source.Parent; above is not null; above = above.Parent)
        {
            if (above.Extras!.IsForced)
            {
                return;
            }

            if (batch.Contains(above))
            {
                above.Extras.IsForced = true;
            }
            else
            {
                above.Force();
            }
        }
    }

    /// <summary>The ancestors of all that is ready in a band.</summary>
    public static void RaiseAncestors(SourceList list, ReadyBatch batch)
    {
        // An ancestor may leave this very list; the child it is raised for stays.
        for (Source? source = list.First; source is not null; source = source.Next)
        {
            RaiseAncestors(source, batch);
        }
    }

    public static void Block(Source source)
    {
        SourceExtras extras = source.RequireExtras();
        if (++extras.BlockCount == 1)
        {
            source.Change(SourceState.Blocked, isShut: true);
        }

        foreach (Source child in extras.Children ?? [])
        {
            Block(child);
        }
    }

    public static void Unblock(Source source)
    {
        SourceExtras extras = source.Extras!;
        if (--extras.BlockCount == 0 && source.IsActive)
        {
            source.Change(SourceState.Blocked, isShut: false);
        }

        foreach (Source child in extras.Children ?? [])
        {
            Unblock(child);
        }
    }

    private static void Verify(Source parent, Source child)
    {
        string? reason = child.Loop != parent.Loop ? "belongs to another loop"
            : !child.IsActive ? "was removed"
            : child.Parent is not null ? "is a child already"
            : child is PhaseSource || parent is PhaseSource ? "is not of a kind that has a family"
            : IsAbove(child, parent) ? "is an ancestor"
            : Count(Oldest(parent)) + Count(child) > EventLoop.SequenceStep ? $"makes more than {EventLoop.SequenceStep}"
            : null;
        if (reason is not null)
        {
            throw new ArgumentException($"'{child}' cannot be a child of '{parent}': it {reason}.", nameof(child));
        }
    }

    private static bool IsAbove(Source above, Source? source)
    {
        while (source is not null && source != above)
        {
            source = source.Parent;
        }

        return source is not null;
    }

    private static void MoveAll(Source source, int priority)
    {
        source.Move(priority);
        SortChildren(source);
        foreach (Source child in source.Extras?.Children ?? [])
        {
            MoveAll(child, priority);
        }
    }

    private static void Reverse(Source source)
    {
        SortChildren(source);
        foreach (Source child in source.Extras?.Children ?? [])
        {
            Reverse(child);
        }
    }

    private static void SortChildren(Source source) =>
        source.Extras?.Children?.Sort(static (left, right) => right.Extras!.AddedAsChild.CompareTo(left.Extras!.AddedAsChild));

    /// <summary>Puts all of a family into their order, right before the oldest.</summary>
    private static void Number(Source member)
    {
        Source oldest = Oldest(member);
        long place = oldest.Sequence;
        NumberBelow(oldest, ref place);
    }

    private static Source Oldest(Source source)
    {
        while (source.Parent is { } above)
        {
            source = above;
        }

        return source;
    }

    private static long Count(Source source)
    {
        long count = 1;
        foreach (Source child in source.Extras?.Children ?? [])
        {
            count += Count(child);
        }

        return count;
    }

    private static void NumberBelow(Source source, ref long place)
    {
        if (source.Extras?.Children is not { } children)
        {
            return;
        }

        for (int index = children.Count - 1; index >= 0; index--)
        {
            children[index].Place(--place);
            NumberBelow(children[index], ref place);
        }
    }
}
