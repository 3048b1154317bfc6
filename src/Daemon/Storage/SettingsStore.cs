using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Daemon.Logging;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Loop.Workers;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Storage;

/// <summary>Called with what is stored for a service.</summary>
/// <param name="service">Its settings; null: none.</param>
/// <param name="lease">Its last lease; null: none.</param>
public delegate void ServiceStoredHandler(StoredService? service, StoredLease? lease);

/// <summary>Settings on disk in ConnMan's own format, so that a user can switch and switch back; written behind.</summary>
/// <remarks>
/// Reads at the start wait for the disk; later ones happen on a thread. A file that is torn or is none of ours is renamed to
/// <c>NAME.bad-N</c> and said; what it held is gone as far as we are concerned, and nothing else happens. One that cannot be
/// read because something is short for a moment is read again until it can be; one that cannot be read at all stays where it
/// is, and is put aside once there is something to write in its place.
/// </remarks>
public sealed class SettingsStore
{
    private const string SettingsName = "settings";
    private const string LeaseName = "lease";
    private const int AttemptsAtOnce = 10;
    private static readonly TimeSpan StartSpan = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(10);

    private readonly EventLoop loop;
    private readonly Kernel kernel;
    private readonly Log log;
    private readonly WorkerPool reader;
    private readonly WallClock wallClock;
    private readonly Dictionary<string, KeyFileDocument> documents = [];
    private readonly HashSet<string> directories = [];
    private readonly HashSet<string> unread = [];
    private readonly Instant startedAt;
    private bool isListed; // or else a service may have its directory, for all that is known

    /// <summary>A store in this directory; nothing is touched before <see cref="Open"/>.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="directory">The storage directory.</param>
    /// <param name="log">The log.</param>
    /// <param name="writeDelay">How long changes are gathered; a second if nothing is said.</param>
    public SettingsStore(EventLoop loop, string directory, Log log, TimeSpan? writeDelay = null)
    {
        ArgumentNullException.ThrowIfNull(loop);
        this.loop = loop;
        kernel = loop.Kernel;
        wallClock = new WallClock(kernel);
        this.log = log;
        Directory = directory.TrimEnd('/');
        reader = new WorkerPool(loop, WorkerLimits.OneOnDemand, "settings-read");
        Writer = new WriteBehind(loop, log, writeDelay);
        startedAt = loop.Now;
    }

    /// <summary>The storage directory.</summary>
    public string Directory { get; }

    /// <summary>Files that are known.</summary>
    internal int DocumentCount => documents.Count;

    /// <summary>Where writes wait.</summary>
    public WriteBehind Writer { get; }

    /// <summary>Makes the directory if it is missing, and looks at what is in it. If that fails, nothing is stored, the log says
    /// so, and the daemon goes on.</summary>
    public Result Open()
    {
        Result made = AtomicFile.MakeDirectory(kernel, Directory);
        Result listed = made.IsOk ? kernel.ListDirectory(Directory, directories) : made;
        isListed = listed.IsOk;
        if (!listed.IsOk)
        {
            log.Error($"{Directory} cannot be used ({listed.Error}): settings are not kept");
        }

        return listed;
    }

    /// <summary>The settings that are of no service. At the start.</summary>
    public GlobalSettings LoadGlobal()
    {
        List<KeyFileError> defects = [];
        string path = PathOf(SettingsName);
        GlobalSettings settings = GlobalSettings.Read(Document(path), defects);
        Say(path, defects);
        return settings;
    }

    /// <summary>Has them written.</summary>
    public void SaveGlobal(GlobalSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string path = PathOf(SettingsName);
        KeyFileDocument document = Document(path);
        settings.Write(document);
        Write(path, document);
    }

    /// <summary>Reads what is stored for a service. At the start, and for what was read before, the answer comes at once.</summary>
    public void LoadService(string ident, ServiceStoredHandler loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        string settings = ServicePath(ident, SettingsName);
        string lease = ServicePath(ident, LeaseName);
        bool isKnown = !MayBeThere(ident) || documents.ContainsKey(settings);
        if (isKnown)
        {
            Answer(ident, loaded);
            return;
        }

        if (loop.Now - startedAt < StartSpan)
        {
            Take(ident, ReadDocument.Read(kernel, settings), ReadDocument.Read(kernel, lease), NewDelay(), loaded);
            return;
        }

        ReadApart(ident, NewDelay(), loaded);
    }

