using System;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor;

/// <summary>Octets to and from one client; nothing here ever waits.</summary>
internal abstract class RpcChannel
{
    /// <summary>Takes octets that have come: 0 at their end, EAGAIN if there are none yet.</summary>
    public abstract Result Receive(Span<byte> destination);

    /// <summary>Sends octets, fewer than asked perhaps; EAGAIN: none at present.</summary>
    public abstract Result Send(ReadOnlySpan<byte> source);

    /// <summary>Says what the client waits for; it is told by <see cref="RpcClient.Ready"/>.</summary>
    public abstract void Watch(bool reads, bool writes);

    /// <summary>Ends it, once.</summary>
    public abstract void Close();
}
