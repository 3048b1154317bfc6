using System;
using Spindle.Loop;

namespace Spindle.DBus.Libdbus;

/// <summary>A bus through libdbus-1 on our loop: its watches and timeouts are sources, its queue is emptied by us.</summary>
/// <remarks>
/// Only whole messages go through: libdbus never sees a string of ours that it could end the process for, and nothing of
/// its own is called while a message is handled. Connecting to a socket waits while the bus's queue is full (a stopped
/// bus), so a thread that exists only meanwhile does it, and has us authenticated, three round trips, before the loop sees
/// the connection. All else is the loop's thread's; another one is refused before libdbus hears of it, which would call its
/// watches' functions there.
/// </remarks>
public sealed unsafe class LibdbusTransport : BusTransport
{
    // A turn of the loop handles no more than this, so that a flood of calls does not starve the rest.
    private const int MessagesPerTurn = 32;

    private const string SystemBus = "unix:path=/run/dbus/system_bus_socket";

    private readonly EventLoop loop;
    private readonly string address;
    private readonly LibdbusSources sources;
    private readonly MessageForge forge = new();
    private IdleSource? more;
    private ConnectAttempt? attempt;
    private nint connection;
    private bool isAhead;
    private bool isReceiving;

    /// <summary>A transport to a bus, not opened yet.</summary>
    /// <param name="loop">Where it lives.</param>
    /// <param name="address">The bus's address (D-Bus specification, section "Server Addresses").</param>
    public LibdbusTransport(EventLoop loop, string address)
    {
        this.loop = loop;
        this.address = address;
        sources = new LibdbusSources(loop, OnHandled, OnWaiting);
    }

    /// <summary>The system bus's address: <c>DBUS_SYSTEM_BUS_ADDRESS</c>, or where it usually is.</summary>
    public static string SystemBusAddress(string? fromEnvironment) =>
        string.IsNullOrEmpty(fromEnvironment) ? SystemBus : fromEnvironment;

    /// <inheritdoc/>
    public override long OutgoingSize => connection == 0 ? 0 : Native.OutgoingSize(connection);

    /// <summary>Messages that libdbus had no memory for, in or out.</summary>
    public long LostMessages { get; private set; }

    /// <summary>Begins to connect before anyone listens, so that the bus's answers come while the program is still being put
    /// together. <see cref="Open"/> must follow before the loop turns.</summary>
    public void OpenAhead()
    {
        isAhead = true;
        Begin();
    }

    /// <inheritdoc/>
    public override void Open()
    {
        if (!isAhead)
        {
            Begin();
        }

        isAhead = false;
    }

    /// <inheritdoc/>
    public override void Send(ReadOnlySpan<byte> message)
    {
        // libdbus would change its watches from here, and nothing can be thrown through it.
        loop.VerifyThread();
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
        loop.VerifyThread();
        attempt?.Abandon();
        attempt = null;
        if (connection == 0)
        {
            return;
        }

        nint closing = connection;
        connection = 0;
        more?.Remove();
        more = null;

        // The sources go before the descriptor is closed.
        sources.Detach(closing);
        Native.Close(closing);
        Native.Unref(closing);
        forge.Dispose();
    }

    private void Begin()
    {
        loop.VerifyThread();
        ConnectAttempt made = new(address);
        attempt = made;
        Kernels.Result started = loop.Kernel.StartThread("dbus connect", () =>
        {
            made.Run();
            loop.Post(() => Arrive(made));
        });
        if (!started.IsOk)
        {
            made.Fail($"no thread to connect with: {started.Error}");
            loop.Post(() => Arrive(made));
        }
    }

    private void Arrive(ConnectAttempt made)
    {
        if (made != attempt)
        {
            return;
        }

        attempt = null;
        nint opened = made.Take();
        if (opened == 0)
        {
            Closed?.Invoke($"cannot connect to {address}: {made.Failure}");
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

    private bool TryAdopt(nint opened)
    {
        connection = opened;
        return sources.TryAttach(opened);
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

    private void Continue() => more ??= loop.AddIdle(OnMore, Priority.Default, "dbus more");

    private bool OnMore(IdleSource source)
    {
        more = null;
        Receive();
        return false;
    }

    private void OnHandled(bool isWritten)
    {
        if (isWritten)
        {
            Progressed?.Invoke();
        }

        if (more is null)
        {
            Receive();
        }
    }

    private void OnWaiting()
    {
        if (!isReceiving && !loop.IsDisposed)
        {
            Continue();
        }
    }
}
