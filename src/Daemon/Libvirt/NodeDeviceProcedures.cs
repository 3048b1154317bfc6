using System;
using System.Collections.Immutable;
using System.IO;
using Spindle.Kernels;
using Spindle.LibvirtDoor;
using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Remote;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Libvirt;

/// <summary>Procedures about node devices, of which there are links alone.</summary>
internal sealed class NodeDeviceProcedures(HostObserver observer, NodeDeviceEvents events, Kernel kernel)
{
    // virConnectListAllNodeDevicesFlags: one bit a capability, and two for devices that are there or are only defined.
    private const uint NetFlag = 1 << 4;
    private const uint InactiveFlag = 1 << 30;
    private const uint ActiveFlag = 1u << 31;
    private const uint StateFlags = InactiveFlag | ActiveFlag;

    public void AddTo(RemoteProgram program)
    {
        program.AddInline(RemoteProcedure.NodeNumOfDevices, Count);
        program.AddWork(RemoteProcedure.NodeListDevices, ListNames);
        program.AddWork(RemoteProcedure.ConnectListAllNodeDevices, ListAll);
        program.AddWork(RemoteProcedure.NodeDeviceLookupByName, LookUp);
        program.AddWork(RemoteProcedure.NodeDeviceGetXmlDesc, Describe);
        program.AddWork(RemoteProcedure.NodeDeviceGetParent, call => Tell(call, new OptionalTextValue(ComputerDevice.Name)));
        program.AddWork(RemoteProcedure.NodeDeviceNumOfCaps, call => Tell(call, new NumberValue(1)));
        program.AddWork(RemoteProcedure.NodeDeviceListCaps, ListCapabilities);
        program.AddInline(RemoteProcedure.ConnectNodeDeviceEventRegisterAny, Register);
        program.AddInline(RemoteProcedure.ConnectNodeDeviceEventDeregisterAny, Deregister);
    }

    private void Count(RpcCall call)
    {
        if (call.TryBegin(out OptionalTextFlagsValue arguments, out _) && !call.HasUnknownFlags(arguments.Flags, 0, RpcErrorDomain.NodeDevice, "virNodeNumOfDevices"))
        {
            call.Reply(new NumberValue(Names(arguments.Text).Length));
        }
    }

    private void ListNames(RpcCall call)
    {
        if (call.TryBegin(out NodeListDevicesArguments arguments, out _)
            && !call.HasUnknownFlags(arguments.Flags, 0, RpcErrorDomain.NodeDevice, "virNodeListDevices")
            && !InterfaceProcedures.HasBadMaximum(call, arguments.Maximum, TextListValue.Maximum, "REMOTE_NODE_DEVICE_LIST_MAX"))
        {
            ImmutableArray<string> names = Names(arguments.Capability);
            call.Reply(new TextListValue([.. names[..Math.Min(names.Length, arguments.Maximum)]]));
        }
    }

    private void ListAll(RpcCall call)
    {
        if (!call.TryBegin(out ListAllValue arguments, out _))
        {
            return;
        }

        uint capabilities = arguments.Flags & ~StateFlags;
        uint states = arguments.Flags & StateFlags;
        bool isWanted = (capabilities == 0 || (capabilities & NetFlag) != 0) && states != InactiveFlag;
        string[] names = isWanted ? [.. NodeDevices.Names(observer.Published)] : [];
        call.Reply(new NodeDeviceListResult(arguments.NeedResults ? names : [], (uint)names.Length));
    }

    private void LookUp(RpcCall call)
    {
        if (call.TryBegin(out TextValue name, out _) && TryFind(call, name.Text) is not null)
        {
            call.Reply(name);
        }
    }

    private void Tell<T>(RpcCall call, T value)
        where T : struct, IXdrValue<T>
    {
        if (call.TryBegin(out TextValue name, out _) && TryFind(call, name.Text) is not null)
        {
            call.Reply(value);
        }
    }

    private void ListCapabilities(RpcCall call)
    {
        if (call.TryBegin(out NodeDeviceListCapsArguments arguments, out _)
            && !InterfaceProcedures.HasBadMaximum(call, arguments.Maximum, TextListValue.Maximum, "REMOTE_NODE_DEVICE_CAPS_LIST_MAX")
            && TryFind(call, arguments.Name) is not null)
        {
            call.Reply(new TextListValue(arguments.Maximum > 0 ? [NodeDevices.Capability] : []));
        }
    }

    private void Describe(RpcCall call)
    {
        if (call.TryBegin(out TextFlagsValue arguments, out _)
            && !call.HasUnknownFlags(arguments.Flags, 0, RpcErrorDomain.NodeDevice, "virNodeDeviceGetXMLDesc")
            && TryFind(call, arguments.Text) is { } found)
        {
            call.Reply(new TextValue(NodeDevices.Describe(found, PathOf(found.Name), found.State == LinkOperationalState.Up ? LinkSpeed.Read(kernel, found.Name) : 0)));
        }
    }

    /// <summary>Where sysfs has the device.</summary>
    private string PathOf(string link)
    {
        string path = $"/sys/class/net/{link}";
        return !link.Contains('/', StringComparison.Ordinal) && kernel.ReadLink(path, out string target).IsOk
            ? Path.GetFullPath(Path.Combine("/sys/class/net", target)) : path;
    }

    private void Register(RpcCall call)
    {
        if (!call.TryBegin(out NodeDeviceEventRegisterArguments wish, out RemoteConnection? connection))
        {
            return;
        }

        if (wish.Kind is not (NodeDeviceEventKind.Lifecycle or NodeDeviceEventKind.Update))
        {
            call.Fail(RpcError.Internal($"unsupported node device event ID {(int)wish.Kind}"));
        }
        else if (wish.Device is null || TryFind(call, wish.Device) is not null)
        {
            if (events.Register(call.Client, connection, wish) is { } number)
            {
                call.Reply(new NumberValue(number));
            }
            else
            {
                call.Fail(RpcError.Internal("too many callbacks"));
            }
        }
    }

    private void Deregister(RpcCall call)
    {
        if (call.TryBegin(out NumberValue number, out RemoteConnection? connection))
        {
            call.Finish(events.Deregister(connection, number.Number) ? null
                : RpcError.Internal($"node device event callback {number.Number} not registered"));
        }
    }

    private ImmutableArray<string> Names(string? capability) =>
        capability is null or NodeDevices.Capability ? NodeDevices.Names(observer.Published) : [];

    private HostInterface? TryFind(RpcCall call, string name)
    {
        HostInterface? found = NodeDevices.Find(observer.Published, name);
        if (found is null)
        {
            call.Fail(RpcError.NodeDeviceNotFound(name));
        }

        return found;
    }
}
