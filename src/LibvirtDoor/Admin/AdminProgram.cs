using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Admin;

namespace Spindle.LibvirtDoor.Admin;

/// <summary>What virt-admin asks and changes: servers, their workers, clients and limits, and the log.</summary>
/// <remarks>Everything is about the loop's own state and is answered there and then.</remarks>
public sealed class AdminProgram : RpcProgram
{
    private readonly RpcDoor door;
    private readonly ulong version;
    private readonly ClientAdministration clients;
    private readonly ServerAdministration servers;
    private readonly Dictionary<int, RpcProcedure> procedures = [];

    /// <summary>The program over all servers of a door, the one that offers it among them.</summary>
    /// <param name="door">The door.</param>
    /// <param name="version">The version of libvirt that we are like: 9.0.0 is 9000000.</param>
    /// <param name="logging">The log; null: its procedures are not known.</param>
    public AdminProgram(RpcDoor door, ulong version, IAdminLogging? logging)
        : base(RpcPrograms.Admin)
    {
        ArgumentNullException.ThrowIfNull(door);
        this.door = door;
        this.version = version;
        servers = new ServerAdministration(door);
        clients = new ClientAdministration(door, servers);
        AddConnection();
        AddServers();
        AddClients();
        if (logging is not null)
        {
            AddLogging(logging);
        }
    }

    /// <inheritdoc/>
    public override bool TryFind(int procedure, [NotNullWhen(true)] out RpcProcedure? found) =>
        procedures.TryGetValue(procedure, out found);

    private void AddConnection()
    {
        Add<FlagsValue>(AdminProcedure.ConnectOpen, Open);
        Add(AdminProcedure.ConnectClose, static call => call.CompleteAndClose());
        Add(AdminProcedure.ConnectGetLibVersion, call =>
        {
            if (IsOpen(call))
            {
                call.Reply(new VersionValue(version));
            }
        });
        Add<AdminDaemonTimeoutArguments>(AdminProcedure.ConnectSetDaemonTimeout, "adminConnectSetDaemonTimeout", SetTimeout);
        Add<ListAllValue>(AdminProcedure.ConnectListServers, "adminConnectListServers", ListServers);
        Add<TextFlagsValue>(AdminProcedure.ConnectLookupServer, "adminConnectLookupServer", (call, arguments) =>
        {
            if (servers.TryFind(call, arguments.Text, out _))
            {
                call.Reply(new TextValue(arguments.Text));
            }
        });
    }

    private void AddServers()
    {
        Add<TextFlagsValue>(AdminProcedure.ServerGetThreadpoolParameters, "adminServerGetThreadPoolParameters",
            (call, arguments) => servers.TellWorkers(call, arguments.Text));
        Add<AdminSetParametersArguments>(AdminProcedure.ServerSetThreadpoolParameters, "adminServerSetThreadPoolParameters",
            (call, arguments) => servers.SetWorkers(call, arguments.Server, arguments.Parameters));
        Add<TextFlagsValue>(AdminProcedure.ServerGetClientLimits, "adminServerGetClientLimits",
            (call, arguments) => servers.TellLimits(call, arguments.Text));
        Add<AdminSetParametersArguments>(AdminProcedure.ServerSetClientLimits, "adminServerSetClientLimits",
            (call, arguments) => servers.SetLimits(call, arguments.Server, arguments.Parameters));
        Add<TextFlagsValue>(AdminProcedure.ServerUpdateTlsFiles, "adminServerUpdateTlsFiles",
            (call, arguments) => servers.UpdateTls(call, arguments.Text));
    }

    private void AddClients()
    {
        Add<AdminListClientsArguments>(AdminProcedure.ServerListClients, "adminServerListClients",
            (call, arguments) => clients.List(call, arguments.Server, arguments.NeedResults));
        Add<AdminLookupClientArguments>(AdminProcedure.ServerLookupClient, "adminServerLookupClient",
            (call, arguments) => clients.LookUp(call, arguments.Server, arguments.Id));
        Add<AdminClientFlagsArguments>(AdminProcedure.ClientGetInfo, "adminClientGetInfo",
            (call, arguments) => clients.Tell(call, arguments.Client));
        Add<AdminClientFlagsArguments>(AdminProcedure.ClientClose, "adminClientClose",
            (call, arguments) => clients.Disconnect(call, arguments.Client));
    }

