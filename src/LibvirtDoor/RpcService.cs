using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.LibvirtDoor;

/// <summary>A listener of a <see cref="RpcServer"/>. It stops accepting while the server has its most clients or descriptors, and while the process
/// has no more descriptors or the kernel no more watches; the kernel's queue fills then.</summary>
/// <remarks>Who need not authenticate has no place among strangers: everybody where nothing is asked, root where PolicyKit would be. Strangers
/// beyond <see cref="RpcLimits.AnonymousClients"/> are accepted, and wait unheard until there is a place for them.</remarks>
public sealed class RpcService
{
    private const int AcceptsPerTurn = 16;
    private const int WaitingShare = 8;
    private const int TcpLevel = 6;
    private const int NoDelayOption = 1;

    private readonly ListeningSocket socket;
    private readonly FdSource source;
    private readonly Strangers strangers = new();
    private TimerSource? retry;
    private TimerSource? patience;
    private bool isSeating;

    private RpcService(RpcServer server, RpcListenerOptions options, ListeningSocket socket, FdSource source)
    {
        Server = server;
        Options = options;
        this.socket = socket;
        this.source = source;
    }

    /// <summary>The server whose clients come in here.</summary>
    public RpcServer Server { get; }

    /// <summary>What was asked for.</summary>
    public RpcListenerOptions Options { get; }

    /// <summary>How its clients are connected.</summary>
    public RpcTransport Transport => Options.Transport;

    /// <summary>Clients that came in here and have not authenticated.</summary>
    public int AnonymousClients => strangers.Served;

    /// <summary>Strangers that wait for a place, and are no clients yet.</summary>
    public int WaitingClients => strangers.Waiting;

    /// <summary>True: it rests because no descriptor or no watch was left.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>True: it accepts who comes.</summary>
    public bool IsAccepting => source.Interest != FdEvents.None;

    /// <summary>The port of a TCP listener; 0 otherwise.</summary>
    public ushort Port => Kernel.LocalAddress(socket.Fd, out SocketAddress local).IsOk && local.TryGetInet(out _, out ushort port, out _)
        ? port
        : (ushort)0;

    private EventLoop Loop => Server.Door.Loop;

    private Kernel Kernel => Loop.Kernel;

    private bool MayAccept => !IsSuspended && Server.KnownClients < Server.Limits.Clients && Server.Descriptors < Server.Limits.Descriptors;

    // Strangers of other listeners take no place here.
    private bool HasPlace => Server.KnownClients + AnonymousClients < Server.Limits.Clients
        && (Server.Limits.AnonymousClients == 0 || AnonymousClients < Server.Limits.AnonymousClients);

    // Those that wait must leave descriptors to those that need not.
    private int WaitingMax => Math.Min(Server.Limits.QueuedClients, Server.Limits.Descriptors / WaitingShare);

    /// <summary>A listener by a socket that listens.</summary>
    /// <returns>ENOSPC, ENOMEM: the kernel has no room to watch it; the socket is still the caller's.</returns>
    internal static Result TryOpen(RpcServer server, RpcListenerOptions options, ListeningSocket socket, out RpcService? service)
    {
        RpcService? opened = null;
        Result added = server.Door.Loop.TryAddFd(
            socket.Fd, FdEvents.Readable, (_, _) => opened!.AcceptSome(), out FdSource? source, name: $"rpc: {server.Name}");
        service = opened = source is null ? null : new RpcService(server, options, socket, source);
        opened?.Update();
        return added;
    }

    /// <summary>One of its clients has authenticated, or left before that.</summary>
    internal void LeaveAnonymous(RpcClient client)
    {
        strangers.Leave(client);
        Update();
    }

    /// <summary>A client has left: there is a descriptor again.</summary>
    internal void Resume()
    {
        IsSuspended = false;
        Update();
    }

    /// <summary>Listens, or not; and has those come in for whom there is a place now.</summary>
    internal void Update()
    {
        Seat();
        if (source.IsActive && !source.TrySetInterest(MayAccept ? FdEvents.Readable : FdEvents.None).IsOk)
        {
            Suspend();
        }
    }

