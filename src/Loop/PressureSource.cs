using Spindle.Kernels;
using Spindle.Loop.Polling;

namespace Spindle.Loop;

/// <summary>Called when tasks have stalled for as long as the trigger says.</summary>
/// <param name="source">The source; removing it here is legal.</param>
/// <param name="isEnded">True: no pressure, but the end of the watch, because the control group was removed; the source
/// is removed by then.</param>
public delegate void PressureHandler(PressureSource source, bool isEnded);

/// <summary>Watches for pressure: that tasks wait for memory (or the processor, or disks) for too long.</summary>
public sealed class PressureSource : Source
{
    private readonly PressureHandler handler;
    private readonly Registration registration;
    private int fd;

    private PressureSource(
        EventLoop loop, PressureTrigger trigger, int fd, PressureHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        Trigger = trigger;
        this.fd = fd;
        this.handler = handler;
        registration = loop.Poller.AddWaker(fd, Flag, FdEvents.Priority);
        loop.Hold(this);
    }

    /// <summary>What it was told to watch for.</summary>
    public PressureTrigger Trigger { get; }

    /// <summary>What an error of <see cref="EventLoopSources.TryAddPressure"/> means.</summary>
    internal static string Explain(Errno error) => error switch
    {
        Errno.ENOENT => "this kernel has no pressure stall information (CONFIG_PSI), or there is no such control group",
        Errno.EOPNOTSUPP => "pressure stall information is switched off (psi=1 on the kernel's command line switches it on)",
        Errno.EINVAL => "the stall or the window is out of range; without CAP_SYS_RESOURCE a window is a multiple of 2 s",
        Errno.EBUSY => "the file has a trigger already",
        _ => error.ToString(),
    };

    /// <summary>Opens the file and writes the trigger, which lives as long as the descriptor.</summary>
    internal static Result TryMake(
        EventLoop loop,
        PressureTrigger trigger,
        PressureHandler handler,
        int priority,
        string name,
        out PressureSource? source)
    {
        source = null;
        Kernel kernel = loop.Kernel;
        Result opened = kernel.Open(trigger.Path, FileFlags.Read | FileFlags.Write | FileFlags.NonBlocking);
        if (!opened.IsOk)
        {
            return opened;
        }

        Result written = kernel.Write(opened.Int, trigger.ToOctets());
        if (!written.IsOk)
        {
            kernel.Close(opened.Int);
            return written;
        }

        source = new PressureSource(loop, trigger, opened.Int, handler, priority, name);
        return Result.Ok();
    }

    internal override bool Dispatch(long turn)
    {
        Unflag();
        bool isEnded = (registration.WokenFor & FdEvents.Error) != FdEvents.None;
        if (isEnded)
        {
            Remove();
        }

        handler(this, isEnded);
        return true;
    }

    internal override void Detach()
    {
        if (fd < 0)
        {
            return;
        }

        Loop.Poller.RemoveWaker(fd);
        Loop.Kernel.Close(fd);
        Loop.Release(this);
        fd = -1;
    }
}
