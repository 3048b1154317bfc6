using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Basics;
using Spindle.Loop;

namespace Spindle.DBus.Libdbus;

/// <summary>A bus through libdbus-1 on our loop: its watches and timeouts are sources, its queue is emptied by us.</summary>
/// <remarks>
/// Only whole messages go through: libdbus never sees a string of ours that it could end the process for, and nothing of
/// its own is called while a message is handled. Connecting to a socket waits while the bus's queue is full (a stopped
/// bus), so a thread that exists only meanwhile does it. Callbacks from libdbus never throw.
/// </remarks>
public sealed unsafe class LibdbusTransport : BusTransport
{
    // A turn of the loop handles no more than this, so that a flood of calls does not starve the rest.
    private const int MessagesPerTurn = 32;

    private const string SystemBus = "unix:path=/run/dbus/system_bus_socket";

    private readonly EventLoop loop;
    private readonly string address;
    private readonly Dictionary<nint, FdSource> watches = [];
    private readonly Dictionary<nint, TimerSource> timeouts = [];
    private readonly MessageForge forge = new();
    private IdleSource? more;
    private GCHandle self;
    private nint connection;
    private int attempt;
    private bool isReceiving;
    private bool isPausing;

    /// <summary>A transport to a bus, not opened yet.</summary>
    /// <param name="loop">Where it lives.</param>
    /// <param name="address">The bus's address (D-Bus specification, section "Server Addresses").</param>
    public LibdbusTransport(EventLoop loop, string address)
    {
        this.loop = loop;
        this.address = address;
    }

    /// <summary>The system bus's address: <c>DBUS_SYSTEM_BUS_ADDRESS</c>, or where it usually is.</summary>
    public static string SystemBusAddress(string? fromEnvironment) =>
        string.IsNullOrEmpty(fromEnvironment) ? SystemBus : fromEnvironment;

    /// <inheritdoc/>
    public override long OutgoingSize => connection == 0 ? 0 : Native.OutgoingSize(connection);

    /// <summary>Messages that libdbus had no memory for, in or out.</summary>
    public long LostMessages { get; private set; }

    /// <inheritdoc/>
    public override void Open()
    {
        int current = ++attempt;
        Kernels.Result started = loop.Kernel.StartThread("dbus connect", () => Connect(current));
        if (!started.IsOk)
        {
            loop.Post(() => Arrive(current, 0, $"no thread to connect with: {started.Error}"));
        }
    }

