using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Spindle.Basics;

namespace Spindle.Daemon.Logging;

/// <summary>The daemon's only log. Belongs to the loop's thread, and never waits.</summary>
/// <param name="sink">Where lines go.</param>
/// <param name="isDebug">Debug messages are wanted.</param>
/// <param name="debugGlobs">Of these areas alone (<c>dhcp*</c>, …); empty: of all.</param>
public sealed class Log(LogSink sink, bool isDebug = false, ImmutableArray<string> debugGlobs = default)
{
    /// <summary>The most keys of <see cref="Once"/> that are remembered; what comes then is not said at all.</summary>
    public const int OnceMax = 1024;

    private readonly ImmutableArray<string> globs = debugGlobs.IsDefault ? [] : debugGlobs;
    private readonly Dictionary<string, bool> areas = [];
    private readonly HashSet<string> said = [];

    /// <summary>Lines that the sink lost.</summary>
    public long Dropped => sink.Dropped;

    /// <summary>Something that was wanted did not happen.</summary>
    public void Error(string message) => sink.Write(LogLevel.Error, message);

    /// <summary>Something is not as it should be.</summary>
    public void Warning(string message) => sink.Write(LogLevel.Warning, message);

    /// <summary>What happened.</summary>
    public void Information(string message) => sink.Write(LogLevel.Information, message);

    /// <summary>For who looks for a mistake. The text is not even built unless it is wanted.</summary>
    /// <param name="area">What <c>-d</c> names.</param>
    /// <param name="message">The message.</param>
    public void Debug(string area, [InterpolatedStringHandlerArgument("", nameof(area))] ref DebugText message)
    {
        if (message.IsWanted)
        {
            sink.Write(LogLevel.Debug, $"{area}: {message.ToStringAndClear()}");
        }
    }

    /// <summary>For who looks for a mistake.</summary>
    public void Debug(string area, string message)
    {
        if (IsDebugging(area))
        {
            sink.Write(LogLevel.Debug, $"{area}: {message}");
        }
    }

    /// <summary>True if debug messages of this area are wanted.</summary>
    public bool IsDebugging(string area)
    {
        if (!isDebug || globs.IsEmpty)
        {
            return isDebug;
        }

        if (!areas.TryGetValue(area, out bool isWanted))
        {
            foreach (string glob in globs)
            {
                isWanted |= Glob.Matches(glob, area);
            }

            areas.Add(area, isWanted);
        }

        return isWanted;
    }

    /// <summary>True the first time for a key: <c>if (log.Once("x")) log.Warning(…)</c>.</summary>
    public bool Once(string key) => said.Count < OnceMax && said.Add(key);

    /// <summary>Makes <see cref="Once"/> true again for a key, when what was wrong is well. False if it had not been said.</summary>
    public bool Forget(string key) => said.Remove(key);
}
