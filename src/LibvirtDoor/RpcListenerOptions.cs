using Spindle.Basics;

namespace Spindle.LibvirtDoor;

/// <summary>Where clients come in, and what they have to do for it.</summary>
public abstract record RpcListenerOptions
{
    /// <summary>True: who comes in here may only look.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>What they have to do first.</summary>
    public RpcAuthentication Authentication { get; init; }
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
}

/// <summary>TCP. Whoever reaches it talks in the clear.</summary>
/// <param name="Address">The address; the unspecified IPv6 one means IPv4 too, and a machine without IPv6 as well.</param>
/// <param name="Port">The port; 0: any that is free.</param>
public record TcpListenerOptions(IpAddress Address, ushort Port) : RpcListenerOptions;
