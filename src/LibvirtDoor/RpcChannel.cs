using System;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor;

/// <summary>Octets to and from one client; nothing here ever waits.</summary>
internal abstract class RpcChannel
{
    /// <summary>False: something that was sent by <see cref="Send"/> has not left yet. The client is told when it has.</summary>
    public virtual bool IsFlushed => true;

    /// <summary>Begins, once the client knows of it.</summary>
    public virtual void Start()
    {
    }

    /// <summary>Takes octets that have come: 0 at their end, EAGAIN if there are none yet.</summary>
    public abstract Result Receive(Span<byte> destination);

    /// <summary>Sends octets, fewer than asked perhaps; EAGAIN: none at present.</summary>
    public abstract Result Send(ReadOnlySpan<byte> source);

    /// <summary>Says what the client waits for; it is told by <see cref="RpcClient.Ready"/>.</summary>
    /// <returns>False: the kernel has no room to watch it.</returns>
    public abstract bool TryWatch(bool reads, bool writes);

    /// <summary>What the kernel's security module calls the other end (<c>SO_PEERSEC</c>); null: nothing.</summary>
    public virtual string? ReadPeerLabel() => null;

    /// <summary>Ends it, once.</summary>
    public abstract void Close();
}
