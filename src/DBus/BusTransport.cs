using System;

namespace Spindle.DBus;

/// <summary>Carries whole marshalled messages to a bus and from it. libdbus is one; memory is another.</summary>
/// <remarks>All on the loop's thread. After <see cref="Open"/> comes <see cref="Opened"/> or <see cref="Closed"/>;
/// after Opened, Received any number of times, then at most one Closed. After <see cref="Close"/> comes nothing.</remarks>
public abstract class BusTransport : IDisposable
{
    /// <summary>Messages may be sent from now on.</summary>
    public Action? Opened { get; set; }

    /// <summary>It could not be opened, or it ended; the text says why, for people.</summary>
    public Action<string>? Closed { get; set; }

    /// <summary>A message came. It is good during the call alone. Closing here is legal.</summary>
    public BusSend? Received { get; set; }

    /// <summary>Some of what was waiting has gone out.</summary>
    public Action? Progressed { get; set; }

    /// <summary>Octets that wait to be sent, because the bus does not take them.</summary>
    public abstract long OutgoingSize { get; }

    /// <summary>Begins to open it.</summary>
    public abstract void Open();

    /// <summary>Sends a message, or keeps it until the bus takes it. Dropped if the transport is not open.</summary>
    public abstract void Send(ReadOnlySpan<byte> message);

    /// <summary>Ends it at once; what waits is dropped. It may be opened again.</summary>
    public abstract void Close();

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }
}
