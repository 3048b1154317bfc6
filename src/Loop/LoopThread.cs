using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>To which thread a loop belongs, and which loop is a thread's current one.</summary>
internal sealed class LoopThread(EventLoop loop, Kernel kernel)
{
    [ThreadStatic]
    private static EventLoop? running;

    [ThreadStatic]
    private static CurrentLoop? pushed;

    // A loop that a forked child makes is its own.
    private readonly bool isMadeInChild = kernel.IsForkedChild;
    private volatile int owner;

    /// <summary>What a thread has to put back when it leaves a run.</summary>
    public readonly record struct Before(EventLoop? Running, CurrentLoop? Pushed);

    /// <summary>The loop made current last, or else the one that runs.</summary>
    public static EventLoop? Current => pushed?.Loop ?? running;

    /// <summary>True in a run of this loop on this thread, and in none of another loop inside it.</summary>
    public bool IsRunningHere => running == loop;

    /// <summary>True if the loop belongs to the calling thread.</summary>
    public bool IsOwner => owner == Environment.CurrentManagedThreadId;

    /// <summary>True in a child that was forked off after the loop was made.</summary>
    public bool IsForeignProcess
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => kernel.IsForkedChild != isMadeInChild;
    }

    /// <summary>True if it belongs to nobody yet, or no more.</summary>
    public bool IsFree => owner == 0;

    /// <summary>Throws on any thread but the owner, and in a forked child. Before there is an owner every thread will do.</summary>
    public void Verify()
    {
        VerifyProcess();
        int known = owner;
        if (known != 0 && known != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("The loop belongs to the thread that runs it; post to it instead.");
        }
    }

    /// <summary>Throws in a forked child: its epoll is its parent's, and every change would be seen there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void VerifyProcess()
    {
        if (IsForeignProcess)
        {
            ThrowForeign();
        }
    }

    /// <summary>The loop belongs to the calling thread from now on.</summary>
    /// <returns>False if it did before.</returns>
    public bool Claim()
    {
        Verify();
        if (owner != 0)
        {
            return false;
        }

        int found = Interlocked.CompareExchange(ref owner, Environment.CurrentManagedThreadId, 0);
        return found == 0 ? true : throw new InvalidOperationException("Another thread has taken the loop just now.");
    }

    public void Release() => owner = 0;

    public Before Enter()
    {
        Before before = new(running, pushed);
        running = loop;
        pushed = null;
        return before;
    }

    public static void Leave(in Before before)
    {
        running = before.Running;
        pushed = before.Pushed;
    }

    public CurrentLoop Push()
    {
        bool isClaimed = Claim();
        return pushed = new CurrentLoop(loop, this, pushed, isClaimed);
    }

    public void Pop(CurrentLoop scope, bool isClaimed)
    {
        if (pushed != scope)
        {
            throw new InvalidOperationException("Not the loop that was made current last on this thread.");
        }

        if (isClaimed && !loop.IsDisposed)
        {
            loop.Poller.ReleaseThread();
        }

        pushed = scope.Outer;
        if (isClaimed)
        {
            Release();
        }
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowForeign() =>
        throw new InvalidOperationException("The loop belongs to the parent process; a forked child cannot use it.");
}
