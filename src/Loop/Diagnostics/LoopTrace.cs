using System;
using Spindle.Kernels;

namespace Spindle.Loop.Diagnostics;

/// <summary>Keeps the last turns of a loop in memory, waits and dispatches, and writes them as a file on demand: for a daemon
/// that asks itself afterwards what happened.</summary>
/// <remarks>Recording costs a few clock readings a turn and a dispatch, and allocates nothing.</remarks>
public sealed class LoopTrace : IDisposable
{
    private const int WriteSize = 64 * 1024;

    private readonly EventLoop loop;
    private readonly string name;
    private readonly Ring ring;

    /// <summary>Begins to record.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="turns">How many turns are kept.</param>
    /// <param name="spansMax">The most spans that are kept: a turn has one, its wait, and one for each dispatch.</param>
    /// <param name="name">The loop's name in the file.</param>
    public LoopTrace(EventLoop loop, int turns = 1000, int spansMax = 16 * 1024, string name = "loop")
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentOutOfRangeException.ThrowIfLessThan(turns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(spansMax, 1);
        this.loop = loop;
        this.name = name;
        ring = new Ring(turns, spansMax);
        ObserverPair.Attach(loop, ring);
    }

    /// <summary>Writes what is kept, as Trace Event JSON for Perfetto (ui.perfetto.dev) or chrome://tracing. Blocks as long as
    /// the file system does.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <returns>How many spans were written, or the kernel's error.</returns>
    public Result Write(string path)
    {
        loop.VerifyThread();
        Kernel kernel = loop.Kernel;
        Result file = kernel.Open(path, FileFlags.Write | FileFlags.Create | FileFlags.Truncate);
        if (!file.IsOk)
        {
            return file;
        }

        Result written = WriteTo(kernel, file.Int);
        kernel.Close(file.Int);
        return written;
    }

    /// <summary>Ends recording.</summary>
    public void Dispose() => ObserverPair.Detach(loop, ring);

    private Result WriteTo(Kernel kernel, int fd)
    {
        TraceText text = new(kernel.ProcessId, Environment.CurrentManagedThreadId);
        text.Begin(name);
        int count = 0;
        for (int age = ring.Count - 1; age >= 0; age--)
        {
            text.Append(ring[age]);
            count++;
            if (text.Written.Length >= WriteSize)
            {
                Result part = TraceFile.WriteAll(kernel, fd, text.Written);
                if (!part.IsOk)
                {
                    return part;
                }

                text.Clear();
            }
        }

        text.End();
        Result last = TraceFile.WriteAll(kernel, fd, text.Written);
        return last.IsOk ? Result.Ok(count) : last;
    }

    private sealed class Ring(int turnsMax, int spansMax) : TraceRecorder
    {
        private readonly TraceEvent[] spans = new TraceEvent[spansMax];
        private int next;
        private int kept;
        private int turns;

        public int Count => kept;

        /// <summary>A span by its age: 0 is the youngest.</summary>
        public ref readonly TraceEvent this[int age] => ref spans[(next - 1 - age + (2 * spans.Length)) % spans.Length];

        protected override void Record(in TraceEvent span)
        {
            if (kept == spans.Length)
            {
                Forget();
            }

            spans[next] = span;
            next = (next + 1) % spans.Length;
            kept++;
            turns += span.Kind == TraceKind.Turn ? 1 : 0;
            while (turns > turnsMax)
            {
                Forget();
            }
        }

        private void Forget()
        {
            ref readonly TraceEvent oldest = ref this[kept - 1];
            turns -= oldest.Kind == TraceKind.Turn ? 1 : 0;
            kept--;
        }
    }
}
