namespace Spindle.Protocols.LibvirtRpc;

/// <summary>What went wrong (<c>virErrorNumber</c>). Numbers that are not here are kept as they are.</summary>
public enum RpcErrorCode
{
    /// <summary>Nothing.</summary>
    Ok = 0,

    /// <summary>A fault of the server's.</summary>
    InternalError = 1,

    /// <summary>The driver has no such function; a client makes this of <see cref="RpcError.UnknownProcedure"/>.</summary>
    NoSupport = 3,

    /// <summary>Nobody drives this URI.</summary>
    NoConnect = 5,

    /// <summary>The connection is not one.</summary>
    InvalidConnection = 6,

    /// <summary>An argument is wrong.</summary>
    InvalidArgument = 8,

    /// <summary>It did not work.</summary>
    OperationFailed = 9,

    /// <summary>The XML says something that makes no sense.</summary>
    XmlError = 27,

    /// <summary>Not on a read-only connection.</summary>
    OperationDenied = 29,

    /// <summary>The XML is none; a place is told.</summary>
    XmlDetail = 35,

    /// <summary>The kernel said no.</summary>
    SystemError = 38,

    /// <summary>The protocol was not kept.</summary>
    Rpc = 39,

    /// <summary>Nobody believes who the client is.</summary>
    AuthenticationFailed = 45,

    /// <summary>No such node device.</summary>
    NoNodeDevice = 53,

    /// <summary>Not in this state.</summary>
    OperationInvalid = 55,

    /// <summary>No such interface.</summary>
    NoInterface = 57,

    /// <summary>The interface is not one.</summary>
    InvalidInterface = 58,

    /// <summary>More than one interface is meant.</summary>
    MultipleInterfaces = 59,

    /// <summary>The configuration asks for what there is not.</summary>
    ConfigurationUnsupported = 67,

    /// <summary>It took too long.</summary>
    OperationTimeout = 68,

    /// <summary>Somebody has cancelled the authentication.</summary>
    AuthenticationCancelled = 79,

    /// <summary>Not offered.</summary>
    OperationUnsupported = 84,

    /// <summary>Somebody else uses it.</summary>
    ResourceBusy = 87,

    /// <summary>The client may not.</summary>
    AccessDenied = 88,

    /// <summary>A service on the bus answered with an error.</summary>
    DbusService = 89,

    /// <summary>Nobody there can authenticate.</summary>
    AuthenticationUnavailable = 94,

    /// <summary>No such server.</summary>
    NoServer = 95,

    /// <summary>No such client.</summary>
    NoClient = 96,
}

/// <summary>Who says so (<c>virErrorDomain</c>). Numbers that are not here are kept as they are.</summary>
public enum RpcErrorDomain
{
    /// <summary>Nobody in particular.</summary>
    None = 0,

    /// <summary>Who reads XML.</summary>
    Xml = 5,

    /// <summary>Who speaks the protocol.</summary>
    Rpc = 7,

    /// <summary>The test driver.</summary>
    Test = 12,

    /// <summary>The remote driver.</summary>
    Remote = 13,

    /// <summary>Who handles networks.</summary>
    Network = 19,

    /// <summary>Who handles domains' configuration.</summary>
    Domain = 20,

    /// <summary>Who handles node devices.</summary>
    NodeDevice = 22,

    /// <summary>Who handles interfaces.</summary>
    Interface = 26,

    /// <summary>Who handles authentication.</summary>
    Authentication = 46,

    /// <summary>The bus.</summary>
    Dbus = 47,

    /// <summary>PolicyKit.</summary>
    Polkit = 60,

    /// <summary>Who handles threads.</summary>
    Thread = 61,

    /// <summary>Who handles administration.</summary>
    Administration = 62,
}
