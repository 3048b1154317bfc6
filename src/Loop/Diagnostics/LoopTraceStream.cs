using System;
using Spindle.Kernels;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Diagnostics;

/// <summary>Writes every turn of a loop to a file as it goes on, for a profile of a whole run.</summary>
/// <remarks>
/// The loop only fills a buffer; a worker makes text of it and writes it when the buffer is full. While both buffers are in
/// use, or after the file refused, spans are dropped and counted: the loop never waits for the disk. To be closed before
/// the loop is disposed.
/// </remarks>
public sealed class LoopTraceStream : IDisposable
{
    private readonly EventLoop loop;
    private readonly WorkerPool pool;
    private readonly Recorder recorder;
    private readonly TraceText text;
    private readonly int fd;
    private bool isWriting;
    private bool isEnding;
    private Action<Result>? closed;

    private LoopTraceStream(EventLoop loop, WorkerPool pool, int fd, int spansMax, string name)
    {
        this.loop = loop;
        this.pool = pool;
        this.fd = fd;
        text = new TraceText(loop.Kernel.ProcessId, Environment.CurrentManagedThreadId);
        text.Begin(name);
        recorder = new Recorder(this, spansMax);
    }

    /// <summary>Spans that found no room.</summary>
    public long Dropped { get; private set; }

    /// <summary>The first error of the file; then nothing more is written.</summary>
    public Errno Error { get; private set; }

    /// <summary>Begins to record.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="pool">Whose workers write; of the same loop.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="stream">The recording.</param>
    /// <param name="spansMax">Spans in each of the two buffers.</param>
    /// <param name="name">The loop's name in the file.</param>
    /// <returns>The kernel's error, if the file cannot be opened.</returns>
    public static Result Open(
        EventLoop loop, WorkerPool pool, string path, out LoopTraceStream? stream, int spansMax = 4096, string name = "loop")
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentOutOfRangeException.ThrowIfLessThan(spansMax, 1);
        stream = null;
        Result file = loop.Kernel.Open(path, FileFlags.Write | FileFlags.Create | FileFlags.Truncate);
        if (file.IsOk)
        {
            stream = new LoopTraceStream(loop, pool, file.Int, spansMax, name);
            ObserverPair.Attach(loop, stream.recorder);
        }

        return file.IsOk ? Result.Ok() : file;
    }

    /// <summary>Hands what is recorded so far to a worker. It happens by itself when a buffer is full.</summary>
    public void Flush()
    {
        loop.VerifyThread();
        if (!isWriting && !isEnding && recorder.Count > 0)
        {
            Start();
        }
    }

    /// <summary>Ends recording; the rest is written and the file closed by a worker.</summary>
    /// <param name="done">Called on the loop once that is so: success, or the first error.</param>
    public void Close(Action<Result>? done = null)
    {
        loop.VerifyThread();
        if (isEnding)
        {
            return;
        }

        ObserverPair.Detach(loop, recorder);
        isEnding = true;
        closed = done;
        if (!isWriting)
        {
            Start();
        }
    }

    /// <summary>As <see cref="Close"/>, without waiting.</summary>
    public void Dispose() => Close();

    private void Start()
    {
        TraceEvent[] spans = recorder.Take(out int count);
        bool isLast = isEnding;
        Errno error = Error;
        isWriting = true;
        Action work = () => error = WriteOut(spans.AsSpan(0, count), isLast, error);
        Result started = pool.Start(work, thrown => Finish(spans, isLast, thrown is null ? error : Errno.ECANCELED));
        if (started.IsOk)
        {
            return;
        }

        // No worker: a full queue is tried again with the next buffer, the end is made here.
        Dropped += count;
        if (isLast)
        {
            loop.Kernel.Close(fd);
        }

        Finish(spans, isLast, isLast ? started.Error : Errno.None);
    }

    /// <summary>On a worker.</summary>
    private Errno WriteOut(ReadOnlySpan<TraceEvent> spans, bool isLast, Errno error)
    {
        foreach (ref readonly TraceEvent span in spans)
        {
            text.Append(span);
        }

        if (isLast)
        {
            text.End();
        }

        if (error == Errno.None)
        {
            error = TraceFile.WriteAll(loop.Kernel, fd, text.Written).Error;
        }

        text.Clear();
        if (isLast)
        {
            loop.Kernel.Close(fd);
        }

        return error;
    }

    private void Finish(TraceEvent[] spans, bool isLast, Errno error)
    {
        isWriting = false;
        recorder.GiveBack(spans);
        Error = Error == Errno.None ? error : Error;
        if (isLast)
        {
            closed?.Invoke(new Result(0, Error));
        }
        else if (isEnding || recorder.IsFull)
        {
            Start();
        }
    }

    private sealed class Recorder(LoopTraceStream stream, int spansMax) : TraceRecorder
    {
        private TraceEvent[]? spare = new TraceEvent[spansMax];
        private TraceEvent[] spans = new TraceEvent[spansMax];

        public int Count { get; private set; }

        public bool IsFull => Count == spans.Length;

        /// <summary>Takes the spans out; the other buffer is filled meanwhile.</summary>
        public TraceEvent[] Take(out int count)
        {
            TraceEvent[] taken = spans;
            count = Count;
            spans = spare!;
            spare = null;
            Count = 0;
            return taken;
        }

        public void GiveBack(TraceEvent[] buffer)
        {
            Array.Clear(buffer);
            spare = buffer;
        }

        protected override void Record(in TraceEvent span)
        {
            if (IsFull || stream.Error != Errno.None)
            {
                stream.Dropped++;
                return;
            }

            spans[Count++] = span;
            if (IsFull && !stream.isWriting)
            {
                stream.Start();
            }
        }
    }
}
