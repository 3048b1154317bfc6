using System;
using Spindle.Daemon.Configuration;
using Spindle.LibvirtDoor;
using Spindle.Loop.Workers;

namespace Spindle.Daemon.Libvirt;

/// <summary>What main.conf's numbers mean to the servers.</summary>
internal static class LibvirtLimits
{
    public static RpcLimits OfServer(LibvirtConfiguration configuration) => new()
    {
        Clients = configuration.ClientsMax,
        AnonymousClients = configuration.AnonymousClientsMax,
        AuthenticationTime = configuration.AuthenticationTimeout,
        QueuedClients = configuration.QueuedClientsMax,
        Requests = configuration.ClientRequestsMax,
        KeepAliveInterval = TimeSpan.FromSeconds(configuration.KeepAliveIntervalSeconds),
        KeepAliveCount = configuration.KeepAliveCount,
    };

    public static RpcLimits OfAdmin(LibvirtConfiguration configuration) => new()
    {
        Clients = configuration.AdminClientsMax,
        AnonymousClients = 0,
        QueuedClients = configuration.AdminQueuedClientsMax,
        Requests = configuration.AdminClientRequestsMax,
        KeepAliveInterval = TimeSpan.FromSeconds(configuration.AdminKeepAliveIntervalSeconds),
        KeepAliveCount = configuration.AdminKeepAliveCount,
    };

    public static WorkerLimits WorkersOfServer(LibvirtConfiguration configuration) => RpcServer.DefaultWorkers with
    {
        Minimum = configuration.WorkersMin,
        Maximum = configuration.WorkersMax,
        Priority = configuration.PriorityWorkers,
    };

    public static WorkerLimits WorkersOfAdmin(LibvirtConfiguration configuration) => RpcServer.DefaultWorkers with
    {
        Minimum = configuration.AdminWorkersMin,
        Maximum = configuration.AdminWorkersMax,
        Priority = 0,
    };
}
