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
    private readonly IAdminLogging? logging;
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
        this.logging = logging;
        servers = new ServerAdministration(door);
        clients = new ClientAdministration(door);
        AddConnection();
        AddServers();
        AddClients();
        if (logging is not null)
        {
            AddLogging();
        }
    }

    /// <inheritdoc/>
    public override bool TryFind(int procedure, [NotNullWhen(true)] out RpcProcedure? found) =>
        procedures.TryGetValue(procedure, out found);

    private void AddConnection()
    {
        Add(AdminProcedure.ConnectOpen, Open, needsOpen: false);
        Add(AdminProcedure.ConnectClose, static call => call.CompleteAndClose(), needsOpen: false);
        Add(AdminProcedure.ConnectGetLibVersion, call => Answer(call, new VersionValue(version)));
        Add<FlagsListArguments>(AdminProcedure.ConnectListServers, ListServers);
        Add<TextFlagsValue>(AdminProcedure.ConnectLookupServer, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminConnectLookupServer") && servers.TryFind(call, arguments.Text, out _))
            {
                Answer(call, new TextValue(arguments.Text));
            }
        });
    }

    private void AddServers()
    {
        Add<TextFlagsValue>(AdminProcedure.ServerGetThreadpoolParameters, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminServerGetThreadPoolParameters"))
            {
                servers.TellWorkers(call, arguments.Text);
            }
        });
        Add<AdminSetParametersArguments>(AdminProcedure.ServerSetThreadpoolParameters, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminServerSetThreadPoolParameters"))
            {
                servers.SetWorkers(call, arguments.Server, arguments.Parameters);
            }
        });
        Add<TextFlagsValue>(AdminProcedure.ServerGetClientLimits, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminServerGetClientLimits"))
            {
                servers.TellLimits(call, arguments.Text);
            }
        });
        Add<AdminSetParametersArguments>(AdminProcedure.ServerSetClientLimits, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminServerSetClientLimits"))
            {
                servers.SetLimits(call, arguments.Server, arguments.Parameters);
            }
        });
        Add<TextFlagsValue>(AdminProcedure.ServerUpdateTlsFiles, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminServerUpdateTlsFiles"))
            {
                servers.UpdateTls(call, arguments.Text);
            }
        });
    }

    private void AddClients()
    {
        Add<AdminListClientsArguments>(AdminProcedure.ServerListClients, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminServerListClients"))
            {
                clients.List(call, arguments.Server, arguments.NeedResults);
            }
        });
        Add<AdminLookupClientArguments>(AdminProcedure.ServerLookupClient, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminServerLookupClient"))
            {
                clients.LookUp(call, arguments.Server, arguments.Id);
            }
        });
        Add<AdminClientFlagsArguments>(AdminProcedure.ClientGetInfo, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminClientGetInfo"))
            {
                clients.Tell(call, arguments.Client);
            }
        });
        Add<AdminClientFlagsArguments>(AdminProcedure.ClientClose, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminClientClose"))
            {
                clients.Disconnect(call, arguments.Client);
            }
        });
    }

    private void AddLogging()
    {
        Add<FlagsValue>(AdminProcedure.ConnectGetLoggingOutputs, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminConnectGetLoggingOutputs"))
            {
                Answer(call, new AdminLoggingOutputsResult(logging!.Outputs, CountOf(logging.Outputs)));
            }
        });
        Add<FlagsValue>(AdminProcedure.ConnectGetLoggingFilters, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminConnectGetLoggingFilters"))
            {
                string? filters = logging!.Filters.Length > 0 ? logging.Filters : null;
                Answer(call, new AdminLoggingFiltersResult(filters, CountOf(logging.Filters)));
            }
        });
        Add<OptionalTextFlagsValue>(AdminProcedure.ConnectSetLoggingOutputs, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminConnectSetLoggingOutputs"))
            {
                End(call, logging!.TrySetOutputs(arguments.Text ?? "", out string? complaint), complaint);
            }
        });
        Add<OptionalTextFlagsValue>(AdminProcedure.ConnectSetLoggingFilters, (call, arguments) =>
        {
            if (VerifyFlags(call, arguments.Flags, "adminConnectSetLoggingFilters"))
            {
                End(call, logging!.TrySetFilters(arguments.Text ?? "", out string? complaint), complaint);
            }
        });
    }

    private static void Open(RpcCall call)
    {
        XdrReader arguments = call.Arguments;
        if (!arguments.TryReadUInt32(out _))
        {
            call.Fail(RpcError.UndecodablePayload);
        }
        else if (call.Client.State is AdminConnection)
        {
            call.Fail(RpcError.ConnectionAlreadyOpen);
        }
        else
        {
            call.Client.State = new AdminConnection();
            call.Complete();
        }
    }

    private void ListServers(RpcCall call, FlagsListArguments arguments)
    {
        if (VerifyFlags(call, arguments.Flags, "adminConnectListServers"))
        {
            List<string> names = [];
            foreach (RpcServer server in door.Servers)
            {
                names.Add(server.Name);
            }

            Answer(call, new AdminServerListResult(arguments.NeedResults ? [.. names] : [], (uint)names.Count));
        }
    }

    private void Add(AdminProcedure number, RpcHandler handler, bool needsOpen = true)
    {
        RpcHandler guarded = !needsOpen ? handler : call =>
        {
            if (call.Client.State is AdminConnection)
            {
                handler(call);
            }
            else
            {
                call.Fail(RpcError.ConnectionNotOpen);
            }
        };
        procedures.Add((int)number, new RpcProcedure($"Admin{number}", guarded) { IsInline = true, IsHighPriority = true });
    }

    // As libvirt does: first the arguments, then whether the connection is open.
    private void Add<T>(AdminProcedure number, Action<RpcCall, T> handler)
        where T : struct, IXdrValue<T>
    {
        Add(number, call =>
        {
            XdrReader reader = call.Arguments;
            if (!T.TryRead(ref reader, out T arguments))
            {
                call.Fail(RpcError.UndecodablePayload);
            }
            else if (call.Client.State is AdminConnection)
            {
                handler(call, arguments);
            }
            else
            {
                call.Fail(RpcError.ConnectionNotOpen);
            }
        }, needsOpen: false);
    }

    internal static void Answer<T>(RpcCall call, T result)
        where T : struct, IXdrValue<T>
    {
        result.Write(call.Result);
        call.Complete();
    }

    private static bool VerifyFlags(RpcCall call, uint flags, string function)
    {
        if (flags != 0)
        {
            call.Fail(RpcError.UnsupportedFlags(RpcErrorDomain.Administration, function, flags));
        }

        return flags == 0;
    }

    private static void End(RpcCall call, bool isDone, string? complaint)
    {
        if (isDone)
        {
            call.Complete();
        }
        else
        {
            call.Fail(RpcError.InvalidArgument(RpcErrorDomain.None, complaint ?? ""));
        }
    }

    private static uint CountOf(string items) => (uint)items.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>What an opened connection has for its state.</summary>
    private sealed class AdminConnection;

    /// <summary>Arguments of 4.</summary>
    private readonly record struct FlagsListArguments(bool NeedResults, uint Flags) : IXdrValue<FlagsListArguments>
    {
        public static bool TryRead(ref XdrReader reader, out FlagsListArguments value)
        {
            bool ok = reader.TryReadBoolean(out bool needResults) & reader.TryReadUInt32(out uint flags);
            value = new(needResults, flags);
            return ok;
        }

        public void Write(XdrWriter writer)
        {
            writer.WriteBoolean(NeedResults);
            writer.WriteUInt32(Flags);
        }
    }
}
