using System;
using System.Threading;

namespace Spindle.Kernels.Linux;

/// <summary>A stepping thread that rests on a futex: one system call to rest, one to wake, none where it never slept.</summary>
internal sealed unsafe class FutexThread(Func<SteppingThread, ThreadStep> step) : SteppingThread
{
    private const int WaitPrivate = 128;         // FUTEX_WAIT | FUTEX_PRIVATE_FLAG
    private const int WakePrivate = 1 | 128;     // FUTEX_WAKE | FUTEX_PRIVATE_FLAG

    private const int Working = 0;
    private const int Woken = 1;
    private const int Resting = 2;

    private int state;

    public override void Wake()
    {
        if (Interlocked.Exchange(ref state, Woken) == Resting)
        {
            // The word stands still for as long as the thread rests: it holds it fixed as well.
            fixed (int* word = &state)
            {
                SystemCall.Invoke(SystemCallNumber.Futex, (nint)word, WakePrivate, 1);
            }
        }
    }

    /// <summary>The thread's body.</summary>
    public void Run()
    {
        for (ThreadStep next = step(this); next != ThreadStep.End; next = step(this))
        {
            if (next == ThreadStep.Rest)
            {
                Rest();
            }
        }
    }

    private void Rest()
    {
        fixed (int* word = &state)
        {
            // What was woken meanwhile does not rest; and what comes back early (a signal, a stray wake) rests on.
            if (Interlocked.CompareExchange(ref state, Resting, Working) == Working)
            {
                while (Volatile.Read(ref state) == Resting)
                {
                    SystemCall.Invoke(SystemCallNumber.Futex, (nint)word, WaitPrivate, Resting);
                }
            }
        }

        Volatile.Write(ref state, Working);
    }
}
