using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Spindle.Kernels;
using Spindle.Loop.Workers;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor;

/// <summary>Told of a client that has come or gone.</summary>
public delegate void RpcClientHandler(RpcClient client);

/// <summary>A server: its listeners, its clients, their limits, its programs, and the workers that run their calls.</summary>
/// <remarks>Belongs to the loop's thread. Its workers are started by the first call that needs one.</remarks>
public sealed class RpcServer
{
    private readonly Dictionary<ulong, RpcClient> clients = [];
    private readonly List<RpcService> services = [];
    private readonly List<RpcProgram> programs = [];
    private readonly AuthenticationProcedures authentication;
    private RpcLimits limits;
    private WorkerLimits workerLimits;
    private WorkerPool? workers;
    private ulong lastId;
    private int waiting;
    private bool isStopping;

    /// <summary>A server without listener and program.</summary>
    /// <param name="door">What it shares with others; it is added there.</param>
    /// <param name="name">The name that virt-admin knows it by.</param>
    /// <param name="limits">What its clients may have.</param>
    /// <param name="workers">How many workers; null: libvirtd's numbers.</param>
    /// <param name="authorizer">Says who may come in where that is asked; null: root alone.</param>
    public RpcServer(
        RpcDoor door, string name, RpcLimits limits, WorkerLimits? workers = null, RpcAuthorizer? authorizer = null)
    {
        ArgumentNullException.ThrowIfNull(door);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(limits);
        Door = door;
        Name = name;
        this.limits = limits.Verified();
        workerLimits = workers ?? DefaultWorkers;
        authentication = new AuthenticationProcedures(authorizer);
        door.Add(this);
    }

    /// <summary>libvirtd's numbers of workers, and room for as many jobs as its clients can have in flight.</summary>
    public static WorkerLimits DefaultWorkers { get; } = new() { Minimum = 5, Maximum = 20, Priority = 5, QueueMax = 65_536 };

    /// <summary>What it shares with others.</summary>
    public RpcDoor Door { get; }

    /// <summary>The name that virt-admin knows it by.</summary>
    public string Name { get; }

