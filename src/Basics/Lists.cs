using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Spindle.Basics;

/// <summary>The little that small lists need. System.Linq would do it too, at the price of a hundred kilobytes in a daemon that
/// counts them.</summary>
public static class Lists
{
    /// <summary>A new array with each item put through a function.</summary>
    public static ImmutableArray<TResult> Map<T, TResult>(this IReadOnlyList<T> items, Func<T, TResult> function)
    {
        TResult[] results = new TResult[items.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = function(items[i]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(results);
    }

    /// <summary>True if an item is equal to this one.</summary>
    public static bool Has<T>(this IReadOnlyList<T> items, T wanted)
    {
        bool isFound = false;
        for (int i = 0; !isFound && i < items.Count; i++)
        {
            isFound = EqualityComparer<T>.Default.Equals(items[i], wanted);
        }

        return isFound;
    }

    /// <summary>True if both have equal items in the same order.</summary>
    public static bool IsSameAs<T>(this IReadOnlyList<T> left, IReadOnlyList<T> right)
    {
        bool isSame = left.Count == right.Count;
        for (int i = 0; isSame && i < left.Count; i++)
        {
            isSame = EqualityComparer<T>.Default.Equals(left[i], right[i]);
        }

        return isSame;
    }
}
