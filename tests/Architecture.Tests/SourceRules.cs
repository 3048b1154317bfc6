using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Spindle.Architecture;

/// <summary>What analyzers cannot see and what matters: which words may stand on which floor.</summary>
public static partial class SourceRules
{
    /// <summary>Longest source file, in lines.</summary>
    public const int LinesMax = 600;

    /// <summary>Longest file that several public types may share because they are one concept, in lines.</summary>
    public const int LinesSharedMax = 120;

    private static readonly string[] UnsafeRooms = ["src/Kernel/", "src/DBus/"];
    private static readonly string[] ThreadRooms = ["src/Kernel/", "src/Loop/"];
    private static readonly string[] Programs = ["src/Programs/"];
    private static readonly string[] Nowhere = [];

    private static readonly Rule[] Rules =
    [
        new("P/Invoke and raw pointers live on the kernel floor and in the D-Bus binding", UnsafeRooms,
            @"\[\s*(DllImport|LibraryImport|UnmanagedCallersOnly)\b|\bunsafe\b|\bMarshal\.(PtrTo|StringTo|Alloc|Free)|\bNativeLibrary\b"),
        new("no thread pool: what may block goes to the worker pool", Nowhere,
            @"\bTask\.(Run|Factory|Delay)\b|\bThreadPool\.|\bParallel\.(For|Invoke)"),
        new("threads are made by the kernel floor and the loop alone", ThreadRooms,
            @"\bnew\s+(System\.Threading\.)?Thread\s*\("),
        new("no timer of the runtime's: the loop has timers", Nowhere,
            @"\bnew\s+(System\.(Threading|Timers)\.)?(Timer|PeriodicTimer)\s*\(|\bSystem\.Timers\b"),
        // `spindle monitor` shows people the time of day where they are.
        new("no clock but the kernel's", ["src/Programs/spindle/MonitorCommand.cs"],
            @"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bStopwatch\b|\bEnvironment\.TickCount|\bTimeProvider\.System\b|\bThread\.Sleep\b"),
        new("no randomness but the kernel's and PseudoRandom", Nowhere,
            @"\bnew\s+Random\s*\(|\bRandom\.Shared\b|\bRandomNumberGenerator\b|\bGuid\.NewGuid\b"),
        // IpAddress leaves the text form of addresses to System.Net; TLS is SslStream over octets that the loop brings.
        new("no network but the kernel's", ["src/Basics/IpAddress.cs", "src/LibvirtDoor/Tls/"],
            @"\bSystem\.Net\b|\b(TcpClient|UdpClient|HttpClient)\b"),
        new("no file but through the kernel", Programs,
            @"\bFile\s*\.\s*(Append|Copy|Create|Decrypt|Delete|Encrypt|Exists|Get|Move|Open|Read|Replace|Resolve|Set|Write)\w*\s*\(|\b(Directory|FileStream|FileInfo|DirectoryInfo|StreamReader|StreamWriter|FileSystemWatcher)\s*\.\s*[A-Z]\w*\s*\(|\bnew\s+(FileStream|FileInfo|DirectoryInfo|StreamReader|StreamWriter|FileSystemWatcher)\s*\("),
        new("no console below the programs", Programs,
            @"\bConsole\.[A-Z]"),
        new("no process but through the kernel", Nowhere,
            @"\bProcess\.Start\b|\bnew\s+ProcessStartInfo\b"),
        new("no reflection", Nowhere,
            @"\bSystem\.Reflection\b(?!\.Metadata)|\bActivator\.CreateInstance\b|\bdynamic\s+\w+\s*[=;]"),
        new("no region", Nowhere, @"^\s*#region\b"),
    ];

    /// <summary>What is wrong with these sources; empty when nothing is.</summary>
    public static IReadOnlyList<string> Violations(IEnumerable<Source> sources) => sources.SelectMany(ViolationsOf).ToList();

    /// <summary>Public classes, structures and interfaces at the top of a file; enumerations, records and delegates are companions.</summary>
    public static IReadOnlyList<string> PublicTypes(string text)
    {
        return PublicType().Matches(text).Select(match => match.Groups["name"].Value).ToList();
    }

    private static IEnumerable<string> ViolationsOf(Source source)
    {
        string[] lines = source.Text.Split('\n');
        if (lines.Length > LinesMax)
        {
            yield return $"{source.Path}: {lines.Length} lines, at most {LinesMax}";
        }

        if (lines.Length > LinesSharedMax && PublicTypes(source.Text) is { Count: > 1 } types)
        {
            yield return $"{source.Path}: public types {string.Join(", ", types)} belong into files of their own";
        }

        for (int i = 0; i < lines.Length; i++)
        {
            string code = WithoutCommentAndText(lines[i]);
            foreach (Rule rule in Rules)
            {
                if (!rule.AllowedIn.Any(place => source.Path.StartsWith(place, StringComparison.Ordinal)) && rule.Pattern.IsMatch(code))
                {
                    yield return $"{source.Path}:{i + 1}: {rule.Law}: {lines[i].Trim()}";
                }
            }
        }
    }

    // Comments may name what code must not use; so may texts.
    private static string WithoutCommentAndText(string line)
    {
        string code = TextLiteral().Replace(line, "\"\"");
        int comment = code.IndexOf("//", StringComparison.Ordinal);
        string trimmed = code.TrimStart();
        return trimmed.StartsWith('*') || trimmed.StartsWith("/*", StringComparison.Ordinal) ? ""
            : comment >= 0 ? code[..comment]
            : code;
    }

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex TextLiteral();

    // Only at the left margin (file-scoped namespaces): nested types are a matter of their owner.
    [GeneratedRegex(@"^public\s+(?:(?:static|abstract|sealed|partial|unsafe|readonly|ref)\s+)*(?:class|interface|struct)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    private sealed record Rule(string Law, string[] AllowedIn, Regex Pattern)
    {
        public Rule(string law, string[] allowedIn, string pattern)
            : this(law, allowedIn, new Regex(pattern, RegexOptions.CultureInvariant))
        {
        }
    }
}
