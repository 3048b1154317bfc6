using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Daemon.Libvirt;

/// <summary>Errors of interfaces in libvirt's words that more than one place says.</summary>
internal static class LibvirtErrors
{
    /// <summary>The kernel or the disk said no.</summary>
    public static RpcError System(string detail) =>
        RpcError.Formatted(RpcErrorCode.SystemError, RpcErrorDomain.Interface, "%s", detail);

    /// <summary>What is here cannot be had that way.</summary>
    public static RpcError Unsupported(string detail) =>
        RpcError.Formatted(
            RpcErrorCode.ConfigurationUnsupported, RpcErrorDomain.Interface, "unsupported configuration: %s", detail);

    /// <summary>Too much waits already.</summary>
    public static RpcError Busy(string detail) =>
        RpcError.Formatted(RpcErrorCode.ResourceBusy, RpcErrorDomain.Interface, "resource busy: %s", detail);

    /// <summary>Several interfaces have this address.</summary>
    public static RpcError Multiple(string mac) =>
        RpcError.Formatted(
            RpcErrorCode.MultipleInterfaces,
            RpcErrorDomain.Interface,
            "multiple matching interfaces found: %s",
            $"the MAC address '{mac}' matches multiple interfaces");

    /// <summary>No interface has this address.</summary>
    public static RpcError NoMac(string mac) =>
        RpcError.Formatted(
            RpcErrorCode.NoInterface, RpcErrorDomain.Interface, "Interface not found: %s", $"couldn't find interface with MAC address '{mac}'");

    /// <summary>A document that was refused.</summary>
    public static RpcError Refused(XmlRefusal refusal) => refusal.Kind == XmlRefusalKind.NotWellFormed
        ? new((RpcErrorCode)refusal.Code, (RpcErrorDomain)refusal.Domain, refusal.Message, "%s", refusal.Message)
        : new((RpcErrorCode)refusal.Code, (RpcErrorDomain)refusal.Domain, refusal.Message, "XML error: %s", refusal.Detail);
}
