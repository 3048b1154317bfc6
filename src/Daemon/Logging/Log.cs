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

    /// <summary>Where lines go, in libvirt's words.</summary>
    public string Destination => sink.Destination;

    /// <summary>What is told, and what is worse; debug messages only of areas that are wanted.</summary>
    public LogLevel Level
    {
        get;
        set
        {
            field = value;
            areas.Clear();
        }
    } = isDebug ? LogLevel.Debug : LogLevel.Information;

    /// <summary>Debug messages of areas that are wanted or not, whatever the command line says; the first that matches counts.</summary>
    public ImmutableArray<(string Glob, bool IsWanted)> DebugRules
    {
        get;
        set
        {
            field = value;
            areas.Clear();
        }
    } = [];

    /// <summary>Something that was wanted did not happen.</summary>
    public void Error(string message) => Write(LogLevel.Error, message);

    /// <summary>Something is not as it should be.</summary>
    public void Warning(string message) => Write(LogLevel.Warning, message);

    /// <summary>What happened.</summary>
    public void Information(string message) => Write(LogLevel.Information, message);

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
        if (DebugRules.IsEmpty && (Level != LogLevel.Debug || globs.IsEmpty))
        {
            return Level == LogLevel.Debug;
        }

        if (!areas.TryGetValue(area, out bool isWanted))
        {
            isWanted = Judge(area);
            areas.Add(area, isWanted);
        }

        return isWanted;
    }

    /// <summary>True the first time for a key: <c>if (log.Once("x")) log.Warning(…)</c>.</summary>
    public bool Once(string key) => said.Count < OnceMax && said.Add(key);

    /// <summary>Makes <see cref="Once"/> true again for a key, when what was wrong is well. False if it had not been said.</summary>
    public bool Forget(string key) => said.Remove(key);

    private bool Judge(string area)
    {
        foreach ((string glob, bool isWanted) in DebugRules)
        {
            if (Glob.Matches(glob, area))
            {
                return isWanted;
            }
        }

        bool isNamed = globs.IsEmpty;
        foreach (string glob in globs)
        {
            isNamed |= Glob.Matches(glob, area);
        }

        return Level == LogLevel.Debug && isNamed;
    }

    private void Write(LogLevel level, string message)
    {
        if (level <= Level)
        {
            sink.Write(level, message);
        }
    }
}
