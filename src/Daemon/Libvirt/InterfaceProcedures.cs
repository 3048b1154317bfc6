using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.LibvirtDoor;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Daemon.Libvirt;

/// <summary>Procedures that read interfaces.</summary>
internal sealed class InterfaceProcedures(HostObserver observer, Kernel kernel)
{
    private const uint InactiveXml = 1;

    public void AddTo(RemoteProgram program)
    {
        program.AddInline(RemoteProcedure.ConnectNumOfInterfaces, call => Count(call, isActive: true));
        program.AddInline(RemoteProcedure.ConnectNumOfDefinedInterfaces, call => Count(call, isActive: false));
        program.AddInline(RemoteProcedure.InterfaceLookupByName, LookUpByName);
        program.AddInline(RemoteProcedure.InterfaceLookupByMacString, LookUpByMac);
        program.AddInline(RemoteProcedure.InterfaceIsActive, IsActive);
        program.AddWork(RemoteProcedure.ConnectListInterfaces, call => ListNames(call, isActive: true));
        program.AddWork(RemoteProcedure.ConnectListDefinedInterfaces, call => ListNames(call, isActive: false));
        program.AddWork(RemoteProcedure.ConnectListAllInterfaces, ListAll);
        program.AddWork(RemoteProcedure.InterfaceGetXmlDesc, Describe);
    }

    /// <summary>An interface as clients know it.</summary>
    public static InterfaceReference Reference(HostInterface shown) => new(shown.Name, shown.MacText);

    private void Count(RpcCall call, bool isActive)
    {
        if (call.TryBegin(out EmptyValue _, out _))
        {
            call.Reply(new NumberValue(observer.Published.Count(isActive)));
        }
    }

    private void ListNames(RpcCall call, bool isActive)
    {
        if (!call.TryBegin(out NumberValue maximum, out _) || HasBadMaximum(call, maximum.Number, RpcFrame.ListMaximum, "REMOTE_INTERFACE_LIST_MAX"))
        {
            return;
        }

        List<string> names = [];
        foreach (HostInterface shown in observer.Published.Interfaces)
        {
            if (shown.IsListed && shown.IsActive == isActive && names.Count < maximum.Number)
            {
                names.Add(shown.Name);
            }
        }

        call.Reply(new InterfaceNamesResult([.. names]));
    }

    /// <summary>A number of names that no list may have is refused as libvirtd does.</summary>
    internal static bool HasBadMaximum(RpcCall call, int maximum, int limit, string name)
    {
        string? wrong = maximum < 0 ? "maxnames must be non-negative" : maximum > limit ? $"maxnames > {name}" : null;
        if (wrong is not null)
        {
            call.Fail(RpcError.Protocol(wrong));
        }

        return wrong is not null;
    }

    private void ListAll(RpcCall call)
    {
        if (!call.TryBegin(out ListAllValue arguments, out _)
            || call.HasUnknownFlags(arguments.Flags, (uint)(InterfaceListFlags.Active | InterfaceListFlags.Inactive), RpcErrorDomain.Interface, "virConnectListAllInterfaces"))
        {
            return;
        }

        InterfaceListFlags flags = (InterfaceListFlags)arguments.Flags;
        List<InterfaceReference> found = [];
        foreach (HostInterface shown in observer.Published.Interfaces)
        {
            InterfaceListFlags kind = shown.IsActive ? InterfaceListFlags.Active : InterfaceListFlags.Inactive;
            if (shown.IsListed && (flags == InterfaceListFlags.None || (flags & kind) != InterfaceListFlags.None))
            {
                found.Add(Reference(shown));
            }
        }

        if (found.Count > RpcFrame.ListMaximum)
        {
            call.Fail(RpcError.Protocol("Too many interfaces"));
            return;
        }

        call.Reply(new InterfaceListResult(arguments.NeedResults ? [.. found] : [], (uint)found.Count));
    }

    private void LookUpByName(RpcCall call)
    {
        if (call.TryBegin(out TextValue name, out _) && TryFind(call, name.Text, out HostInterface? shown))
        {
            call.Reply(Reference(shown!));
        }
    }

    private void LookUpByMac(RpcCall call)
    {
        if (!call.TryBegin(out TextValue text, out _))
        {
            return;
        }

        int count = 0;
        HostInterface? shown = MacAddress.TryParse(text.Text, out MacAddress mac) ? observer.Published.Find(mac, out count) : null;
        if (shown is null || count > 1)
        {
            call.Fail(shown is null ? LibvirtErrors.NoMac(text.Text) : LibvirtErrors.Multiple(text.Text));
            return;
        }

        call.Reply(Reference(shown));
    }

    private void IsActive(RpcCall call)
    {
        if (call.TryBegin(out InterfaceReference reference, out _) && TryFind(call, reference.Name, out HostInterface? shown))
        {
            call.Reply(new NumberValue(shown!.IsActive ? 1 : 0));
        }
    }

    private void Describe(RpcCall call)
    {
        if (!call.TryBegin(out InterfaceFlagsArguments arguments, out _)
            || call.HasUnknownFlags(arguments.Flags, InactiveXml, RpcErrorDomain.Interface, "virInterfaceGetXMLDesc"))
        {
            return;
        }

        HostSnapshot snapshot = observer.Published;
        if (snapshot.Find(arguments.Interface.Name) is not { } shown)
        {
            call.Fail(RpcError.InterfaceNotFound(arguments.Interface.Name));
            return;
        }

        InterfaceDescriber describer = new(snapshot, name => LinkSpeed.Read(kernel, name));
        bool isInactive = arguments.Flags == InactiveXml || shown.Index == 0;
        call.Reply(new TextValue((isInactive ? describer.Inactive(shown) : describer.Active(shown)).Write()));
    }

    private bool TryFind(RpcCall call, string name, out HostInterface? shown)
    {
        shown = observer.Published.Find(name);
        if (shown is null)
        {
            call.Fail(RpcError.InterfaceNotFound(name));
        }

        return shown is not null;
    }
}
