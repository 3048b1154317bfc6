using System;
using System.Text;
using Spindle.Loop;

namespace Spindle.DBus.Libdbus;

/// <summary>A bus through libdbus-1 on our loop: its watches and timeouts are sources, its queue is emptied by us.</summary>
/// <remarks>
/// Only whole messages go through: libdbus never sees a string of ours that it could end the process for, and nothing of
/// its own is called while a message is handled. Connecting to a socket waits while the bus's queue is full (a stopped
/// bus), so a thread that exists only meanwhile does it, and has us authenticated, three round trips, before the loop sees
/// the connection.
/// </remarks>
public sealed unsafe class LibdbusTransport : BusTransport
{
    // A turn of the loop handles no more than this, so that a flood of calls does not starve the rest.
    private const int MessagesPerTurn = 32;

    // How long the connecting thread waits before it looks whether it is still wanted.
    private const int PatienceMilliseconds = 250;

    // A bus that has not authenticated us by then is handed to the loop as it is.
    private const int AuthenticationRoundsMax = 100;

    private const string SystemBus = "unix:path=/run/dbus/system_bus_socket";

    private readonly EventLoop loop;
    private readonly string address;
    private readonly LibdbusSources sources;
    private readonly MessageForge forge = new();
    private IdleSource? more;
    private nint connection;
    private volatile int attempt;
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

        // The sources go before the descriptor is closed.
        sources.Detach(closing);
        Native.Close(closing);
        Native.Unref(closing);
        forge.Dispose();
    }

    private void Begin()
    {
        int current = ++attempt;
        Kernels.Result started = loop.Kernel.StartThread("dbus connect", () => Connect(current));
        if (!started.IsOk)
        {
            loop.Post(() => Arrive(current, 0, $"no thread to connect with: {started.Error}"));
        }
    }

    // On a thread of its own: touches nothing but its arguments (and looks at the attempt), and hands what it got to the loop.
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
        if (opened != 0)
        {
            Native.SetExitOnDisconnect(opened, 0);
            Authenticate(current, opened);
        }

        loop.Post(() => Arrive(current, opened, why));
    }

    private void Authenticate(int current, nint opened)
    {
        for (int round = 0; round < AuthenticationRoundsMax && current == attempt; round++)
        {
            if (Native.IsAuthenticated(opened) != 0 || Native.ReadWrite(opened, PatienceMilliseconds) == 0)
            {
                return;
            }
        }
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
