using System;
using System.Buffers.Binary;
using System.Globalization;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.LibvirtDoor;

/// <summary>A listener of a <see cref="RpcServer"/>. It stops accepting while the server has its most clients (strangers of other
/// listeners apart), while as many of its own have not authenticated as may be, and while the process has no more descriptors or the kernel no more watches; the
/// kernel's queue fills then.</summary>
public sealed class RpcService
{
    private const int AcceptsPerTurn = 16;
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17; // SO_PEERCRED
    private const int TcpLevel = 6;
    private const int NoDelayOption = 1;

    private readonly ListeningSocket socket;
    private readonly FdSource source;
    private TimerSource? retry;

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
    public int AnonymousClients { get; private set; }

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

    // Strangers of other listeners take no place here.
    private bool MayAccept => !IsSuspended && Server.KnownClients + AnonymousClients < Server.Limits.Clients
        && (Server.Limits.AnonymousClients == 0 || AnonymousClients < Server.Limits.AnonymousClients);

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

    /// <summary>One of its clients has authenticated.</summary>
    internal void LeaveAnonymous()
    {
        AnonymousClients--;
        Update();
    }

    /// <summary>A client has left: there is a descriptor again.</summary>
    internal void Resume()
    {
        IsSuspended = false;
        Update();
    }

    /// <summary>Listens, or not.</summary>
    internal void Update()
    {
        if (source.IsActive && !source.TrySetInterest(MayAccept ? FdEvents.Readable : FdEvents.None).IsOk)
        {
            Suspend();
        }
    }

    internal void Close()
    {
        source.Remove();
        retry?.Remove();
        socket.Close();
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
        RpcIdentity? identity = null;
        string? address = null;
        if (Transport == RpcTransport.Unix)
        {
            identity = ReadIdentity(fd);
        }
        else
        {
            address = Describe(peer);
            Kernel.SetSocketOption(fd, TcpLevel, NoDelayOption, 1);
        }

        RpcClient client = Server.Join(this, identity, address);
        // Who comes by TLS is a stranger until his certificate is verified.
        bool isKnown = Options.Authentication == RpcAuthentication.None && Transport != RpcTransport.Tls;
        AnonymousClients += isKnown ? 0 : 1;
        client.Admit(isKnown);
        if (Options.TryOpen(client, fd, out RpcChannel? channel).IsOk)
        {
            client.Open(channel!);
        }
        else
        {
            Kernel.Close(fd);
            client.Close();
        }
    }

    private RpcIdentity? ReadIdentity(int fd)
    {
        Span<byte> credentials = stackalloc byte[12];
        return !Kernel.GetSocketOption(fd, SocketLevel, PeerCredentialsOption, credentials).IsOk ? null
            : new RpcIdentity(
                BinaryPrimitives.ReadInt32LittleEndian(credentials),
                BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]),
                BinaryPrimitives.ReadUInt32LittleEndian(credentials[8..]));
    }

    private static string? Describe(in SocketAddress peer) => peer.TryGetInet(out IpAddress address, out ushort port, out _)
        ? string.Create(CultureInfo.InvariantCulture, $"{address};{port}")
        : null;
}
