namespace Spindle.Protocols.LibvirtRpc;

/// <summary>What libvirt's protocol description says of procedures beyond their numbers.</summary>
public static class RemoteProcedures
{
    /// <summary>
    /// True for a procedure that workers kept for such calls may take: one that never waits for what it manages.
    /// A number that is not known is not.
    /// </summary>
    public static bool IsHighPriority(int procedure) => (RemoteProcedure)procedure switch
    {
        RemoteProcedure.ConnectOpen or RemoteProcedure.ConnectClose or RemoteProcedure.ConnectGetType
            or RemoteProcedure.ConnectGetVersion or RemoteProcedure.ConnectGetMaxVcpus or RemoteProcedure.NodeGetInfo => true,
        RemoteProcedure.ConnectGetHostname or RemoteProcedure.ConnectSupportsFeature or RemoteProcedure.ConnectGetUri
            or RemoteProcedure.ConnectIsSecure or RemoteProcedure.ConnectGetLibVersion => true,
        RemoteProcedure.AuthList or RemoteProcedure.AuthSaslInit or RemoteProcedure.AuthSaslStart
            or RemoteProcedure.AuthSaslStep or RemoteProcedure.AuthPolkit => true,
        RemoteProcedure.NodeNumOfDevices or RemoteProcedure.NodeListDevices or RemoteProcedure.NodeDeviceLookupByName
            or RemoteProcedure.NodeDeviceGetParent or RemoteProcedure.NodeDeviceNumOfCaps
            or RemoteProcedure.NodeDeviceListCaps or RemoteProcedure.ConnectListAllNodeDevices => true,
        RemoteProcedure.NodeDeviceGetAutostart or RemoteProcedure.NodeDeviceIsPersistent or RemoteProcedure.NodeDeviceIsActive => true,
        RemoteProcedure.ConnectNumOfInterfaces or RemoteProcedure.ConnectListInterfaces
            or RemoteProcedure.ConnectNumOfDefinedInterfaces or RemoteProcedure.ConnectListDefinedInterfaces
            or RemoteProcedure.ConnectListAllInterfaces => true,
        RemoteProcedure.InterfaceLookupByName or RemoteProcedure.InterfaceLookupByMacString
            or RemoteProcedure.InterfaceDefineXml or RemoteProcedure.InterfaceUndefine
            or RemoteProcedure.InterfaceDestroy or RemoteProcedure.InterfaceIsActive => true,
        RemoteProcedure.ConnectRegisterCloseCallback or RemoteProcedure.ConnectUnregisterCloseCallback
            or RemoteProcedure.ConnectNodeDeviceEventRegisterAny
            or RemoteProcedure.ConnectNodeDeviceEventDeregisterAny => true,
        _ => false,
    };
}
