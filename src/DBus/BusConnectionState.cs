namespace Spindle.DBus;

/// <summary>How far a connection is.</summary>
public enum BusConnectionState
{
    /// <summary>Not started, or stopped.</summary>
    Stopped,

    /// <summary>There is no bus; the next try is due soon.</summary>
    Waiting,

    /// <summary>The bus was asked for a connection, or for our unique name.</summary>
    Connecting,

    /// <summary>We have a unique name, but not (or not yet) the well-known one.</summary>
    Connected,

    /// <summary>We own our well-known name.</summary>
    NameOwned,
}
