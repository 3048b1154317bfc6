using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Spindle.Loop;

namespace Spindle.DBus.Libdbus;

/// <summary>libdbus's watches and timeouts as sources on our loop.</summary>
/// <param name="loop">Where they live.</param>
/// <param name="handled">Told after libdbus has read or written; true if it could write.</param>
/// <param name="waiting">Told from within libdbus that messages wait: not the moment to take them.</param>
internal sealed unsafe class LibdbusSources(EventLoop loop, Action<bool> handled, Action waiting)
{
    private readonly Dictionary<nint, FdSource> watches = [];
    private readonly Dictionary<nint, TimerSource> timeouts = [];
    private readonly Action waiting = waiting;
    private GCHandle self;

    /// <summary>Takes a connection's watches and timeouts. False: no memory; <see cref="Detach"/> all the same.</summary>
    public bool TryAttach(nint connection)
    {
        self = GCHandle.Alloc(this);
        nint data = GCHandle.ToIntPtr(self);
        Native.SetDispatchStatusFunction(connection, &OnDispatchStatus, data, null);
        return Native.SetWatchFunctions(connection, &OnAddWatch, &OnRemoveWatch, &OnToggleWatch, data, null) != 0
            && Native.SetTimeoutFunctions(connection, &OnAddTimeout, &OnRemoveTimeout, &OnToggleTimeout, data, null) != 0;
    }

    /// <summary>Gives all of them up, through our own callbacks. The connection does nothing more by itself.</summary>
    public void Detach(nint connection)
    {
        Native.SetDispatchStatusFunction(connection, null, 0, null);
        Native.SetWatchFunctions(connection, null, null, null, 0, null);
        Native.SetTimeoutFunctions(connection, null, null, null, 0, null);
        self.Free();
    }

    private void OnFd(nint watch, FdEvents ready)
    {
        uint flags = 0;
        flags |= (ready & FdEvents.Readable) != 0 ? (uint)Native.WatchReadable : 0;
        flags |= (ready & FdEvents.Writable) != 0 ? (uint)Native.WatchWritable : 0;
        flags |= (ready & FdEvents.Error) != 0 ? (uint)Native.WatchError : 0;
        flags |= (ready & FdEvents.HangUp) != 0 ? (uint)Native.WatchHangUp : 0;
        Native.WatchHandle(watch, flags);
        handled((ready & FdEvents.Writable) != 0);
    }

    private void ToggleWatch(nint watch)
    {
        uint flags = Native.WatchFlags(watch);
        FdEvents interest = Native.WatchEnabled(watch) == 0
            ? FdEvents.None
            : ((flags & Native.WatchReadable) != 0 ? FdEvents.Readable : FdEvents.None)
                | ((flags & Native.WatchWritable) != 0 ? FdEvents.Writable : FdEvents.None);
        if (watches.TryGetValue(watch, out FdSource? source))
        {
            source.Interest = interest;
            return;
        }

        int fd = Native.WatchFd(watch);
        watches.Add(watch, loop.AddFd(fd, interest, (_, ready) => OnFd(watch, ready), name: "dbus"));
    }

    private void ToggleTimeout(nint timeout)
    {
        if (!timeouts.TryGetValue(timeout, out TimerSource? timer))
        {
            timer = loop.AddTimer((source, _) => OnTimeout(source, timeout), name: "dbus timeout");
            timeouts.Add(timeout, timer);
        }

        if (Native.TimeoutEnabled(timeout) == 0)
        {
            timer.Disarm();
        }
        else
        {
            timer.ArmAfter(TimeSpan.FromMilliseconds(Native.TimeoutInterval(timeout)));
        }
    }

    // libdbus's timeouts repeat until they are removed or disabled.
    private void OnTimeout(TimerSource source, nint timeout)
    {
        source.ArmAfter(TimeSpan.FromMilliseconds(Native.TimeoutInterval(timeout)));
        Native.TimeoutHandle(timeout);
        handled(false);
    }

    private static LibdbusSources Of(nint data) => (LibdbusSources)GCHandle.FromIntPtr(data).Target!;

    // Called by libdbus, and nothing may be thrown through it. It knows what to do when a watch or timeout is refused;
    // anything else that goes wrong here is our mistake and ends the process, as an unhandled exception does.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint OnAddWatch(nint watch, nint data)
    {
        try
        {
            Of(data).ToggleWatch(watch);
            return 1;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ArgumentException)
        {
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRemoveWatch(nint watch, nint data)
    {
        if (Of(data).watches.Remove(watch, out FdSource? source))
        {
            source.Remove();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnToggleWatch(nint watch, nint data) => Of(data).ToggleWatch(watch);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint OnAddTimeout(nint timeout, nint data)
    {
        try
        {
            Of(data).ToggleTimeout(timeout);
            return 1;
        }
        catch (OutOfMemoryException)
        {
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRemoveTimeout(nint timeout, nint data)
    {
        if (Of(data).timeouts.Remove(timeout, out TimerSource? timer))
        {
            timer.Remove();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnToggleTimeout(nint timeout, nint data) => Of(data).ToggleTimeout(timeout);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDispatchStatus(nint connection, int status, nint data)
    {
        if (status == Native.DataRemains)
        {
            Of(data).waiting();
        }
    }
}
