using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Spindle.Daemon.Logging;
using Spindle.LibvirtDoor.Admin;

namespace Spindle.Daemon.Libvirt;

/// <summary>The daemon's log in libvirt's words: levels from 1 (debug) to 4 (errors), one output, filters by area.</summary>
/// <remarks>Where the log goes is decided at the start and stays; how much of it is told can be changed. A filter of level 1 tells
/// the debug messages of the areas that its text is a part of (<c>1:dhcp</c>), one of another level keeps them back.</remarks>
internal sealed class AdminLogging : IAdminLogging
{
    private readonly Log log;
    private readonly LogLevel atStart;
    private string filters = "";

    /// <summary>The log as it is now is what it comes back to.</summary>
    public AdminLogging(Log log)
    {
        this.log = log;
        atStart = log.Level;
    }

    /// <inheritdoc/>
    public string Outputs => string.Create(CultureInfo.InvariantCulture, $"{NumberOf(log.Level)}:{log.Destination}");

    /// <inheritdoc/>
    public string Filters => filters;

    /// <inheritdoc/>
    public bool TrySetOutputs(string outputs, [NotNullWhen(false)] out string? complaint)
    {
        LogLevel level = atStart;
        complaint = null;
        foreach (string word in Words(outputs))
        {
            if (!TryRead(word, out level, out string destination))
            {
                complaint = $"Invalid log priority '{PriorityOf(word)}' for log output '{word}'";
                return false;
            }

            if (destination != log.Destination)
            {
                complaint = $"the log goes to '{log.Destination}' alone, so '{word}' is not possible";
                return false;
            }
        }

        log.Level = level;
        return true;
    }

    /// <inheritdoc/>
    public bool TrySetFilters(string filters, [NotNullWhen(false)] out string? complaint)
    {
        ImmutableArray<(string Glob, bool IsWanted)>.Builder rules = ImmutableArray.CreateBuilder<(string, bool)>();
        StringBuilder said = new();
        complaint = null;
        foreach (string word in Words(filters))
        {
            if (!TryRead(word, out LogLevel level, out string match))
            {
                complaint = $"Invalid priority '{PriorityOf(word)}' for filter '{word}'";
                return false;
            }

            if (match.AsSpan().ContainsAny("*?["))
            {
                complaint = $"Invalid match string '{match}'";
                return false;
            }

            rules.Add(($"*{match.TrimStart('+')}*", level == LogLevel.Debug));
            said.Append(said.Length == 0 ? "" : " ").Append(word);
        }

        this.filters = said.ToString();
        log.DebugRules = rules.ToImmutable();
        return true;
    }

    private static IEnumerable<string> Words(string text) => text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static bool TryRead(string word, out LogLevel level, out string rest)
    {
        level = (word.Length > 2 && word[1] == ':' ? word[0] : '\0') switch
        {
            '1' => LogLevel.Debug,
            '2' => LogLevel.Information,
            '3' => LogLevel.Warning,
            '4' => LogLevel.Error,
            _ => 0,
        };
        rest = level == 0 ? "" : word[2..];
        return level != 0;
    }

    private static string PriorityOf(string word) => word[..Math.Max(0, word.IndexOf(':'))];

    private static int NumberOf(LogLevel level) => level switch
    {
        LogLevel.Error => 4,
        LogLevel.Warning => 3,
        LogLevel.Information => 2,
        LogLevel.Debug => 1,
    };
}
