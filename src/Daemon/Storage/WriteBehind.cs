using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Daemon.Logging;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Loop.Workers;

namespace Spindle.Daemon.Storage;

/// <summary>Writes files a while after they changed, on a thread that exists only meanwhile: the loop never waits for a disk.</summary>
/// <remarks>
/// Of several versions of a file within the delay the last one is written. One batch is on its way at a time, so a file's
/// versions keep their order. A write that fails is said once, and tried again after a growing pause.
/// </remarks>
public sealed class WriteBehind
{
    /// <summary>The most files that wait; what comes then is refused and said.</summary>
    public const int FilesMax = 4096;

    /// <summary>The longest pause between two attempts.</summary>
    public static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(64);

    private readonly Kernel kernel;
    private readonly Log log;
    private readonly WorkerPool worker;
    private readonly TimerSource timer;
    private readonly TimerSource flushTimer;
    private readonly TimeSpan delay;
    private readonly Backoff retryDelay;
    private readonly Dictionary<string, byte[]?> waiting = [];
    private Write[] written = [];
    private Action<bool>? flushed;

    private sealed class Write(string path, byte[]? octets)
    {
        public string Path => path;

        public byte[]? Octets => octets;

        public Result Result { get; set; }
    }

    /// <summary>Writes on this loop's worker.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="log">The log.</param>
    /// <param name="delay">How long changes are gathered; a second if nothing is said.</param>
    public WriteBehind(EventLoop loop, Log log, TimeSpan? delay = null)
    {
        ArgumentNullException.ThrowIfNull(loop);
        kernel = loop.Kernel;
        this.log = log;
        this.delay = delay ?? TimeSpan.FromSeconds(1);
        retryDelay = new Backoff(this.delay, RetryDelayMax);
        worker = new WorkerPool(loop, WorkerLimits.OneOnDemand, "settings");
        timer = loop.AddTimer((_, _) => Begin(), Priority.Low, "settings: write");
        flushTimer = loop.AddTimer((_, _) => Finish(isWritten: false), Priority.Default, "settings: flush");
    }

    /// <summary>True if everything is on the disk.</summary>
    public bool IsIdle => waiting.Count == 0 && written.Length == 0;

    /// <summary>Attempts that failed so far.</summary>
    public long Failures { get; private set; }

    /// <summary>A file's new content.</summary>
    /// <param name="path">The file; its directory is made if needed, for root alone.</param>
    /// <param name="octets">The content, which nobody changes any more; null: the file is removed.</param>
    public void Put(string path, byte[]? octets)
    {
        if (waiting.Count >= FilesMax && !waiting.ContainsKey(path))
        {
            log.Error($"{path} is not written: {FilesMax} files wait already");
            return;
        }

        waiting[path] = octets;
        if (written.Length == 0 && !timer.IsArmed)
        {
            timer.ArmAfter(flushed is null ? delay : TimeSpan.Zero);
        }
    }

    /// <summary>Writes at once what waits, for an orderly end.</summary>
    /// <param name="bound">How long it may take.</param>
    /// <param name="done">Called on the loop, or at once if nothing waits: true if all is on the disk; false if a write failed or
    /// time ran out.</param>
    public void Flush(TimeSpan bound, Action<bool> done)
    {
        ArgumentNullException.ThrowIfNull(done);
        if (IsIdle)
        {
            done(true);
            return;
        }

        Action<bool>? others = flushed;
        flushed = others is null ? done : isWritten => { others(isWritten); done(isWritten); };
        flushTimer.ArmAfter(bound);
        if (written.Length == 0)
        {
            Begin();
        }
    }

    private void Begin()
    {
        timer.Disarm();
        Write[] batch = new Write[waiting.Count];
        int count = 0;
        foreach ((string path, byte[]? octets) in waiting)
        {
            batch[count++] = new(path, octets);
        }

        waiting.Clear();
        written = batch;
        Result started = worker.Start(() => WriteAll(kernel, batch), Completed);
        if (!started.IsOk)
        {
            Array.ForEach(batch, write => write.Result = started);
            Completed(null);
        }
    }

    /// <summary>On the worker's thread: sees nothing but what it was given.</summary>
    private static void WriteAll(Kernel kernel, Write[] batch)
    {
        foreach (Write write in batch)
        {
            write.Result = write.Octets is { } octets
                ? AtomicFile.Replace(kernel, write.Path, octets)
                : AtomicFile.Remove(kernel, write.Path);
        }
    }

    private void Completed(Exception? thrown)
    {
        if (thrown is not null)
        {
            throw new InvalidOperationException("Writing settings threw.", thrown);
        }

        bool isFailed = false;
        foreach (Write write in written)
        {
            isFailed |= !write.Result.IsOk;
            Settle(write);
        }

        written = [];
        if (flushed is not null && (isFailed || waiting.Count == 0))
        {
            Finish(!isFailed);
        }

        if (!isFailed)
        {
            retryDelay.Reset();
        }

        if (waiting.Count > 0)
        {
            timer.ArmAfter(flushed is not null ? TimeSpan.Zero : isFailed ? retryDelay.Next() : delay);
        }
    }

    private void Settle(Write write)
    {
        string key = $"write {write.Path}";
        if (write.Result.IsOk)
        {
            if (log.Forget(key))
            {
                log.Information($"{write.Path} is written now");
            }

            return;
        }

        Failures++;
        waiting.TryAdd(write.Path, write.Octets);
        if (log.Once(key))
        {
            log.Error($"{write.Path} cannot be written ({write.Result.Error}); it is tried again until it can");
        }
    }

    private void Finish(bool isWritten)
    {
        flushTimer.Disarm();
        Action<bool>? done = flushed;
        flushed = null;
        done?.Invoke(isWritten);
    }
}
