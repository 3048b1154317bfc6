using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Spindle.Programs.Net;

/// <summary>What <c>spindle-sim net</c> was asked to do.</summary>
internal sealed record NetArguments
{
    private const double DaysMax = 36_500;
    private const int LinksMax = 32;
    private const int FaultsMax = 10_000;

    public NetOptions Options { get; private init; } = new();

    /// <summary>The number behind the last seed.</summary>
    public UInt128 End => (UInt128)Options.Seed + Seeds;

    public ulong Seeds { get; private init; } = 1;

    public string? Journal { get; private init; }

    public bool DoesShorten { get; private init; } = true;

    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out NetArguments? parsed, out string complaint)
    {
        parsed = null;
        complaint = "";
        NetArguments wanted = new();
        for (int index = 0; index < arguments.Length; index++)
        {
            NetArguments? next = wanted.TakeFlag(arguments[index])
                ?? (index + 1 < arguments.Length ? wanted.TakeValue(arguments[index], arguments[++index]) : null);
            if (next is null)
            {
                complaint = $"'{string.Join(' ', arguments[Math.Max(0, index - 1)..(index + 1)])}' is not expected";
                return false;
            }

            wanted = next;
        }

        if (wanted.End > (UInt128)ulong.MaxValue + 1)
        {
            complaint = $"--seed {wanted.Options.Seed} --seeds {wanted.Seeds} goes beyond the last seed, {ulong.MaxValue}";
            return false;
        }

        parsed = wanted;
        return true;
    }

    /// <summary>The options that make a world what it is, as on the command line.</summary>
    public string Text() => string.Create(CultureInfo.InvariantCulture, $" --days {Options.Span.TotalDays}")
        + (Options.Links is { } links ? $" --links {links}" : "")
        + (Options.Faults is { } faults ? $" --faults {faults}" : "")
        + (Options.HasDoor ? " --door" : "")
        + (Options.IsQuiet ? " --quiet" : "");

    private NetArguments? TakeFlag(string name) => name switch
    {
        "--quiet" => this with { Options = Options with { IsQuiet = true } },
        "--door" => this with { Options = Options with { HasDoor = true } },
        "--trace" => this with { Options = Options with { Trace = Console.Out.WriteLine } },
        "--debug" => this with { Options = Options with { IsDebug = true } },
        "--no-shorten" => this with { DoesShorten = false },
        _ => null,
    };

    private NetArguments? TakeValue(string name, string value) => name switch
    {
        "--seed" when TryNumber(value, out ulong seed) => this with { Options = Options with { Seed = seed } },
        "--seeds" when TryNumber(value, out ulong seeds) && seeds > 0 => this with { Seeds = seeds },
        "--days" when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double days) && days is > 0 and <= DaysMax =>
            this with { Options = Options with { Span = TimeSpan.FromDays(days) } },
        "--links" when TryNumber(value, out ulong links) && links is >= 1 and <= LinksMax => this with { Options = Options with { Links = (int)links } },
        "--faults" when TryNumber(value, out ulong faults) && faults <= FaultsMax => this with { Options = Options with { Faults = (int)faults } },
        "--journal" when value.Length > 0 => this with { Journal = value },
        "--without" when TryList(value, out HashSet<ulong> leftOut) => this with { Options = Options with { LeftOut = leftOut } },
        _ => null,
    };

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryList(string text, out HashSet<ulong> numbers)
    {
        numbers = [];
        foreach (string part in text.Split(','))
        {
            if (!TryNumber(part, out ulong number))
            {
                return false;
            }

            numbers.Add(number);
        }

        return true;
    }
}
