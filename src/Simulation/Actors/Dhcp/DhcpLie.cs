namespace Spindle.Simulation.Actors.Dhcp;

/// <summary>What can be wrong, or only odd, about a server's reply.</summary>
internal enum DhcpLie
{
    None,

    // Odd, but allowed: a client must take these.
    OptionsInServerName,
    OptionInPieces,
    ManyUnknownOptions,
    NoUdpChecksum,
    BroadcastAlways,
    TinyMessage,
    InfiniteLease,

    // Wrong about the exchange: a client must not follow these.
    WrongTransaction,
    WrongHardwareAddress,
    WrongClientIdentifier,
    WrongOperation,
    WrongCookie,
    WrongServerIdentifier,
    NoServerIdentifier,
    NoMessageType,
    OtherMessageType,
    WrongUdpChecksum,

    // Wrong about the lease: a client must not follow these.
    NoAddress,
    MulticastAddress,
    LoopbackAddress,
    BroadcastAddress,
    ServersOwnAddress,
    NoLeaseTime,
    ZeroLease,
    ShortLeaseTimeOption,
    BadSubnetMask,

    // Wrong in form; what can still be read of them is left to the client.
    NoEnd,
    OptionOverTheEnd,
    CutShort,
    Garbage,
    EmptyOptions,
    EndlessNameCompression,
    NotTextInText,

    // Foolish, but a client can live with these.
    NoSubnetMask,
    RenewalAfterTheEnd,
    RouterElsewhere,
    RouterIsTheClient,
    AddressElsewhere,
    NameServerNowhere,
    TinyMtu,
    BrokenRoutes,
}
