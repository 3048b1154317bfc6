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

/// <summary>Procedures about node devices: the machine, and the links that hang on it.</summary>
internal sealed class NodeDeviceProcedures(HostObserver observer, NodeDeviceEvents events, Kernel kernel)
{
    // virConnectListAllNodeDevicesFlags: one bit a capability, and two for devices that are there or are only defined.
    private const uint SystemFlag = 1 << 0;
    private const uint NetFlag = 1 << 4;
    private const uint InactiveFlag = 1 << 30;
    private const uint ActiveFlag = 1u << 31;
    private const uint StateFlags = InactiveFlag | ActiveFlag;

    // Capabilities 0 (system) to 21 (vpd), those of libvirt 9.0.0.
    private const uint CapabilityFlags = (1 << 22) - 1;

    public void AddTo(RemoteProgram program)
    {
        program.AddInline(RemoteProcedure.NodeNumOfDevices, Count);
        program.AddWork(RemoteProcedure.NodeListDevices, ListNames);
        program.AddWork(RemoteProcedure.ConnectListAllNodeDevices, ListAll);
        program.AddWork(RemoteProcedure.NodeDeviceLookupByName, LookUp);
        program.AddWork(RemoteProcedure.NodeDeviceGetXmlDesc, Describe);
        program.AddWork(RemoteProcedure.NodeDeviceGetParent, GetParent);
        program.AddWork(RemoteProcedure.NodeDeviceNumOfCaps, CountCapabilities);
        program.AddWork(RemoteProcedure.NodeDeviceListCaps, ListCapabilities);
        program.AddWork(RemoteProcedure.NodeDeviceGetAutostart, call => Reply(call, static link => link is null));
        program.AddWork(RemoteProcedure.NodeDeviceIsPersistent, call => Reply(call, static link => link is null));
        program.AddWork(RemoteProcedure.NodeDeviceIsActive, call => Reply(call, static _ => true));
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
        const string Function = "virConnectListAllNodeDevices";
        if (!call.TryBegin(out ListAllValue arguments, out _)
            || call.HasUnknownFlags(arguments.Flags, CapabilityFlags | StateFlags, RpcErrorDomain.NodeDevice, Function))
        {
            return;
        }

        uint capabilities = arguments.Flags & ~StateFlags;
        uint states = arguments.Flags & StateFlags;
        bool IsWanted(uint capability) => (capabilities == 0 || (capabilities & capability) != 0) && states != InactiveFlag;
        string[] names = [.. NodeDevices.Names(observer.Published, IsWanted(SystemFlag), IsWanted(NetFlag))];
        call.Reply(new NodeDeviceListResult(arguments.NeedResults ? names : [], (uint)names.Length));
    }

    private void LookUp(RpcCall call)
    {
        if (call.TryBegin(out TextValue name, out _) && TryFind(call, name.Text, out _))
        {
            call.Reply(name);
        }
    }

    private void GetParent(RpcCall call)
    {
        if (call.TryBegin(out TextValue name, out _) && TryFind(call, name.Text, out HostInterface? link))
        {
            call.Reply(new OptionalTextValue(link is null ? null : ComputerDevice.Name));
        }
    }

    private void CountCapabilities(RpcCall call)
    {
        if (call.TryBegin(out TextValue name, out _) && TryFind(call, name.Text, out _))
        {
            call.Reply(new NumberValue(1));
        }
    }

    /// <summary>Answers whether something is so: all devices are there, and as libvirt has it the machine is so for good, and a link is not.</summary>
    private void Reply(RpcCall call, Func<HostInterface?, bool> isSo)
    {
        if (call.TryBegin(out TextValue name, out _) && TryFind(call, name.Text, out HostInterface? link))
        {
            call.Reply(new NumberValue(isSo(link) ? 1 : 0));
        }
    }

    private void ListCapabilities(RpcCall call)
    {
        if (call.TryBegin(out NodeDeviceListCapsArguments arguments, out _)
            && !InterfaceProcedures.HasBadMaximum(call, arguments.Maximum, TextListValue.Maximum, "REMOTE_NODE_DEVICE_CAPS_LIST_MAX")
            && TryFind(call, arguments.Name, out HostInterface? link))
        {
            string capability = link is null ? NodeDevices.ComputerCapability : NodeDevices.LinkCapability;
            call.Reply(new TextListValue(arguments.Maximum > 0 ? [capability] : []));
        }
    }

    private void Describe(RpcCall call)
    {
        if (call.TryBegin(out TextFlagsValue arguments, out _)
            && !call.HasUnknownFlags(arguments.Flags, 0, RpcErrorDomain.NodeDevice, "virNodeDeviceGetXMLDesc")
            && TryFind(call, arguments.Text, out HostInterface? link))
        {
            call.Reply(new TextValue(link is null ? ComputerFacts.Read(kernel).Write() : Describe(link)));
        }
    }

    private string Describe(HostInterface link) =>
        NodeDevices.Describe(link, PathOf(link.Name), link.State == LinkOperationalState.Up ? LinkSpeed.Read(kernel, link.Name) : 0);

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
        else if (wish.Device is null || TryFind(call, wish.Device, out _))
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

    private ImmutableArray<string> Names(string? capability) => NodeDevices.Names(
        observer.Published, capability is null or NodeDevices.ComputerCapability, capability is null or NodeDevices.LinkCapability);

    /// <summary>Finds a device, or fails the call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="name">The device's name.</param>
    /// <param name="link">The link that it is; null: it is the machine.</param>
    private bool TryFind(RpcCall call, string name, out HostInterface? link)
    {
        link = NodeDevices.Find(observer.Published, name);
        bool isFound = link is not null || name == ComputerDevice.Name;
        if (!isFound)
        {
            call.Fail(RpcError.NodeDeviceNotFound(name));
        }

        return isFound;
    }
}
