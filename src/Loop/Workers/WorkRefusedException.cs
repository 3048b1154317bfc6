using System;
using Spindle.Kernels;

namespace Spindle.Loop.Workers;

/// <summary>A job that was to be awaited was not taken.</summary>
public sealed class WorkRefusedException : Exception
{
    /// <summary>For a reason that is not known.</summary>
    public WorkRefusedException()
    {
    }

    /// <summary>For a reason in words.</summary>
    public WorkRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>For a reason in words, with its cause.</summary>
    public WorkRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For the reason that <see cref="WorkerPool.Start(Action, Action{Exception}, JobPriority, System.Threading.CancellationToken)"/>
    /// gives.</summary>
    public WorkRefusedException(Errno error)
        : base($"The worker pool refused the job: {error}.") => Error = error;

    /// <summary>EAGAIN: too many jobs wait, or no thread can be had. ESHUTDOWN: the pool was stopped.</summary>
    public Errno Error { get; }
}