    internal void Close()
    {
        source.Remove();
        retry?.Remove();
        patience?.Remove();
        socket.Close();
        while (strangers.TryTakeAny(out Newcomer newcomer))
        {
            Drop(newcomer);
        }
    }

    private void AcceptSome()
    {
        for (int count = 0; count < AcceptsPerTurn && MayAccept; count++)
        {
            Result accepted = Kernel.Accept(socket.Fd, out SocketAddress peer);
            if (accepted.IsOk)
            {
                Take(accepted.Int, peer);
            }
            else if (accepted.Error.IsShortage())
            {
                Suspend();
            }
            else if (!accepted.Is(Errno.ECONNABORTED))
            {
                break;
            }
        }

        Update();
    }

    private void Suspend()
    {
        IsSuspended = true;
        retry ??= Loop.AddTimer((_, _) => Resume(), name: "rpc: accept again");
        retry.ArmAfter(Server.Limits.AcceptRetry);
    }

    private void Take(int fd, in SocketAddress peer)
    {
        Newcomer newcomer = Look(fd, peer);
        if (IsKnown(newcomer))
        {
            Admit(newcomer, isKnown: true);
            return;
        }

        Wait(newcomer);
        Seat();
        if (WaitingClients > WaitingMax)
        {
            Server.CountWaiting(-1);
            Drop(strangers.TakeSurplus());
        }
    }

    private Newcomer Look(int fd, in SocketAddress peer)
    {
        if (Transport == RpcTransport.Unix)
        {
            return Newcomer.ByUnixSocket(Kernel, fd);
        }

        Kernel.SetSocketOption(fd, TcpLevel, NoDelayOption, 1);
        return Newcomer.ByNetwork(fd, peer);
    }

    // Root must not depend on a PolicyKit that may be down. Who comes by TLS is a stranger until his certificate is verified.
    private bool IsKnown(in Newcomer newcomer) => Options.Authentication switch
    {
        RpcAuthentication.None => Transport != RpcTransport.Tls,
        RpcAuthentication.PolicyKit => newcomer.Identity is { UserId: 0 },
        _ => false,
    };

    private void Wait(in Newcomer newcomer)
    {
        strangers.Wait(newcomer);
        Server.CountWaiting(1);
    }

    /// <summary>Those that wait come in, as far as there are places or some can be made.</summary>
    private void Seat()
    {
        if (isSeating)
        {
            return;
        }

        isSeating = true;
        while (WaitingClients > 0 && (HasPlace || TryMakePlace()) && strangers.TryTakeNext(out Newcomer next))
        {
            Server.CountWaiting(-1);
            Admit(next, isKnown: false);
        }

        isSeating = false;
    }

    /// <summary>Takes a place from whose user or address has more than that of who waits, once he had it for a while.</summary>
    private bool TryMakePlace()
    {
        if (!strangers.TryFindUnfair(out RpcClient? client, out Instant since))
        {
            return false;
        }

        Instant due = since + Server.Limits.Patience;
        if (Loop.Now < due)
        {
            patience ??= Loop.AddTimer((_, _) => Update(), name: "rpc: patience");
            patience.ArmAt(due);
            return false;
        }

        client!.Reject("its place among those who are not authenticated went to somebody who had fewer");
        return HasPlace;
    }

    private void Admit(in Newcomer newcomer, bool isKnown)
    {
        RpcClient client = Server.Join(this, newcomer.Identity, newcomer.Address);
        if (!isKnown)
        {
            strangers.Enter(client, newcomer.Origin, Loop.Now);
        }

        client.Admit(isKnown);
        if (Options.TryOpen(client, newcomer.Fd, out RpcChannel? channel).IsOk)
        {
            client.Open(channel!);
        }
        else
        {
            Drop(newcomer);
            client.Close();
        }
    }

    private void Drop(in Newcomer newcomer) => Kernel.Close(newcomer.Fd);
}
