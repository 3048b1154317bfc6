using System;
using System.Collections.Generic;
using Spindle.Daemon.Provisioning;
using Spindle.Daemon.Storage;
using Spindle.Kernels;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Libvirt;

/// <summary>What became of reading or writing a transaction.</summary>
internal enum TransactionOutcome
{
    /// <summary>It went well.</summary>
    Done,

    /// <summary>There is none.</summary>
    None,

    /// <summary>There is one already.</summary>
    Running,

    /// <summary>The disk said no.</summary>
    Failed,

    /// <summary>The provisioning files are too many or too large to be kept.</summary>
    TooLarge,

    /// <summary>The file is none of ours; it was put out of the way.</summary>
    Foreign,
}

/// <summary>What begin keeps of the provisioning files, on disk, until commit or rollback. Waits for the disk.</summary>
/// <remarks>
/// One file holds them all, so that begin and commit happen at one moment each: the one is a rename, the other a removal. As long
/// as it is there, what it holds is what counts: a rollback that was cut short is taken up again at the next start.
/// </remarks>
/// <param name="kernel">The kernel.</param>
/// <param name="directory">The storage directory.</param>
internal sealed class TransactionFile(Kernel kernel, string directory)
{
    /// <summary>The file's name.</summary>
    public const string Name = "libvirt.transaction";

    /// <summary>The most octets of provisioning files that are kept; in base64 they fit into a key file.</summary>
    public const int SizeMax = 700_000;

    private const string Head = "Transaction";
    private const string GroupPrefix = "File ";
    private const long Version = 1;

    private string Path => $"{directory}/{Name}";

    /// <summary>True if a transaction was begun and neither committed nor rolled back.</summary>
    public bool Exists => kernel.Status(Path, out _, followLinks: false).IsOk;

    /// <summary>Why the last operation failed.</summary>
    public Errno Error { get; private set; }

    /// <summary>Keeps all provisioning files as they are.</summary>
    public TransactionOutcome Begin()
    {
        if (Exists)
        {
            return TransactionOutcome.Running;
        }

        if (!TryReadAll(out SortedDictionary<string, byte[]> files))
        {
            return TransactionOutcome.Failed;
        }

        KeyFileDocument document = new();
        document.SetInt64(Head, "Version", Version);
        document.SetInt64(Head, "Files", files.Count);
        long size = 0;
        foreach ((string name, byte[] octets) in files)
        {
            size += octets.Length;
            document.SetRaw(GroupPrefix + name, "Octets", Convert.ToBase64String(octets));
        }

        return size > SizeMax ? TransactionOutcome.TooLarge : OutcomeOf(AtomicFile.Replace(kernel, Path, document.ToOctets()));
    }

    /// <summary>What was done since begin stays.</summary>
    public TransactionOutcome Commit() =>
        Exists ? OutcomeOf(AtomicFile.Remove(kernel, Path)) : TransactionOutcome.None;

    /// <summary>Brings all provisioning files back as they were at begin.</summary>
    public TransactionOutcome RollBack()
    {
        Result read = kernel.ReadFile(Path, KeyFileDocument.SizeMax, out byte[] octets);
        if (!read.IsOk)
        {
            return read.Is(Errno.ENOENT) ? TransactionOutcome.None : OutcomeOf(read);
        }

        if (!TryParse(octets, out Dictionary<string, byte[]> kept))
        {
            StoredFile.SetAside(kernel, Path, out _);
            return TransactionOutcome.Foreign;
        }

        Result result = Restore(kept);
        return OutcomeOf(result.IsOk ? AtomicFile.Remove(kernel, Path) : result);
    }

    private TransactionOutcome OutcomeOf(Result result)
    {
        Error = result.Error;
        return result.IsOk ? TransactionOutcome.Done : TransactionOutcome.Failed;
    }

    private bool TryReadAll(out SortedDictionary<string, byte[]> files)
    {
        files = new(StringComparer.Ordinal);
        SortedSet<string> names = new(StringComparer.Ordinal);
        Result result = kernel.ListDirectory(directory, names);
        foreach (string name in names)
        {
            if (!result.IsOk || !ProvisioningParser.IsFileName(name))
            {
                continue;
            }

            Result read = kernel.ReadFile($"{directory}/{name}", KeyFileDocument.SizeMax, out byte[] octets);
            if (read.IsOk)
            {
                files.Add(name, octets);
            }
            else if (!read.Is(Errno.ENOENT))
            {
                result = read;
            }
        }

        Error = result.Error;
        return result.IsOk;
    }

    /// <summary>A file that is as it was is not touched.</summary>
    private Result Restore(Dictionary<string, byte[]> kept)
    {
        if (!TryReadAll(out SortedDictionary<string, byte[]> present))
        {
            return Result.Fail(Error);
        }

        foreach ((string name, byte[] octets) in kept)
        {
            bool isSame = present.Remove(name, out byte[]? now) && now.AsSpan().SequenceEqual(octets);
            Result result = isSame ? Result.Ok() : AtomicFile.Replace(kernel, $"{directory}/{name}", octets);
            if (!result.IsOk)
            {
                return result;
            }
        }

        foreach (string name in present.Keys)
        {
            Result result = AtomicFile.Remove(kernel, $"{directory}/{name}");
            if (!result.IsOk)
            {
                return result;
            }
        }

        return Result.Ok();
    }

    private static bool TryParse(byte[] octets, out Dictionary<string, byte[]> kept)
    {
        kept = new(StringComparer.Ordinal);
        if (!KeyFileDocument.TryParse(octets, out KeyFileDocument? document, out _) || document.GetInt64(Head, "Version") != Version)
        {
            return false;
        }

        foreach (string group in document.Groups())
        {
            if (!group.StartsWith(GroupPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            string name = group[GroupPrefix.Length..];
            string text = document.GetString(group, "Octets") ?? "!";
            byte[] buffer = new byte[text.Length];
            if (!ProvisioningParser.IsFileName(name) || !Convert.TryFromBase64String(text, buffer, out int size))
            {
                return false;
            }

            kept[name] = buffer[..size];
        }

        return document.GetInt64(Head, "Files") is { } count && count == kept.Count;
    }
}
