using System;

namespace Spindle.Protocols.LibvirtRpc;

/// <summary>What a message of the keepalive program asks for.</summary>
public enum KeepAliveMessage
{
    /// <summary>Not of this program and version, or a call: to be treated as any message.</summary>
    None,

    /// <summary>To be answered by <see cref="KeepAlive.Pong"/>.</summary>
    Ping,

    /// <summary>An answer to a ping.</summary>
    Pong,

    /// <summary>Of this program, and nothing that means anything: to be dropped.</summary>
    Other,
}

/// <summary>Pings that either side may send to see whether the other one is there.</summary>
public static class KeepAlive
{
    /// <summary>Octets of either packet.</summary>
    public const int Size = RpcFrame.MinimumLength;

    private const int PingProcedure = 1;
    private const int PongProcedure = 2;

    /// <summary>The whole packet that asks.</summary>
    public static ReadOnlySpan<byte> Ping =>
    [
        0, 0, 0, 28, 0x6B, 0x65, 0x65, 0x70, 0, 0, 0, 1, 0, 0, 0, PingProcedure, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The whole packet that answers.</summary>
    public static ReadOnlySpan<byte> Pong =>
    [
        0, 0, 0, 28, 0x6B, 0x65, 0x65, 0x70, 0, 0, 0, 1, 0, 0, 0, PongProcedure, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>What a message asks for. A payload behind a ping does not matter; a ping that is a call is no ping.</summary>
    public static KeepAliveMessage Classify(in RpcHeader header)
    {
        if (header.Program != RpcPrograms.KeepAlive || header.Type is RpcMessageType.Call or RpcMessageType.CallWithDescriptors)
        {
            return KeepAliveMessage.None;
        }

        bool isOurs = header is { Version: RpcPrograms.Version, Type: RpcMessageType.Message };
        return !isOurs ? KeepAliveMessage.Other : header.Procedure switch
        {
            PingProcedure => KeepAliveMessage.Ping,
            PongProcedure => KeepAliveMessage.Pong,
            _ => KeepAliveMessage.Other,
        };
    }
}
