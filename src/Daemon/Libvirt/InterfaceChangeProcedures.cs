using System;
using Spindle.LibvirtDoor;
using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Daemon.Libvirt;

/// <summary>Procedures that change interfaces: begun on the loop, answered when it is done.</summary>
internal sealed class InterfaceChangeProcedures(HostObserver observer, InterfaceSwitch switches, InterfaceChanges changes)
{
    private const uint Validate = 1;

    public void AddTo(RemoteProgram program)
    {
        program.AddWork(RemoteProcedure.InterfaceDefineXml, Define);
        program.AddInline(RemoteProcedure.InterfaceUndefine, Undefine);
        program.AddInline(RemoteProcedure.InterfaceCreate, call => Switch(call, "virInterfaceCreate", isOn: true));
        program.AddInline(RemoteProcedure.InterfaceDestroy, call => Switch(call, "virInterfaceDestroy", isOn: false));
        program.AddInline(
            RemoteProcedure.InterfaceChangeBegin, call => Change(call, "virInterfaceChangeBegin", changes.Begin));
        program.AddInline(
            RemoteProcedure.InterfaceChangeCommit, call => Change(call, "virInterfaceChangeCommit", changes.Commit));
        program.AddInline(
            RemoteProcedure.InterfaceChangeRollback, call => Change(call, "virInterfaceChangeRollback", changes.RollBack));
    }

    /// <summary>The document is read by the worker; what it says is carried out on the loop.</summary>
    private void Define(RpcCall call)
    {
        const string Function = "virInterfaceDefineXML";
        if (!call.TryBeginChange(Function, out TextFlagsValue arguments, out _)
            || call.HasUnknownFlags(arguments.Flags, Validate, RpcErrorDomain.Interface, Function))
        {
            return;
        }

        if (!InterfaceDefinition.TryParse(arguments.Text, out InterfaceDefinition? definition, out XmlRefusal refusal))
        {
            call.Fail(LibvirtErrors.Refused(refusal));
            return;
        }

        call.OnLoop(later => changes.Define(definition, (error, defined) =>
        {
            if (error is null)
            {
                later.Reply(InterfaceProcedures.Reference(defined!));
            }
            else
            {
                later.Fail(error);
            }
        }));
    }

    private void Undefine(RpcCall call)
    {
        if (call.TryBeginChange("virInterfaceUndefine", out InterfaceReference reference, out _)
            && TryFind(call, reference.Name) is not null)
        {
            call.Defer();
            changes.Undefine(reference.Name, call.Finish);
        }
    }

    private void Switch(RpcCall call, string function, bool isOn)
    {
        if (!call.TryBeginChange(function, out InterfaceFlagsArguments arguments, out RemoteConnection? connection)
            || call.HasUnknownFlags(arguments.Flags, 0, RpcErrorDomain.Interface, function) || TryFind(call, arguments.Interface.Name) is not { } shown)
        {
            return;
        }

        call.Defer();
        Switching? begun = null;
        bool isDone = false;
        begun = switches.Begin(shown, isOn, error =>
        {
            isDone = true;
            connection.Switchings.Remove(begun!);
            call.Finish(error);
        });
        if (!isDone)
        {
            connection.Switchings.Add(begun);
        }
    }

    private static void Change(RpcCall call, string function, Action<Action<RpcError?>> change)
    {
        if (call.TryBeginChange(function, out FlagsValue flags, out _) && !call.HasUnknownFlags(flags.Flags, 0, RpcErrorDomain.Interface, function))
        {
            call.Defer();
            change(call.Finish);
        }
    }

    private HostInterface? TryFind(RpcCall call, string name)
    {
        HostInterface? shown = observer.Look().Find(name);
        if (shown is null)
        {
            call.Fail(RpcError.InterfaceNotFound(name));
        }

        return shown;
    }
}
