namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>Features that a client asks about with 60; the other numbers concern guests and their migration.</summary>
public enum RemoteFeature
{
    /// <summary>File descriptors can be sent along.</summary>
    DescriptorPassing = 8,

    /// <summary>Pings are answered; whoever asks wants to be pinged as well.</summary>
    KeepAlive = 10,

    /// <summary>Events can be asked for by callback.</summary>
    EventCallback = 14,

    /// <summary>The end of the connection can be asked for by callback.</summary>
    CloseCallback = 15,
}

/// <summary>How a client may authenticate.</summary>
public enum AuthenticationMethod
{
    /// <summary>It need not.</summary>
    None = 0,

    /// <summary>By SASL.</summary>
    Sasl = 1,

    /// <summary>PolicyKit is asked.</summary>
    Polkit = 2,
}

/// <summary>Bits that a client really sends with 1 (CONNECT_OPEN); others are to be ignored.</summary>
[System.Flags]
public enum ConnectOpenFlags
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>The client will change nothing and shall not be able to.</summary>
    ReadOnly = 1,

    /// <summary>The client wants the user's daemon.</summary>
    User = 2,

    /// <summary>The client would have started the daemon.</summary>
    AutoStart = 4,
}

/// <summary>Which interfaces 284 lists; none of both bits means all.</summary>
[System.Flags]
public enum InterfaceListFlags
{
    /// <summary>All.</summary>
    None = 0,

    /// <summary>Those that are not active.</summary>
    Inactive = 1,

    /// <summary>Those that are active.</summary>
    Active = 2,
}
