using System;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor;

/// <summary>What handlers of all programs have in common.</summary>
public static class RpcCalls
{
    /// <summary>Reads the arguments; else the call has failed.</summary>
    public static bool TryRead<T>(this RpcCall call, out T arguments)
        where T : struct, IXdrValue<T>
    {
        ArgumentNullException.ThrowIfNull(call);
        XdrReader reader = call.Arguments;
        bool isRead = T.TryRead(ref reader, out arguments);
        if (!isRead)
        {
            call.Fail(RpcError.UndecodablePayload);
        }

        return isRead;
    }

    /// <summary>Answers with a value.</summary>
    public static void Reply<T>(this RpcCall call, T value)
        where T : struct, IXdrValue<T>
    {
        ArgumentNullException.ThrowIfNull(call);
        value.Write(call.Result);
        call.Complete();
    }

    /// <summary>Answers with an error, or with nothing if there is none.</summary>
    public static void Finish(this RpcCall call, RpcError? error)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (error is null)
        {
            call.Complete();
        }
        else
        {
            call.Fail(error);
        }
    }

    /// <summary>Flags that a function does not know are refused as libvirt does.</summary>
    /// <param name="call">The call.</param>
    /// <param name="flags">What the client sent.</param>
    /// <param name="known">Bits that mean something.</param>
    /// <param name="domain">Whose function it is.</param>
    /// <param name="function">Its name in libvirt's library.</param>
    /// <returns>True: the call has failed.</returns>
    public static bool HasUnknownFlags(this RpcCall call, uint flags, uint known, RpcErrorDomain domain, string function)
    {
        ArgumentNullException.ThrowIfNull(call);
        uint unknown = flags & ~known;
        if (unknown != 0)
        {
            call.Fail(RpcError.UnsupportedFlags(domain, function, unknown));
        }

        return unknown != 0;
    }
}