    /// <summary>What its clients may have. Set, it holds for whoever comes, and for calls that come.</summary>
    public RpcLimits Limits
    {
        get => limits;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            limits = value.Verified();
            UpdateServices();
        }
    }

    /// <summary>How many workers there may be.</summary>
    public WorkerLimits WorkerLimits
    {
        get => workerLimits;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (workers is not null)
            {
                workers.Limits = value;
            }

            workerLimits = value;
        }
    }

    /// <summary>True: a call has needed workers, so there are some.</summary>
    public bool HasWorkers => workers is not null;

    /// <summary>The workers as they are now; all zero before the first call that needs one.</summary>
    public WorkerFigures WorkerFigures => workers?.Figures ?? default;

    /// <summary>In the order in which they were opened.</summary>
    public IReadOnlyList<RpcService> Services => services;

    /// <summary>All clients, in no order.</summary>
    public IReadOnlyCollection<RpcClient> Clients => clients.Values;

    /// <summary>How many clients there are.</summary>
    public int ClientCount => clients.Count;

    /// <summary>Clients that have not authenticated.</summary>
    public int AnonymousClients => clients.Count - KnownClients;

    /// <summary>Clients that have authenticated, or came where nobody has to. These alone have their places by
    /// <see cref="RpcLimits.Clients"/> for all listeners; a stranger's place is his listener's affair.</summary>
    internal int KnownClients { get; private set; }

    /// <summary>Descriptors of its clients, those included that wait for a place.</summary>
    internal int Descriptors => clients.Count + waiting;

    /// <summary>A client has come; it has not said anything yet.</summary>
    public event RpcClientHandler? ClientJoined;

    /// <summary>A client is disconnected: what was kept for it can go.</summary>
    public event RpcClientHandler? ClientLeft;

    /// <summary>For short answers that are sent at once.</summary>
    internal XdrWriter Scratch { get; } = new();

    /// <summary>Offers a program.</summary>
    public void Add(RpcProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        programs.Add(program);
    }

    /// <summary>Opens a listener.</summary>
    /// <returns>EADDRINUSE: somebody listens there; EEXIST: something there is no socket; ENAMETOOLONG: a path has 107
    /// octets at most; ENOSPC: no watch was left; or what else the kernel says.</returns>
    public Result Listen(RpcListenerOptions options, out RpcService? service)
    {
        ArgumentNullException.ThrowIfNull(options);
        service = null;
        ListeningSocket? socket = null;
        Result result = options switch
        {
            UnixListenerOptions unix => ListeningSocket.OpenUnix(Door.Kernel, unix, limits.QueuedClients, out socket),
            TcpListenerOptions tcp => ListeningSocket.OpenTcp(Door.Kernel, tcp, limits.QueuedClients, out socket),
            _ => Result.Fail(Errno.EAFNOSUPPORT),
        };
        if (!result.IsOk)
        {
            return result;
        }

        result = RpcService.TryOpen(this, options, socket!, out service);
        if (service is null)
        {
            socket!.Close();
        }
        else
        {
            services.Add(service);
        }

        return result;
    }

    /// <summary>Finds a client by its number.</summary>
    public bool TryFindClient(ulong id, [NotNullWhen(true)] out RpcClient? client) => clients.TryGetValue(id, out client);

    /// <summary>A new client, not open yet.</summary>
    internal RpcClient Join(RpcService service, RpcIdentity? identity, string? address)
    {
        RpcClient client = new(service, ++lastId, identity, address);
        clients.Add(client.Id, client);
        ClientJoined?.Invoke(client);
        return client;
    }

    /// <summary>So many more wait for a place at one of the listeners.</summary>
    internal void CountWaiting(int more) => waiting += more;

    /// <summary>One more client may do as it likes.</summary>
    internal void CountKnown()
    {
        KnownClients++;
        if (KnownClients == limits.Clients)
        {
            UpdateServices();
        }
    }

    internal void Left(RpcClient client)
    {
        clients.Remove(client.Id);
        if (client.IsAuthenticated)
        {
            KnownClients--;
        }
        else
        {
            client.Service.LeaveAnonymous(client);
        }

        ClientLeft?.Invoke(client);
        if (!isStopping)
        {
            services.ForEach(static service => service.Resume());
        }
    }

    /// <summary>A message: what is wrong with it is told in libvirt's order.</summary>
    internal void Dispatch(RpcClient client, in RpcHeader header, byte[] octets, int start, int length)
    {
        bool isCall = header.Type is RpcMessageType.Call or RpcMessageType.CallWithDescriptors;
        if (!isCall)
        {
            return;
        }

        RpcProgram? program = FindProgram(header);
        if (program is null)
        {
            client.Refuse(header, RpcError.CannotFindProgram(header.Program, header.Version));
            return;
        }

        if (header.Status != RpcStatus.Ok)
        {
            client.Refuse(header, RpcError.UnexpectedStatus(header.Status));
            return;
        }

        if (!TryFind(program, header.Procedure, out RpcProcedure? procedure))
        {
            client.Refuse(header, RpcError.UnknownProcedure(header.Procedure));
            return;
        }

        if (procedure.NeedsAuthentication && !client.IsAuthenticated)
        {
            client.Refuse(header, RpcError.AuthenticationRequired);
            return;
        }

        RpcCall call = Door.TakeCall();
        call.Begin(client, header, procedure);
        if (procedure.IsInline)
        {
            call.RunInline(octets, start, length);
        }
        else if (!call.Start(workers ??= new WorkerPool(Door.Loop, workerLimits, $"rpc-{Name}"), octets.AsSpan(start, length)))
        {
            Door.GiveBack(call);
            client.Close();
        }
    }

    internal void Stop(TimeSpan deadline, Action<bool> stopped)
    {
        isStopping = true;
        services.ForEach(static service => service.Close());
        foreach (RpcClient client in new List<RpcClient>(clients.Values))
        {
            client.Close();
        }

        services.Clear();
        if (workers is null)
        {
            stopped(true);
        }
        else
        {
            workers.Stop(deadline, stopped);
        }
    }

    private RpcProgram? FindProgram(in RpcHeader header)
    {
        foreach (RpcProgram program in programs)
        {
            if (program.Number == header.Program && program.Version == header.Version)
            {
                return program;
            }
        }

        return null;
    }

    // Who a client is, is the server's affair: the program need not know of it.
    private bool TryFind(RpcProgram program, int number, [NotNullWhen(true)] out RpcProcedure? procedure)
    {
        return (program.Number == RpcPrograms.Remote && authentication.TryFind(number, out procedure))
            || program.TryFind(number, out procedure);
    }

    private void UpdateServices() => services.ForEach(static service => service.Update());
}
