using System;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor;

/// <summary>What a client of a listener has to do before it may call anything.</summary>
public enum RpcAuthentication
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Be root, or be let in by PolicyKit.</summary>
    PolicyKit,

    /// <summary>Log in by SASL, which is not here: nobody gets in, root neither.</summary>
    Sasl,
}

/// <summary>How a client is connected, by the numbers that virt-admin reads.</summary>
public enum RpcTransport
{
    /// <summary>A unix socket.</summary>
    Unix = 0,

    /// <summary>TCP.</summary>
    Tcp = 1,

    /// <summary>TLS over TCP.</summary>
    Tls = 2,
}

/// <summary>Asks whether a client may come in. Called on the loop's thread; must not block.</summary>
/// <param name="client">Who; may be gone by the time of the answer, which is no matter.</param>
/// <param name="answer">To be called once, on the loop's thread, now or later: null lets it in, an error is what it is told.</param>
public delegate void RpcAuthorizer(RpcClient client, Action<RpcError?> answer);
