namespace Spindle.Protocols.LibvirtRpc;

/// <summary>What a message is. Numbers that are not here are kept as they are.</summary>
public enum RpcMessageType
{
    /// <summary>A client calls a procedure.</summary>
    Call = 0,

    /// <summary>The server's answer to a call.</summary>
    Reply = 1,

    /// <summary>Either side tells something and expects no answer.</summary>
    Message = 2,

    /// <summary>Data of a stream.</summary>
    Stream = 3,

    /// <summary>A call that brings file descriptors.</summary>
    CallWithDescriptors = 4,

    /// <summary>An answer that brings file descriptors.</summary>
    ReplyWithDescriptors = 5,

    /// <summary>A hole in a stream.</summary>
    StreamHole = 6,
}

/// <summary>How it went. Numbers that are not here are kept as they are.</summary>
public enum RpcStatus
{
    /// <summary>Well; every call carries this.</summary>
    Ok = 0,

    /// <summary>Badly: the payload is an <see cref="RpcError"/>.</summary>
    Error = 1,

    /// <summary>More of the stream follows.</summary>
    Continue = 2,
}
