namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Procedures and events of the program <see cref="RpcPrograms.Remote"/> that concern a host's interfaces, by libvirt's names.</summary>
public enum RemoteProcedure
{
    /// <summary>Opens the connection.</summary>
    ConnectOpen = 1,

    /// <summary>Closes the connection once the answer is out.</summary>
    ConnectClose = 2,

    /// <summary>Name of the driver.</summary>
    ConnectGetType = 3,

    /// <summary>Version of what the driver drives.</summary>
    ConnectGetVersion = 4,

    /// <summary>How many guests there may be.</summary>
    ConnectGetMaxVcpus = 5,

    /// <summary>Model, memory and processors of the host.</summary>
    NodeGetInfo = 6,

    /// <summary>What the host can do, as XML.</summary>
    ConnectGetCapabilities = 7,

    /// <summary>Name of the host.</summary>
    ConnectGetHostname = 59,

    /// <summary>Whether the server knows a feature.</summary>
    ConnectSupportsFeature = 60,

    /// <summary>How a client may authenticate.</summary>
    AuthList = 66,

    /// <summary>SASL: mechanisms.</summary>
    AuthSaslInit = 67,

    /// <summary>SASL: first step.</summary>
    AuthSaslStart = 68,

    /// <summary>SASL: next step.</summary>
    AuthSaslStep = 69,

    /// <summary>Asks PolicyKit about the caller.</summary>
    AuthPolkit = 70,

    /// <summary>The URI under which the connection is open.</summary>
    ConnectGetUri = 110,

    /// <summary>Number of node devices.</summary>
    NodeNumOfDevices = 111,

    /// <summary>Names of node devices.</summary>
    NodeListDevices = 112,

    /// <summary>Finds a node device.</summary>
    NodeDeviceLookupByName = 113,

    /// <summary>Describes a node device.</summary>
    NodeDeviceGetXmlDesc = 114,

    /// <summary>Name of a node device's parent.</summary>
    NodeDeviceGetParent = 115,

    /// <summary>Number of a node device's capabilities.</summary>
    NodeDeviceNumOfCaps = 116,

    /// <summary>Names of a node device's capabilities.</summary>
    NodeDeviceListCaps = 117,

    /// <summary>Number of active interfaces.</summary>
    ConnectNumOfInterfaces = 126,

    /// <summary>Names of active interfaces.</summary>
    ConnectListInterfaces = 127,

    /// <summary>Finds an interface by its name.</summary>
    InterfaceLookupByName = 128,

    /// <summary>Finds an interface by its hardware address.</summary>
    InterfaceLookupByMacString = 129,

    /// <summary>Describes an interface.</summary>
    InterfaceGetXmlDesc = 130,

    /// <summary>Defines an interface.</summary>
    InterfaceDefineXml = 131,

    /// <summary>Forgets the definition of an interface.</summary>
    InterfaceUndefine = 132,

    /// <summary>Starts an interface.</summary>
    InterfaceCreate = 133,

    /// <summary>Stops an interface.</summary>
    InterfaceDestroy = 134,

    /// <summary>Number of inactive interfaces.</summary>
    ConnectNumOfDefinedInterfaces = 137,

    /// <summary>Names of inactive interfaces.</summary>
    ConnectListDefinedInterfaces = 138,

    /// <summary>Whether nobody can read along on the way to the host.</summary>
    ConnectIsSecure = 149,

    /// <summary>Whether an interface is active.</summary>
    InterfaceIsActive = 156,

    /// <summary>Version of libvirt that the server is.</summary>
    ConnectGetLibVersion = 157,

    /// <summary>Starts a transaction.</summary>
    InterfaceChangeBegin = 220,

    /// <summary>Makes a transaction final.</summary>
    InterfaceChangeCommit = 221,

    /// <summary>Takes a transaction back.</summary>
    InterfaceChangeRollback = 222,

    /// <summary>All interfaces with a filter.</summary>
    ConnectListAllInterfaces = 284,

    /// <summary>All node devices with a filter.</summary>
    ConnectListAllNodeDevices = 285,

    /// <summary>Asks to be told why the connection ends.</summary>
    ConnectRegisterCloseCallback = 360,

    /// <summary>Takes that back.</summary>
    ConnectUnregisterCloseCallback = 361,

    /// <summary>Event: the connection ends.</summary>
    ConnectEventConnectionClosed = 362,

    /// <summary>Asks for events of node devices.</summary>
    ConnectNodeDeviceEventRegisterAny = 374,

    /// <summary>Takes that back.</summary>
    ConnectNodeDeviceEventDeregisterAny = 375,

    /// <summary>Event: a node device was created or deleted.</summary>
    NodeDeviceEventLifecycle = 376,

    /// <summary>Event: a node device has changed.</summary>
    NodeDeviceEventUpdate = 377,

    /// <summary>Whether a node device is started with the machine.</summary>
    NodeDeviceGetAutostart = 433,

    /// <summary>Whether a node device is defined, and there even while it is not active.</summary>
    NodeDeviceIsPersistent = 435,

    /// <summary>Whether a node device is there.</summary>
    NodeDeviceIsActive = 436,
}
