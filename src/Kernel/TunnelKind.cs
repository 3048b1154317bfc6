using System;

namespace Spindle.Kernels;

/// <summary>What a tunnel's program reads and writes (<c>IFF_*</c> of <c>linux/if_tun.h</c>).</summary>
[Flags]
public enum TunnelKind
{
    /// <summary>IP packets (<c>IFF_TUN</c>).</summary>
    Packets = 1,

    /// <summary>Ethernet frames (<c>IFF_TAP</c>).</summary>
    Frames = 2,

    /// <summary>Without the four octets in front that say what follows (<c>IFF_NO_PI</c>).</summary>
    Bare = 0x1000,
}
