using System;
using Spindle.Kernels;
using Spindle.LibvirtDoor;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Daemon.Libvirt;

/// <summary>Procedures about the connection and the machine.</summary>
/// <param name="kernel">The kernel.</param>
internal sealed class ConnectProcedures(Kernel kernel)
{
    /// <summary>The libvirt whose protocol this is: 9.0.0, in its way of counting.</summary>
    public const ulong LibraryVersion = 9_000_000;

    /// <summary>Ours, 0.1.0, in the same way.</summary>
    private const ulong OwnVersion = 1_000;

    private const string DriverType = "interface";

    public void AddTo(RemoteProgram program)
    {
        program.AddInline(RemoteProcedure.ConnectOpen, Open);
        program.AddInline(RemoteProcedure.ConnectClose, static call => call.CompleteAndClose());
        program.AddInline(RemoteProcedure.ConnectSupportsFeature, SupportsFeature);
        program.AddInline(RemoteProcedure.ConnectGetType, static call => Tell(call, new TextValue(DriverType)));
        program.AddInline(RemoteProcedure.ConnectGetVersion, static call => Tell(call, new VersionValue(OwnVersion)));
        program.AddInline(RemoteProcedure.ConnectGetLibVersion, static call => Tell(call, new VersionValue(LibraryVersion)));
        program.AddInline(RemoteProcedure.ConnectGetUri, static call => Tell(call, new TextValue(call.ConnectionOf().Uri ?? "")));
        program.AddInline(RemoteProcedure.ConnectGetHostname, call => Tell(call, new TextValue(kernel.HostName)));
        program.AddInline(
            RemoteProcedure.ConnectIsSecure,
            static call => Tell(call, new NumberValue(call.Client.Service.Transport == RpcTransport.Tcp ? 0 : 1)));
        program.AddInline(RemoteProcedure.ConnectRegisterCloseCallback, Acknowledge);
        program.AddInline(RemoteProcedure.ConnectUnregisterCloseCallback, Acknowledge);
        program.AddWork(RemoteProcedure.NodeGetInfo, GetNodeInfo);
    }

    private void Open(RpcCall call)
    {
        if (!call.TryRead(out OptionalTextFlagsValue arguments))
        {
            return;
        }

        RemoteConnection connection = call.ConnectionOf();
        string? name = arguments.Text is "" ? ConnectUri.Default : arguments.Text;
        RpcError? error = connection.Uri is not null ? RpcError.ConnectionAlreadyOpen
            : name is null ? RpcError.ConnectionNotOpen
            : ConnectUri.Check(name);
        if (error is null)
        {
            connection.Uri = name;
            connection.IsReadOnly = ((ConnectOpenFlags)arguments.Flags).HasFlag(ConnectOpenFlags.ReadOnly);
        }

        call.Finish(error);
    }

    private static void SupportsFeature(RpcCall call)
    {
        if (!call.TryRead(out NumberValue feature))
        {
            return;
        }

        if ((RemoteFeature)feature.Number == RemoteFeature.KeepAlive)
        {
            // Asked before the connection is opened; from here on the client is pinged.
            call.Client.StartKeepAlive();
            call.Reply(new NumberValue(1));
        }
        else if (call.ConnectionOf().Uri is null)
        {
            call.Fail(RpcError.ConnectionNotOpen);
        }
        else
        {
            // No descriptors are passed (8), so that is not claimed.
            bool isHere = (RemoteFeature)feature.Number is RemoteFeature.EventCallback or RemoteFeature.CloseCallback;
            call.Reply(new NumberValue(isHere ? 1 : 0));
        }
    }

    private static void Tell<T>(RpcCall call, T value)
        where T : struct, IXdrValue<T>
    {
        if (IsHypervisorOpen(call))
        {
            call.Reply(value);
        }
    }

    private static bool IsHypervisorOpen(RpcCall call)
    {
        bool isOpen = call.ConnectionOf().Uri is not null;
        if (!isOpen)
        {
            call.Fail(RpcError.Internal("hypervisor connection not open"));
        }

        return isOpen;
    }

    /// <summary>A connection that ends is closed for the client to see; there is no other end to be told of.</summary>
    private static void Acknowledge(RpcCall call)
    {
        if (call.TryBegin(out EmptyValue _, out _))
        {
            call.Complete();
        }
    }

    private void GetNodeInfo(RpcCall call)
    {
        if (!IsHypervisorOpen(call))
        {
            return;
        }

        if (NodeInformation.Read(kernel) is { } node)
        {
            call.Reply(new NodeInfo(
                node.Model, node.MemoryKilobytes, node.Cpus, node.Megahertz, 1, node.Sockets, node.Cores, node.Threads));
        }
        else
        {
            call.Fail(RpcError.Formatted(
                RpcErrorCode.SystemError, RpcErrorDomain.None, "%s", "/proc/meminfo and /proc/cpuinfo cannot be read"));
        }
    }
}
