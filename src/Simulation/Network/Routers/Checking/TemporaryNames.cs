using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Spindle.Simulation.Network.Routers.Checking;

/// <summary>Names for temporary addresses, whose identifiers are random: by their networks, in the order in which they are first seen.</summary>
internal sealed partial class TemporaryNames
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>By how much preferred lifetimes are rounded, in seconds: more than what is drawn makes of them.</summary>
    public uint Step { get; set; } = 1000;

    /// <summary>The text with names for temporary addresses, and with their preferred lifetimes rounded.</summary>
    public string Apply(string line)
    {
        bool isTemporary = false;
        if (Told().Match(line) is { Success: true } told)
        {
            isTemporary = (uint.Parse(told.Groups["flags"].ValueSpan, CultureInfo.InvariantCulture) & (uint)AddressFlags.Secondary) != 0;
            Learn(told.Groups["address"].Value, isTemporary);
        }

        string named = Address().Replace(line, found => names.GetValueOrDefault(found.Value, found.Value));
        return isTemporary ? Preferred().Replace(named, Rounded) : named;
    }

    [GeneratedRegex("^(new|del) address .* address (?<address>[0-9a-f:]+) allflags (?<flags>[0-9]+)")]
    private static partial Regex Told();

    [GeneratedRegex("(?<= )[0-9a-f]*:[0-9a-f:]+(?= |$)")]
    private static partial Regex Address();

    [GeneratedRegex("(?<= preferred )[0-9]+")]
    private static partial Regex Preferred();

    private void Learn(string address, bool isTemporary)
    {
        if (isTemporary && !names.ContainsKey(address))
        {
            string network = string.Join(':', address.Split(':')[..^4]); // what is random has no run of zeros
            counts[network] = counts.GetValueOrDefault(network) + 1;
            names[address] = string.Create(CultureInfo.InvariantCulture, $"{network}::temporary#{counts[network]}");
        }
    }

    private string Rounded(Match found)
    {
        ulong seconds = ulong.Parse(found.ValueSpan, CultureInfo.InvariantCulture);
        return ((seconds + Step - 1) / Step * Step).ToString(CultureInfo.InvariantCulture);
    }
}
