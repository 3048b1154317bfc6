namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Numbers of libvirt's programs; each of them is at version 1.</summary>
public static class RpcPrograms
{
    /// <summary>What virsh speaks.</summary>
    public const uint Remote = 0x2000_8086;

    /// <summary>What virt-admin speaks.</summary>
    public const uint Admin = 0x0690_0690;

    /// <summary>Pings, "keep" in ASCII.</summary>
    public const uint KeepAlive = 0x6B65_6570;

    /// <summary>The one version there is of each.</summary>
    public const uint Version = 1;
}
