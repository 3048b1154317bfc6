using System;
using Spindle.Daemon.Configuration;
using Spindle.LibvirtDoor;
using Spindle.Loop.Workers;

namespace Spindle.Daemon.Libvirt;

/// <summary>What main.conf's numbers mean to the servers.</summary>
internal static class LibvirtLimits
{
    // For links, the bus, files and name servers; a process without descriptors can do nothing for its network.
    private const int DescriptorsKeptMax = 512;

    /// <param name="configuration">What main.conf says.</param>
    /// <param name="descriptors">How many descriptors the process may have.</param>
    public static RpcLimits OfServer(LibvirtConfiguration configuration, int descriptors) => new()
    {
        Descriptors = Math.Max(descriptors - Kept(descriptors), 1),
        Clients = configuration.ClientsMax,
        AnonymousClients = configuration.AnonymousClientsMax,
        AuthenticationTime = configuration.AuthenticationTimeout,
        QueuedClients = configuration.QueuedClientsMax,
        Requests = configuration.ClientRequestsMax,
        KeepAliveInterval = TimeSpan.FromSeconds(configuration.KeepAliveIntervalSeconds),
        KeepAliveCount = configuration.KeepAliveCount,
    };

    /// <summary>Of the descriptors that other clients leave, some are for administrators.</summary>
    public static RpcLimits OfAdmin(LibvirtConfiguration configuration, int descriptors) => new()
    {
        Descriptors = Math.Max(Kept(descriptors) / 4, 1),
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

    private static int Kept(int descriptors) => Math.Min(DescriptorsKeptMax, descriptors / 2);
}
