using System;
using System.Linq;
using System.Text;
using Spindle.Protocols.KeyFile;

namespace Spindle.Fuzz.Targets;

/// <summary>Key files: what is not changed comes out as it went in; what is set is read back, and nothing else moves.</summary>
public static class KeyFileFuzz
{
    private static readonly string[] Seeds =
    [
        "# c\n[General]\nA = b\nList = a,b\\,c,\n\n[global]\nOfflineMode=false\nTimeservers=a;b\\;c;\n",
        "[ethernet_020000000001_cable]\nName=Wired\nModified=2026-11-21T02:54:04Z\nIPv4.method=manual\nPassphrase=\\s\\\\303\\n",
        "[g]\r\na[de_DE.UTF-8@euro]=\\sx\\t\r\n[g]\r\na=1\r\na=2",
    ];

    public static FuzzTarget Target { get; } = new("keyfile", [.. Seeds.Select(Encoding.UTF8.GetBytes)], Run);

    private static void Run(byte[] input)
    {
        if (!KeyFileDocument.TryParse(input, out KeyFileDocument? document, out KeyFileError error))
        {
            Must(error.Reason.Length > 0 && error.Line >= 0 && error.Line <= input.Count(octet => octet == '\n') + 1, "a line to blame");
            return;
        }

        Must(document.ToOctets().AsSpan().SequenceEqual(input), "the octets that went in");
        foreach (string group in document.Groups())
        {
            Must(document.HasGroup(group), "a group that it names");
            foreach (KeyFileEntry entry in document.Entries(group))
            {
                ReadAll(entry);
                Must(document.Find(group, entry.Key) is not null, "a key that it names");
            }
        }

        Write(document, Encoding.UTF8.GetString(input));
    }

    private static void ReadAll(KeyFileEntry entry)
    {
        _ = entry.TryRaw(out _, out _) & entry.TryBoolean(out _, out _) & entry.TryInt32(out _, out _);
        _ = entry.TryUInt32(out _, out _) & entry.TryInt64(out _, out _) & entry.TryList(',', out _, out _);
        if (entry.TryString(out string? text, out _))
        {
            Must(CEscapes.TryUnescape(CEscapes.Escape(text), out string? again) && again == text, "a C string");
        }

        CEscapes.TryUnescape(Encoding.UTF8.GetString(entry.RawOctets), out _);
    }

    /// <summary>Any text can be set and is read back, but for the few characters that the format has no escape for.</summary>
    private static void Write(KeyFileDocument document, string text)
    {
        string value = new([.. text.Take(200).Where(c => c is not ('\0' or '\v' or '\f') && !char.IsSurrogate(c))]);
        document.SetString("fuzz", "one", value);
        document.SetList("fuzz", "two", ["x", value, "y"]);
        document.SetRaw("fuzz", "zero", "0", behind: null);
        Must(KeyFileDocument.TryParse(document.ToOctets(), out KeyFileDocument? again, out _), "a file that is read back");
        Must(again!.GetString("fuzz", "one") == value, "the string");
        Must(again.GetList("fuzz", "two") is ["x", var middle, "y"] && middle == value, "the list");
    }

    private static void Must(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new InvalidOperationException($"not {what}");
        }
    }
}