    /// <inheritdoc/>
    public override void Send(ReadOnlySpan<byte> message)
    {
        if (connection == 0)
        {
            return;
        }

        nint native = forge.Make(message);
        if (native == 0 || Native.Send(connection, native, null) == 0)
        {
            LostMessages++;
        }

        if (native != 0)
        {
            Native.UnrefMessage(native);
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        attempt++;
        if (connection == 0)
        {
            return;
        }

        nint closing = connection;
        connection = 0;
        more?.Remove();
        more = null;

        // This gives up the watches and timeouts through our callbacks, before the descriptor is closed.
        Native.SetDispatchStatusFunction(closing, null, 0, null);
        Native.SetWatchFunctions(closing, null, null, null, 0, null);
        Native.SetTimeoutFunctions(closing, null, null, null, 0, null);
        Native.Close(closing);
        Native.Unref(closing);
        forge.Dispose();
        self.Free();
    }

    // On a thread of its own: touches nothing but its arguments, and hands what it got to the loop.
    private void Connect(int current)
    {
        NativeError error;
        Native.ErrorInit(&error);
        nint opened;
        fixed (byte* text = Encoding.UTF8.GetBytes(address + '\0'))
        {
            opened = Native.OpenPrivate(text, &error);
        }

        string why = opened == 0 ? error.Text : "";
        Native.ErrorFree(&error);
        loop.Post(() => Arrive(current, opened, why));
    }

    private void Arrive(int current, nint opened, string why)
    {
        if (current != attempt)
        {
            Discard(opened);
        }
        else if (opened == 0)
        {
            Closed?.Invoke($"cannot connect to {address}: {why}");
        }
        else if (TryAdopt(opened))
        {
            Opened?.Invoke();
        }
        else
        {
            Close();
            Closed?.Invoke("no memory for the bus");
        }
    }

    private static void Discard(nint opened)
    {
        if (opened != 0)
        {
            Native.Close(opened);
            Native.Unref(opened);
        }
    }

    private bool TryAdopt(nint opened)
    {
        connection = opened;
        self = GCHandle.Alloc(this);
        nint data = GCHandle.ToIntPtr(self);
        Native.SetExitOnDisconnect(opened, 0);
        Native.SetDispatchStatusFunction(opened, &OnDispatchStatus, data, null);
        return Native.SetWatchFunctions(opened, &OnAddWatch, &OnRemoveWatch, &OnToggleWatch, data, null) != 0
            && Native.SetTimeoutFunctions(opened, &OnAddTimeout, &OnRemoveTimeout, &OnToggleTimeout, data, null) != 0;
    }

    /// <summary>Hands out what has come, up to a turn's share.</summary>
    private void Receive()
    {
        if (isReceiving)
        {
            return;
        }

        isReceiving = true;
        try
        {
            for (int count = 0; count < MessagesPerTurn; count++)
            {
                nint message = connection == 0 ? 0 : Native.PopMessage(connection);
                if (message == 0)
                {
                    break;
                }

                Deliver(message);
            }
        }
        finally
        {
            isReceiving = false;
        }

        Settle();
    }

    private void Deliver(nint message)
    {
        byte* octets = null;
        int length = 0;
        bool isGood = Native.Marshal(message, &octets, &length) != 0;
        Native.UnrefMessage(message);
        if (!isGood)
        {
            LostMessages++;
            return;
        }

        try
        {
            // libdbus's own word that the connection ended has no serial number and is not for us.
            ReadOnlySpan<byte> whole = new(octets, length);
            if (length >= BusMessageView.HeaderSizeMin && whole.Slice(8, 4).ContainsAnyExcept((byte)0))
            {
                Received?.Invoke(whole);
            }
        }
        finally
        {
            Native.Free(octets);
        }
    }

    private void Settle()
    {
        if (connection == 0)
        {
            return;
        }

        if (Native.DispatchStatus(connection) == Native.DataRemains)
        {
            Continue();
        }
        else if (Native.IsConnected(connection) == 0)
        {
            Close();
            Closed?.Invoke("the bus closed the connection");
        }
    }

    private void Continue()
    {
        isPausing = true;
        more ??= loop.AddIdle(OnMore, Priority.Default, "dbus more");
    }

    private bool OnMore(IdleSource source)
    {
        more = null;
        isPausing = false;
        Receive();
        return false;
    }

    private void OnFd(nint watch, FdEvents ready)
    {
        uint flags = 0;
        flags |= (ready & FdEvents.Readable) != 0 ? (uint)Native.WatchReadable : 0;
        flags |= (ready & FdEvents.Writable) != 0 ? (uint)Native.WatchWritable : 0;
        flags |= (ready & FdEvents.Error) != 0 ? (uint)Native.WatchError : 0;
        flags |= (ready & FdEvents.HangUp) != 0 ? (uint)Native.WatchHangUp : 0;
        Native.WatchHandle(watch, flags);
        if ((ready & FdEvents.Writable) != 0)
        {
            Progressed?.Invoke();
        }

        if (!isPausing)
        {
            Receive();
        }
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
        }
        else
        {
            watches.Add(watch, loop.AddFd(Native.WatchFd(watch), interest, (_, ready) => OnFd(watch, ready), name: "dbus"));
        }
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
        Receive();
    }

    private static LibdbusTransport Of(nint data) => (LibdbusTransport)GCHandle.FromIntPtr(data).Target!;

    // Called by libdbus: nothing may be thrown through it. All they do cannot fail but for want of memory or descriptors.
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
        Of(data).ToggleTimeout(timeout);
        return 1;
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
        LibdbusTransport transport = Of(data);
        if (status == Native.DataRemains && !transport.isReceiving && !transport.loop.IsDisposed)
        {
            transport.Continue();
        }
    }
}
