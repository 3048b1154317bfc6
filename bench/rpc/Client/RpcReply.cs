using System;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Bench.Rpc.Client;

/// <summary>Called once for every call, on the loop's thread.</summary>
/// <param name="connection">The connection of the call.</param>
/// <param name="reply">The answer, valid during the call; or that there will be none.</param>
internal delegate void RpcReplyHandler(RpcConnection connection, scoped in RpcReply reply);

/// <summary>Called for every message that nobody has asked for: an event.</summary>
internal delegate void RpcEventHandler(RpcConnection connection, in RpcHeader header, ReadOnlySpan<byte> payload);

/// <summary>What came back for a call.</summary>
internal readonly ref struct RpcReply
{
    /// <summary>An answer.</summary>
    public RpcReply(in RpcHeader header, ReadOnlySpan<byte> payload)
    {
        Header = header;
        Payload = payload;
    }

    /// <summary>The answer's header; all zeros if the connection was lost.</summary>
    public RpcHeader Header { get; }

    /// <summary>What stands behind the header.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>No answer will come: the connection is gone.</summary>
    public bool IsLost => Header.Program == 0;

    /// <summary>True for a result, false for an error or nothing.</summary>
    public bool IsOk => !IsLost && Header.Status == RpcStatus.Ok;

    /// <summary>Reads the result; false for an error, for nothing, and for octets that are none.</summary>
    public bool TryRead<T>(out T value)
        where T : struct, IXdrValue<T>
    {
        XdrReader reader = new(Payload);
        value = default;
        return IsOk && T.TryRead(ref reader, out value);
    }

    /// <summary>What went wrong, for people.</summary>
    public string Describe()
    {
        XdrReader reader = new(Payload);
        return IsLost ? "the connection was lost"
            : IsOk ? "no error"
            : RpcError.TryRead(ref reader, out RpcError? error) ? $"{error!.Message} ({(int)error.Code}/{(int)error.Domain})"
            : "an error that cannot be read";
    }
}
