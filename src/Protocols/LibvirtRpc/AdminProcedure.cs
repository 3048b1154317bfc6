namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Procedures of the program <see cref="RpcPrograms.Admin"/>, by libvirt's names.</summary>
public enum AdminProcedure
{
    /// <summary>Opens the connection.</summary>
    ConnectOpen = 1,

    /// <summary>Closes the connection once the answer is out.</summary>
    ConnectClose = 2,

    /// <summary>Version of libvirt that the daemon is.</summary>
    ConnectGetLibVersion = 3,

    /// <summary>The daemon's servers.</summary>
    ConnectListServers = 4,

    /// <summary>Finds a server.</summary>
    ConnectLookupServer = 5,

    /// <summary>How a server's workers are.</summary>
    ServerGetThreadpoolParameters = 6,

    /// <summary>How many workers a server may have.</summary>
    ServerSetThreadpoolParameters = 7,

    /// <summary>Who is connected to a server.</summary>
    ServerListClients = 8,

    /// <summary>Finds a client.</summary>
    ServerLookupClient = 9,

    /// <summary>Who a client is.</summary>
    ClientGetInfo = 10,

    /// <summary>Disconnects a client.</summary>
    ClientClose = 11,

    /// <summary>How many clients a server has and may have.</summary>
    ServerGetClientLimits = 12,

    /// <summary>How many clients a server may have.</summary>
    ServerSetClientLimits = 13,

    /// <summary>Where the daemon logs.</summary>
    ConnectGetLoggingOutputs = 14,

    /// <summary>What the daemon logs.</summary>
    ConnectGetLoggingFilters = 15,

    /// <summary>Sets where the daemon logs.</summary>
    ConnectSetLoggingOutputs = 16,

    /// <summary>Sets what the daemon logs.</summary>
    ConnectSetLoggingFilters = 17,

    /// <summary>Reads the certificates again.</summary>
    ServerUpdateTlsFiles = 18,

    /// <summary>Sets after how long without a client the daemon ends.</summary>
    ConnectSetDaemonTimeout = 19,
}
