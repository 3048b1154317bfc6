using System;
using System.Diagnostics.CodeAnalysis;
using Spindle.LibvirtDoor;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Daemon.Libvirt;

/// <summary>The REMOTE program: what virsh asks for, as far as it is about interfaces.</summary>
/// <remarks>
/// What takes a few microseconds, or only begins something, is done on the loop; the rest is decoded and done by workers, which
/// see the picture that was made when the call came, and nothing else. What is not here is unknown, which virsh takes for
/// "not supported" and goes another way.
/// </remarks>
internal sealed class RemoteProgram : RpcProgram
{
    private const int Numbers = (int)RemoteProcedure.NodeDeviceIsActive + 1; // the last one

    private readonly RpcProcedure?[] procedures = new RpcProcedure?[Numbers];
    private readonly bool[] looking = new bool[Numbers];
    private readonly HostObserver observer;

    /// <summary>A program without procedures.</summary>
    public RemoteProgram(HostObserver observer)
        : base(RpcPrograms.Remote) => this.observer = observer;

    /// <summary>Adds a procedure that a worker carries out.</summary>
    public void AddWork(RemoteProcedure number, RpcHandler handler) => Add(number, handler, isInline: false);

    /// <summary>Adds a procedure that is carried out, or begun, on the loop.</summary>
    public void AddInline(RemoteProcedure number, RpcHandler handler) => Add(number, handler, isInline: true);

    /// <inheritdoc/>
    public override bool TryFind(int procedure, [NotNullWhen(true)] out RpcProcedure? found)
    {
        found = (uint)procedure < (uint)procedures.Length ? procedures[procedure] : null;
        if (found is not null && looking[procedure])
        {
            observer.Look();
        }

        return found is not null;
    }

    private void Add(RemoteProcedure number, RpcHandler handler, bool isInline)
    {
        procedures[(int)number] = new RpcProcedure(number.ToString(), handler)
        {
            IsHighPriority = RemoteProcedures.IsHighPriority((int)number),
            IsInline = isInline,
        };
        looking[(int)number] = number is >= RemoteProcedure.NodeNumOfDevices and not
            (RemoteProcedure.ConnectIsSecure or RemoteProcedure.ConnectGetLibVersion or RemoteProcedure.ConnectRegisterCloseCallback
            or RemoteProcedure.ConnectUnregisterCloseCallback);
    }
}

/// <summary>How every handler of the program begins.</summary>
internal static class RemoteCalls
{
    /// <summary>What the client has done so far: there since it joined, for the loop and workers alike.</summary>
    public static RemoteConnection ConnectionOf(this RpcCall call) => (RemoteConnection)call.Client.State!;

    /// <summary>Reads the arguments, and makes sure that a connection is open; else the call is answered.</summary>
    public static bool TryBegin<T>(this RpcCall call, out T arguments, [NotNullWhen(true)] out RemoteConnection? connection)
        where T : struct, IXdrValue<T>
    {
        connection = null;
        if (!call.TryRead(out arguments))
        {
            return false;
        }

        RemoteConnection found = call.ConnectionOf();
        if (found.Uri is null)
        {
            call.Fail(RpcError.ConnectionNotOpen);
            return false;
        }

        connection = found;
        return true;
    }

    /// <summary>The same for what changes something.</summary>
    /// <param name="call">The call.</param>
    /// <param name="function">The name of the function in libvirt's library.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="connection">The connection.</param>
    public static bool TryBeginChange<T>(
        this RpcCall call, string function, out T arguments, [NotNullWhen(true)] out RemoteConnection? connection)
        where T : struct, IXdrValue<T>
    {
        if (!call.TryBegin(out arguments, out connection))
        {
            return false;
        }

        if (connection.IsReadOnly || call.Client.IsReadOnly)
        {
            call.Fail(RpcError.ReadOnly(function));
            return false;
        }

        return true;
    }
}