    private void AddLogging(IAdminLogging logging)
    {
        Add<FlagsValue>(AdminProcedure.ConnectGetLoggingOutputs, "adminConnectGetLoggingOutputs",
            (call, _) => call.Reply(new AdminLoggingOutputsResult(logging.Outputs, CountOf(logging.Outputs))));
        Add<FlagsValue>(AdminProcedure.ConnectGetLoggingFilters, "adminConnectGetLoggingFilters", (call, _) =>
        {
            string? filters = logging.Filters.Length > 0 ? logging.Filters : null;
            call.Reply(new AdminLoggingFiltersResult(filters, CountOf(logging.Filters)));
        });
        Add<OptionalTextFlagsValue>(AdminProcedure.ConnectSetLoggingOutputs, "adminConnectSetLoggingOutputs",
            (call, arguments) => Finish(call, logging.TrySetOutputs(arguments.Text ?? "", out string? complaint), complaint));
        Add<OptionalTextFlagsValue>(AdminProcedure.ConnectSetLoggingFilters, "adminConnectSetLoggingFilters",
            (call, arguments) => Finish(call, logging.TrySetFilters(arguments.Text ?? "", out string? complaint), complaint));
    }

    private static void Open(RpcCall call, FlagsValue arguments)
    {
        if (call.Client.State is AdminConnection)
        {
            call.Fail(RpcError.ConnectionAlreadyOpen);
        }
        else
        {
            call.Client.State = new AdminConnection();
            call.Complete();
        }
    }

    // Never is what it is: what the daemon is for does not end when nobody asks about it.
    private static void SetTimeout(RpcCall call, AdminDaemonTimeoutArguments arguments) =>
        call.Finish(arguments.TimeoutSeconds == 0 ? null : RpcError.Formatted(
            RpcErrorCode.OperationUnsupported,
            RpcErrorDomain.Administration,
            "Operation not supported: %s",
            "the daemon has work to do without clients, and does not end by itself"));

    private void ListServers(RpcCall call, ListAllValue arguments)
    {
        List<string> names = [];
        foreach (RpcServer server in door.Servers)
        {
            names.Add(server.Name);
        }

        call.Reply(new AdminServerListResult(arguments.NeedResults ? [.. names] : [], (uint)names.Count));
    }

    private void Add(AdminProcedure number, RpcHandler handler) =>
        procedures.Add((int)number, new RpcProcedure($"Admin{number}", handler) { IsInline = true, IsHighPriority = true });

    private void Add<T>(AdminProcedure number, Action<RpcCall, T> handler)
        where T : struct, IXdrValue<T> => Add(number, call =>
        {
            if (call.TryRead(out T arguments))
            {
                handler(call, arguments);
            }
        });

    // As libvirt does: first the arguments, then whether the connection is open, then the flags, of which none is known.
    private void Add<T>(AdminProcedure number, string function, Action<RpcCall, T> handler)
        where T : struct, IXdrValue<T>, IXdrFlags => Add<T>(number, (call, arguments) =>
        {
            if (IsOpen(call) && !call.HasUnknownFlags(arguments.Flags, 0, RpcErrorDomain.Administration, function))
            {
                handler(call, arguments);
            }
        });

    private static bool IsOpen(RpcCall call)
    {
        bool isOpen = call.Client.State is AdminConnection;
        if (!isOpen)
        {
            call.Fail(RpcError.ConnectionNotOpen);
        }

        return isOpen;
    }

    private static void Finish(RpcCall call, bool isDone, string? complaint) =>
        call.Finish(isDone ? null : RpcError.InvalidArgument(RpcErrorDomain.None, complaint ?? ""));

    private static uint CountOf(string items) => (uint)items.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>What an opened connection has for its state.</summary>
    private sealed class AdminConnection;
}
