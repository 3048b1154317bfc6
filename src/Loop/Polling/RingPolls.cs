using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>The polls that an <see cref="IoUringPoller"/> has on its ring: arms them, ends them, and hands that over.</summary>
/// <param name="ring">The ring; belongs to this from now on.</param>
/// <param name="drain">Takes the completions that are there: the ring wants room for more.</param>
internal sealed class RingPolls(IoUring ring, Action drain)
{
    /// <summary>What the completion of a poll's removal is known by.</summary>
    public const ulong NoRegistration = ulong.MaxValue;

    private readonly List<Registration> unarmed = [];
    private int taken;

    public IoUring Ring { get; private set; } = ring;

    /// <summary>True once a thread has begun to use the ring, which is that thread's from then on.</summary>
    public bool IsEnabled { get; private set; }

    public bool HasUnarmed => unarmed.Count > 0;

    /// <summary>The calling thread is the one to use the ring.</summary>
    public void Enable()
    {
        if (!IsEnabled)
        {
            Result result = Ring.Enable();
            IsEnabled = result.IsOk
                ? true
                : throw new InvalidOperationException($"io_uring cannot be enabled: {result.Error}.");
        }
    }

    /// <summary>Goes on with another ring, on whichever thread uses it first. All polls have been ended.</summary>
    public void Renew(IoUring fresh)
    {
        Ring.Dispose();
        Ring = fresh;
        IsEnabled = false;
    }

    public void Close()
    {
        Ring.Dispose();
        unarmed.Clear();
    }

    /// <summary>Is to be armed before the next wait.</summary>
    public void Mark(Registration registration)
    {
        if (!registration.IsListed)
        {
            registration.IsListed = true;
            unarmed.Add(registration);
        }
    }

    /// <summary>Takes the next one that is to be armed, and still wants that.</summary>
    public bool TryTakeUnarmed([NotNullWhen(true)] out Registration? registration)
    {
        while (taken < unarmed.Count)
        {
            registration = unarmed[taken++];
            registration.IsListed = false;
            if (!registration.HasEntry && !registration.Told.IsNothing)
            {
                return true;
            }
        }

        unarmed.Clear();
        taken = 0;
        registration = null;
        return false;
    }

    /// <summary>Arms a poll, under the registration's generation.</summary>
    public void Arm(Registration registration)
    {
        registration.HasEntry = true;
        registration.IsFresh = true;
        bool isMultishot = registration.Told.Kind != WishKind.OneShot;
        while (!Ring.TryQueuePoll(registration.Fd, registration.Told.PollBits, isMultishot, registration.Data))
        {
            Flush();
        }
    }

    /// <summary>Ends a poll, if there is one.</summary>
    public void End(Registration registration)
    {
        if (registration.HasEntry)
        {
            registration.HasEntry = false;
            bool isQueued = Ring.TryQueuePollRemoval(registration.Data, NoRegistration);
            while (!isQueued && Flush())
            {
                isQueued = Ring.TryQueuePollRemoval(registration.Data, NoRegistration);
            }
        }
    }

    /// <summary>Hands over at once. While completions have no room it is left to the next wait; on another thread than the
    /// loop's, which may dispose of it, to the end of the ring.</summary>
    /// <returns>False if nothing was handed over.</returns>
    public bool Flush()
    {
        if (!IsEnabled)
        {
            return false;
        }

        Result result = Ring.Enter(TimeSpan.Zero);
        if (result.Is(Errno.EBUSY))
        {
            drain();
            result = Ring.Enter(TimeSpan.Zero);
        }

        return result.IsOk;
    }
}
