using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Spindle.Basics;
using Spindle.Fuzz.Protocol;
using Spindle.Fuzz.Schema;
using Spindle.Fuzz.Targets;

namespace Spindle.Fuzz;

/// <summary>
/// <c>fuzz [NAME|all] [--cases N] [--seed S]</c>: runs the targets; the same seed runs the same cases.
/// <c>fuzz NAME --input HEX</c>: runs one input. <c>fuzz xml [--cases N] [--seed S] [--schemas DIRECTORY]</c>: our interface
/// definitions against libxml2. <c>fuzz rpc --protocol DIRECTORY [--cases N] [--seed S]</c>: our codecs of libvirt's messages against
/// libvirt's own definitions. Ends with 1 when something was found.
/// </summary>
internal static class Program
{
    // An input that takes this long is a finding too: the daemon has one thread.
    private static readonly TimeSpan SlowestAllowed = TimeSpan.FromSeconds(2);

    private static int Main(string[] arguments)
    {
        string name = arguments.Length > 0 && !arguments[0].StartsWith('-') ? arguments[0] : "all";
        int cases = (int)Number(arguments, "--cases", 10_000);
        ulong seed = Number(arguments, "--seed", 1);
        if (name == "xml")
        {
            return SchemaComparison.Run(Text(arguments, "--schemas") ?? "/usr/share/libvirt/schemas", cases, seed);
        }

        if (name == "rpc")
        {
            return ProtocolComparison.Run(Text(arguments, "--protocol"), cases, seed);
        }

        List<FuzzTarget> targets = All.Targets.Where(target => name == "all" || target.Name == name).ToList();
        if (targets.Count == 0)
        {
            Console.Error.WriteLine($"no target '{name}'; there are: {string.Join(", ", All.Targets.Select(target => target.Name))}");
            return 2;
        }

        if (Text(arguments, "--input") is string hex)
        {
            targets[0].Run(Convert.FromHexString(hex));
            Console.WriteLine("nothing found");
            return 0;
        }

        int findings = targets.Count(target => !Survives(target, cases, seed));
        Console.WriteLine($"{targets.Count} targets, {cases} cases each, seed {seed}: {findings} with findings");
        return findings == 0 ? 0 : 1;
    }

    private static bool Survives(FuzzTarget target, int cases, ulong seed)
    {
        // The seeds themselves first, and every truncation of them: the cheapest liars.
        IEnumerable<byte[]> plain = target.Corpus.Concat(target.Corpus
            .Where(input => input.Length <= 2048)
            .SelectMany(input => Enumerable.Range(0, input.Length).Select(length => input[..length])));
        Mutator mutator = new(target.Corpus, seed);
        IEnumerable<byte[]> inputs = plain.Concat(Enumerable.Range(0, cases).Select(_ => mutator.Next()));

        int number = 0;
        foreach (byte[] input in inputs)
        {
            long startedAt = Stopwatch.GetTimestamp();
            try
            {
                target.Run((byte[])input.Clone());
            }
            catch (Exception finding)
            {
                Report(target, seed, number, input, finding.ToString());
                return false;
            }

            if (Stopwatch.GetElapsedTime(startedAt) > SlowestAllowed)
            {
                Report(target, seed, number, input, $"took {Stopwatch.GetElapsedTime(startedAt)}");
                return false;
            }

            number++;
        }

        Console.WriteLine($"{target.Name}: {number} inputs, nothing found");
        return true;
    }

    private static void Report(FuzzTarget target, ulong seed, int number, byte[] input, string what)
    {
        Console.WriteLine($"{target.Name}: FOUND at seed {seed}, input {number}, {input.Length} octets: {what}");
        Console.WriteLine($"again with: fuzz {target.Name} --input {Convert.ToHexString(input)}");
    }

    private static ulong Number(string[] arguments, string option, ulong byDefault)
    {
        return Text(arguments, option) is string text ? ulong.Parse(text, CultureInfo.InvariantCulture) : byDefault;
    }

    private static string? Text(string[] arguments, string option)
    {
        int at = Array.IndexOf(arguments, option);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }
}