    /// <summary>Has a service's settings written.</summary>
    public void SaveService(string ident, StoredService service)
    {
        string path = ServicePath(ident, SettingsName);
        KeyFileDocument document = Document(path);
        ServiceSettings.Write(document, ident, service, wallClock.UtcNow);
        Write(path, document);
    }

    /// <summary>Has a service's lease written; null: removed.</summary>
    public void SaveLease(string ident, StoredLease? lease)
    {
        string path = ServicePath(ident, LeaseName);
        KeyFileDocument document = new();
        bool isThere = documents.ContainsKey(path) || MayBeThere(ident);
        lease?.Write(document);
        documents[path] = document;
        if (lease is not null || isThere)
        {
            Writer.Put(path, lease is null ? null : document.ToOctets());
        }
    }

    /// <summary>Writes what waits, for an orderly end; see <see cref="WriteBehind.Flush"/>.</summary>
    public void Flush(TimeSpan bound, Action<bool> done) => Writer.Flush(bound, done);

    private static Backoff NewDelay() => new(RetryDelayMin, RetryDelayMax);

    private void ReadApart(string ident, Backoff retryDelay, ServiceStoredHandler loaded)
    {
        string settings = ServicePath(ident, SettingsName);
        string lease = ServicePath(ident, LeaseName);
        ReadDocument? readSettings = null, readLease = null;
        Result started = reader.Start(
            () => (readSettings, readLease) = (ReadDocument.Read(kernel, settings), ReadDocument.Read(kernel, lease)),
            _ => Take(ident, readSettings!, readLease!, retryDelay, loaded));
        if (!started.IsOk)
        {
            Take(ident, ReadDocument.Read(kernel, settings), ReadDocument.Read(kernel, lease), retryDelay, loaded);
        }
    }

    /// <summary>What was read counts, unless it may be had in a while.</summary>
    private void Take(string ident, ReadDocument settings, ReadDocument lease, Backoff retryDelay, ServiceStoredHandler loaded)
    {
        if (settings.IsTransient || lease.IsTransient)
        {
            loop.AddTimer((timer, _) =>
            {
                timer.Remove();
                ReadApart(ident, retryDelay, loaded);
            }, Priority.Low, "settings: read again").ArmAfter(retryDelay.Next());
            return;
        }

        Keep(ServicePath(ident, SettingsName), settings);
        Keep(ServicePath(ident, LeaseName), lease);
        Answer(ident, loaded);
    }

    private void Answer(string ident, ServiceStoredHandler loaded)
    {
        string settings = ServicePath(ident, SettingsName);
        string lease = ServicePath(ident, LeaseName);
        List<KeyFileError> defects = [];
        bool isThere = MayBeThere(ident) || documents.ContainsKey(settings);
        StoredService? service = isThere ? ServiceSettings.Read(Document(settings), ident, defects) : null;
        Say(settings, defects);
        defects.Clear();
        StoredLease? stored = isThere ? StoredLease.Read(Document(lease), defects) : null;
        Say(lease, defects);
        loaded(service, stored);
    }

    /// <summary>A file as it stands, changes that wait to be written included.</summary>
    private KeyFileDocument Document(string path)
    {
        if (!documents.ContainsKey(path))
        {
            ReadDocument read = ReadDocument.Read(kernel, path);
            for (int attempt = 1; read.IsTransient && attempt < AttemptsAtOnce; attempt++)
            {
                read = ReadDocument.Read(kernel, path);
            }

            Keep(path, read);
        }

        return documents[path];
    }

    private void Write(string path, KeyFileDocument document)
    {
        if (unread.Remove(path) && StoredFile.SetAside(kernel, path, out _) is { } aside)
        {
            log.Error($"{path} could not be read: what it held is now {aside}");
        }

        Writer.Put(path, document.ToOctets());
    }

    /// <summary>A file that was read meanwhile does not replace what was changed meanwhile.</summary>
    private void Keep(string path, ReadDocument read)
    {
        if (documents.TryAdd(path, read.Document) && read.Failure != Errno.None)
        {
            unread.Add(path);
        }

        if (read.Remark is { } remark)
        {
            log.Error(remark);
        }
    }

    private void Say(string path, List<KeyFileError> defects)
    {
        foreach (KeyFileError defect in defects)
        {
            log.Warning($"{path}: {defect}: left out");
        }
    }

    private bool MayBeThere(string ident) => !isListed || directories.Contains(ident);

    private string PathOf(string name) => $"{Directory}/{name}";

    private string ServicePath(string ident, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(ident);
        if (ident[0] == '.' || ident.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{ident}' is no ident of a service.", nameof(ident));
        }

        return $"{Directory}/{ident}/{name}";
    }
}
