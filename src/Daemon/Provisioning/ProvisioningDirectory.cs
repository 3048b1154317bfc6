using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Daemon.Configuration;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Storage;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Provisioning;

/// <summary>The provisioning files of the storage directory: read at the start, then followed by inotify.</summary>
/// <remarks>
/// A new or changed file takes effect at once; a removed one is taken back; one that is broken is refused whole and said, while
/// what it said last stays. A burst of events is gathered and looked at once, behind it.
/// </remarks>
public sealed class ProvisioningDirectory
{
    /// <summary>The most files that count; further ones are refused and said.</summary>
    public const int FilesMax = 256;

    private readonly EventLoop loop;
    private readonly Kernel kernel;
    private readonly string directory;
    private readonly Log log;
    private readonly SortedDictionary<string, Known> files = new(StringComparer.Ordinal);
    private FileWatchSource? watch;
    private DirectoryEvents? gathered;

    private sealed record Known(byte[] Octets, ImmutableArray<ProvisionedService> Services);

    /// <summary>Follows this directory; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="directory">The storage directory.</param>
    /// <param name="log">The log.</param>
    public ProvisioningDirectory(EventLoop loop, string directory, Log log)
    {
        ArgumentNullException.ThrowIfNull(loop);
        this.loop = loop;
        kernel = loop.Kernel;
        this.directory = directory.TrimEnd('/');
        this.log = log;
    }

    /// <summary>Called on the loop with all services of all files, in the order of the files' names, after any of it changed.</summary>
    public Action<ImmutableArray<ProvisionedService>>? Changed { get; set; }

    /// <summary>All services of all files, in the order of the files' names.</summary>
    public ImmutableArray<ProvisionedService> Services { get; private set; } = [];

    /// <summary>Files that were refused so far.</summary>
    public long Refusals { get; private set; }

    /// <summary>No further file would count.</summary>
    public bool IsFull => files.Count >= FilesMax;

    /// <summary>Makes the directory if it is missing, watches it, and reads what is there. A failure is said and leaves the daemon
    /// with the files that it could read.</summary>
    public ImmutableArray<ProvisionedService> Start()
    {
        Watch();
        Rescan();
        Collect();
        return Services;
    }

    /// <summary>Looks at a file now, for who has just written or removed it and will not wait until inotify tells.</summary>
    public void LookAt(string name)
    {
        if (Update(name, isNew: false))
        {
            Collect();
            Changed?.Invoke(Services);
        }
    }

    /// <summary>Looks at all files now.</summary>
    public void LookAtAll()
    {
        if (Rescan())
        {
            Collect();
            Changed?.Invoke(Services);
        }
    }

    /// <summary>What a file said when it was last taken; null if there is none, or it was refused from the start.</summary>
    public ReadOnlyMemory<byte>? Find(string name) => files.TryGetValue(name, out Known? known) ? known.Octets : null;

    /// <summary>First the watch, then the reading: what changes between the two is seen.</summary>
    private void Watch()
    {
        watch?.Remove();
        watch = null;
        Result result = AtomicFile.MakeDirectory(kernel, directory);
        if (result.IsOk)
        {
            result = loop.TryAddFileWatch(
                directory, DirectoryEvents.Wanted, (_, happened) => Gather(happened), out watch, Priority.Low, "provisioning");
        }

        if (!result.IsOk && log.Once("provisioning watch"))
        {
            log.Error($"{directory} is not followed: {result.Error}");
        }
    }

    /// <summary>What belongs together comes together: it is looked at in the next turn, when the events that are there were told.</summary>
    private void Gather(in FileEvent happened)
    {
        if (gathered is null)
        {
            gathered = new DirectoryEvents();
            loop.AddIdle(_ => LookAtGathered(), Priority.Low, "provisioning");
        }

        gathered.Add(happened);
    }

    /// <returns>False: the source of idle work is for once.</returns>
    private bool LookAtGathered()
    {
        DirectoryEvents found = gathered!;
        gathered = null;
        Look(found);
        return false;
    }

    private void Look(DirectoryEvents found)
    {
        bool isChanged = false;
        if (found.IsDirectoryGone)
        {
            log.Warning($"{directory} was removed or replaced: made anew");
            Watch();
        }

        if (found.IsOverflown || found.IsDirectoryGone)
        {
            isChanged = Rescan();
        }
        else
        {
            foreach (string name in found.Names)
            {
                isChanged |= Update(name, isNew: found.CreatedNames.Contains(name));
            }
        }

        if (isChanged)
        {
            Collect();
            Changed?.Invoke(Services);
        }
    }

    private bool Rescan()
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        Result listed = kernel.ListDirectory(directory, names);
        if (!listed.IsOk)
        {
            log.Error($"{directory} cannot be read: {listed.Error}");
            return false;
        }

        bool isChanged = false;
        names.UnionWith(files.Keys);
        foreach (string name in names)
        {
            isChanged |= Update(name, isNew: false);
        }

        return isChanged;
    }

    /// <summary>Looks at one file again; true if what it says is different from before.</summary>
    /// <param name="name">The file.</param>
    /// <param name="isNew">It was only just made: its content comes later, unless it is a link to a file that is there.</param>
    private bool Update(string name, bool isNew)
    {
        if (!name.EndsWith(ProvisioningParser.Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        string path = $"{directory}/{name}";
        if (isNew && !(kernel.Status(path, out FileStatus status, followLinks: false).IsOk && status.IsSymbolicLink))
        {
            return false;
        }

        Result read = kernel.ReadFile(path, KeyFileDocument.SizeMax, out byte[] octets);
        if (read.Is(Errno.ENOENT))
        {
            return TakeBack(name, path);
        }

        if (files.TryGetValue(name, out Known? known) && known.Octets.AsSpan().SequenceEqual(octets) && read.IsOk)
        {
            return false;
        }

        return Take(name, path, read, octets);
    }

    private bool TakeBack(string name, string path)
    {
        bool wasThere = files.Remove(name);
        if (wasThere)
        {
            log.Information($"{path} is gone: its services are no longer provisioned");
        }

        return wasThere;
    }

    private bool Take(string name, string path, Result read, byte[] octets)
    {
        if (!ProvisioningParser.IsFileName(name))
        {
            return Refuse(name, path, "its name is not letters and digits before .config");
        }

        if (!read.IsOk)
        {
            return Refuse(name, path, $"it cannot be read ({read.Error})");
        }

        if (files.Count >= FilesMax && !files.ContainsKey(name))
        {
            return Refuse(name, path, $"there are {FilesMax} files already");
        }

        if (!ProvisioningParser.TryParse(name, octets, out ProvisioningFile? file, out KeyFileError error))
        {
            return Refuse(name, path, error.ToString());
        }

        foreach (ConfigurationRemark remark in file.Remarks)
        {
            log.Warning($"{directory}/{remark}");
        }

        log.Information($"{path}: {file.Services.Length} wired services");
        files[name] = new(octets, file.Services);
        return true;
    }

    private bool Refuse(string name, string path, string reason)
    {
        Refusals++;
        string stays = files.ContainsKey(name) ? "; what it said before stays" : "";
        log.Error($"{path} is refused: {reason}{stays}");
        return false;
    }

    private void Collect()
    {
        ImmutableArray<ProvisionedService>.Builder all = ImmutableArray.CreateBuilder<ProvisionedService>();
        foreach (Known known in files.Values)
        {
            all.AddRange(known.Services);
        }

        Services = all.ToImmutable();
    }
}
