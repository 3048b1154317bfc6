using System;
using System.Collections.Immutable;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Storage;
using Spindle.Kernels;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Configuration;

/// <summary>main.conf on disk: read at the start, read again on SIGHUP.</summary>
public sealed class MainConfigurationSource
{
    private readonly Kernel kernel;
    private readonly string path;
    private readonly Log log;
    private MainConfiguration written = new();

    /// <summary>A source that reads this file; nothing is read yet.</summary>
    public MainConfigurationSource(Kernel kernel, string path, Log log)
    {
        this.kernel = kernel;
        this.path = path;
        this.log = log;
    }

    /// <summary>What is in force: what the file said at the start, with all that could be applied live since.</summary>
    public MainConfiguration Current { get; private set; } = new();

    /// <summary>Reads the file at the start. If it is missing or refused the defaults are in force.</summary>
    public MainConfiguration Load()
    {
        Current = written = Read() ?? new MainConfiguration();
        return Current;
    }

    /// <summary>Reads the file again, brings <see cref="Current"/> up to date and says what changed.</summary>
    /// <returns>The keys that differ from the last reading; none if the file is refused, then all stays as it was.</returns>
    public ImmutableArray<MainKeyChange> Reload()
    {
        if (Read() is not { } read)
        {
            log.Warning($"{path}: what was read before stays in force");
            return [];
        }

        ImmutableArray<MainKeyChange> changes = MainConfigurationChanges.Between(written, read);
        Current = MainConfigurationChanges.LivePart(Current, read);
        written = read;
        foreach (MainKeyChange change in changes)
        {
            log.Information($"{path}: {change}");
        }

        if (changes.IsEmpty)
        {
            log.Information($"{path}: nothing changed");
        }

        return changes;
    }

    private MainConfiguration? Read()
    {
        Result result = kernel.ReadFile(path, KeyFileDocument.SizeMax, out byte[] octets);
        if (result.Is(Errno.ENOENT) || result.Is(Errno.ENOTDIR))
        {
            log.Information($"{path} is not there, the defaults apply");
            return new MainConfiguration();
        }

        if (!result.IsOk)
        {
            log.Error($"{path} cannot be read: {result.Error}");
            return null;
        }

        bool isRead = MainConfigurationParser.TryParse(path, octets, out MainConfiguration? configuration, out var remarks);
        foreach (ConfigurationRemark remark in remarks)
        {
            Say(remark);
        }

        return isRead ? configuration : null;
    }

    private void Say(ConfigurationRemark remark)
    {
        if (remark.IsMistake)
        {
            log.Warning(remark.ToString());
        }
        else if (log.Once($"main.conf {remark.Reason}"))
        {
            log.Information(remark.ToString());
        }
    }
}
