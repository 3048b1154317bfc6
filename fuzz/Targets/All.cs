using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace Spindle.Fuzz.Targets;

/// <summary>Every target of this folder: each static class here with a <c>Target</c>. None can be forgotten in a list.</summary>
public static class All
{
    public static IReadOnlyList<FuzzTarget> Targets { get; } = typeof(All).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(All).Namespace)
        .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
        .Where(property => property.PropertyType == typeof(FuzzTarget))
        .Select(property => (FuzzTarget)property.GetValue(null)!)
        .OrderBy(target => target.Name, StringComparer.Ordinal)
        .ToList();
}
