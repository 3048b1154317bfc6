using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor;

/// <summary>Where clients come in, and what they have to do for it.</summary>
public abstract record RpcListenerOptions
{
    /// <summary>True: who comes in here may only look.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>What they have to do first.</summary>
    public RpcAuthentication Authentication { get; init; }

    /// <summary>How its clients are connected.</summary>
    internal abstract RpcTransport Transport { get; }

    /// <summary>Opens the channel to a client, whose descriptor is the channel's from then on.</summary>
    /// <returns>ENOSPC, ENOMEM: the kernel has no room to watch it.</returns>
    internal virtual Result TryOpen(RpcClient client, int fd, out RpcChannel? channel) => SocketChannel.TryOpen(client, fd, out channel);

    /// <summary>Reads certificates again, if there are any.</summary>
    /// <returns>False: there are none, or they stay as they were.</returns>
    internal virtual bool TryReload(out string? complaint)
    {
        complaint = null;
        return false;
    }
}

/// <summary>A unix socket.</summary>
/// <param name="Path">Its name; at most 107 octets.</param>
public sealed record UnixListenerOptions(string Path) : RpcListenerOptions
{
    /// <summary>Permission bits of its file.</summary>
    public uint Mode { get; init; } = 0x1C0;

    /// <summary>Owner of its file; null: who we are.</summary>
    public uint? UserId { get; init; }

    /// <summary>Group of its file; null: ours.</summary>
    public uint? GroupId { get; init; }

    internal override RpcTransport Transport => RpcTransport.Unix;
}

/// <summary>TCP. Whoever reaches it talks in the clear.</summary>
/// <param name="Address">The address; the unspecified IPv6 one means IPv4 too, and a machine without IPv6 as well.</param>
/// <param name="Port">The port; 0: any that is free.</param>
public record TcpListenerOptions(IpAddress Address, ushort Port) : RpcListenerOptions
{
    internal override RpcTransport Transport => RpcTransport.Tcp;
}
