using System;
using System.Diagnostics.CodeAnalysis;
using Spindle.Loop.Workers;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Admin;

namespace Spindle.LibvirtDoor.Admin;

/// <summary>What is asked and changed of a server: its workers, and how many clients it may have.</summary>
internal sealed class ServerAdministration(RpcDoor door)
{
    private static readonly string[] WorkerNames = ["minWorkers", "maxWorkers", "prioWorkers"];
    private static readonly string[] LimitNames = ["nclients_max", "nclients_unauth_max"];

    /// <summary>Finds a server, or fails the call.</summary>
    public bool TryFind(RpcCall call, string name, [NotNullWhen(true)] out RpcServer? server)
    {
        bool isFound = door.TryFindServer(name, out server);
        if (!isFound)
        {
            call.Fail(RpcError.ServerNotFound(name));
        }

        return isFound;
    }

    public void TellWorkers(RpcCall call, string name)
    {
        if (!TryFind(call, name, out RpcServer? server))
        {
            return;
        }

        // Before the first call that needs a worker there is none; the number of priority workers is then the one to come.
        WorkerLimits limits = server.WorkerLimits;
        WorkerFigures figures = server.WorkerFigures;
        uint priority = server.HasWorkers ? (uint)figures.PriorityWorkers : (uint)limits.Priority;
        call.Reply(new AdminServerParametersResult(
        [
            new TypedParameter("minWorkers", (uint)limits.Minimum),
            new TypedParameter("maxWorkers", (uint)limits.Maximum),
            new TypedParameter("nWorkers", (uint)figures.Workers),
            new TypedParameter("freeWorkers", (uint)(figures.Free - figures.FreePriority)),
            new TypedParameter("prioWorkers", priority),
            new TypedParameter("jobQueueDepth", (uint)figures.Queued),
        ]));
    }

    public void SetWorkers(RpcCall call, string name, TypedParameter[] parameters)
    {
        if (!TryFind(call, name, out RpcServer? server))
        {
            return;
        }

        uint?[] values = new uint?[WorkerNames.Length];
        WorkerLimits limits = server.WorkerLimits;
        RpcError? error = ParameterReader.TryTake(parameters, WorkerNames, values);
        uint minimum = values[0] ?? (uint)limits.Minimum;
        uint maximum = values[1] ?? (uint)limits.Maximum;
        uint priority = values[2] ?? (uint)limits.Priority;
        error ??= minimum > maximum ? Invalid("minWorkers cannot be larger than maxWorkers")
            : maximum == 0 ? Invalid("maxWorkers must not be switched from zero to non-zero and vice versa")
            : Math.Max(maximum, priority) > WorkerLimits.WorkersMax ? Invalid($"there cannot be more than {WorkerLimits.WorkersMax} workers")
            : null;
        if (error is not null)
        {
            call.Fail(error);
            return;
        }

        server.WorkerLimits = limits with { Minimum = (int)minimum, Maximum = (int)maximum, Priority = (int)priority };
        call.Complete();
    }

    public void TellLimits(RpcCall call, string name)
    {
        if (TryFind(call, name, out RpcServer? server))
        {
            call.Reply(new AdminServerParametersResult(
            [
                new TypedParameter("nclients_max", (uint)server.Limits.Clients),
                new TypedParameter("nclients", (uint)server.ClientCount),
                new TypedParameter("nclients_unauth_max", (uint)server.Limits.AnonymousClients),
                new TypedParameter("nclients_unauth", (uint)server.AnonymousClients),
            ]));
        }
    }

    public void SetLimits(RpcCall call, string name, TypedParameter[] parameters)
    {
        if (!TryFind(call, name, out RpcServer? server))
        {
            return;
        }

        uint?[] values = new uint?[LimitNames.Length];
        RpcError? error = ParameterReader.TryTake(parameters, LimitNames, values);
        uint all = values[0] ?? (uint)server.Limits.Clients;
        uint anonymous = values[1] ?? (uint)server.Limits.AnonymousClients;
        error ??= all < anonymous
            ? Invalid("The overall maximum number of clients must be greater than the maximum number of clients waiting for authentication")
            : all is 0 or > int.MaxValue ? Invalid("the maximum number of clients must be from 1 to 2147483647")
            : null;
        if (error is not null)
        {
            call.Fail(error);
            return;
        }

        server.Limits = server.Limits with { Clients = (int)all, AnonymousClients = (int)anonymous };
        call.Complete();
    }

    public void UpdateTls(RpcCall call, string name)
    {
        if (!TryFind(call, name, out RpcServer? server))
        {
            return;
        }

        bool isReloaded = false;
        string? complaint = null;
        foreach (RpcService service in server.Services)
        {
            if (service.Transport == RpcTransport.Tls && complaint is null)
            {
                isReloaded = service.Options.TryReload(out complaint);
            }
        }

        if (isReloaded && complaint is null)
        {
            call.Complete();
        }
        else
        {
            call.Fail(RpcError.Internal(complaint ?? "no tls service found, unable to update tls files"));
        }
    }

    private static RpcError Invalid(string detail) => RpcError.InvalidArgument(RpcErrorDomain.None, detail);
}
