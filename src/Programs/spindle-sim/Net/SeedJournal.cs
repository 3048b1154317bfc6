using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO;
using System.Text;

namespace Spindle.Programs.Net;

/// <summary>A file that holds the next seed. One run has it at a time.</summary>
internal sealed class SeedJournal : IDisposable
{
    private const int SizeMax = 64;
    private const int Width = 20; // the digits of the largest seed, and of the number behind it: each entry covers the one before

    private readonly FileStream file;

    private SeedJournal(FileStream file, UInt128? next)
    {
        this.file = file;
        Next = next;
    }

    /// <summary>The seed that it has come to; null: none yet.</summary>
    public UInt128? Next { get; }

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="journal">It; null with a complaint.</param>
    /// <param name="complaint">Why not: it cannot be opened, another run has it, or it holds something else.</param>
    public static bool TryOpen(string path, [NotNullWhen(true)] out SeedJournal? journal, out string complaint)
    {
        journal = null;
        try
        {
            FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Span<byte> octets = stackalloc byte[SizeMax + 1];
            string text = Encoding.ASCII.GetString(octets[..file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)]).Trim();
            bool isSeed = UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 next)
                && next <= (UInt128)ulong.MaxValue + 1;
            if (!isSeed && text.Length > 0)
            {
                file.Dispose();
                complaint = $"'{path}' is not a journal: it should hold the number of the next seed";
                return false;
            }

            journal = new SeedJournal(file, isSeed ? next : null);
            complaint = "";
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            complaint = $"the journal cannot be had: {exception.Message}";
            return false;
        }
    }

    /// <summary>Every seed before this one went well.</summary>
    /// <returns>What the file could not be written for; null if it was.</returns>
    public string? Write(UInt128 next)
    {
        try
        {
            string entry = next.ToString(CultureInfo.InvariantCulture).PadRight(Width) + "\n";
            RandomAccess.Write(file.SafeFileHandle, Encoding.ASCII.GetBytes(entry), 0);
            file.SetLength(entry.Length);
            return null;
        }
        catch (IOException exception)
        {
            return $"the journal cannot be written: {exception.Message}";
        }
    }

    public void Dispose() => file.Dispose();
}
