using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.LibvirtDoor;

/// <summary>Told of what a handler threw; the call has failed with an internal error by then.</summary>
/// <param name="call">Which call.</param>
/// <param name="exception">What it threw.</param>
public delegate void RpcFailureHandler(RpcCall call, Exception exception);

/// <summary>Told of a client that is not let in.</summary>
/// <param name="client">Which; it is disconnected afterwards, or was told that it failed.</param>
/// <param name="reason">Why, in words: <c>it has shown no certificate</c>.</param>
public delegate void RpcRefusalHandler(RpcClient client, string reason);

/// <summary>
/// Servers that speak libvirt's RPC on one loop, and what they share: the buffer that messages are read into, calls to be
/// used again, the memory that large messages may take. Belongs to the loop's thread.
/// </summary>
public sealed class RpcDoor
{
    private const int ReceiveSize = 64 * 1024;
    private const int SpareCallsMax = 64;
    private const int SpareResultMax = 8 * 1024;

    private readonly List<RpcServer> servers = [];
    private readonly Stack<RpcCall> spareCalls = new();
    private readonly Queue<RpcClient> interrupted = new();
    private byte[]? receiveBuffer;
    private bool isGoingOn;
    private bool isStopping;

    /// <summary>A door without a server.</summary>
    public RpcDoor(EventLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        Loop = loop;
        Large = new LargeMemory(loop);
    }

    /// <summary>The loop it lives on.</summary>
    public EventLoop Loop { get; }

    /// <summary>In the order in which they were added.</summary>
    public IReadOnlyList<RpcServer> Servers => servers;

    /// <summary>A handler threw. Our fault, not a client's: to be logged.</summary>
    public event RpcFailureHandler? HandlerFailed;

    /// <summary>A client is not let in: to be logged, but not all of a flood. What an <see cref="RpcAuthorizer"/> refuses is known there.</summary>
    public event RpcRefusalHandler? ClientRefused;

    /// <summary>Octets that messages above 64 KB, and what clients do not read, take at present.</summary>
    public int LargeOctets => Large.Octets;

    internal LargeMemory Large { get; init; }

    internal Kernel Kernel => Loop.Kernel;

    /// <summary>What is being read, of whichever client: nothing of it stays after that.</summary>
    internal byte[] ReceiveBuffer => receiveBuffer ??= new byte[ReceiveSize];

    /// <summary>Finds a server by its name.</summary>
    public bool TryFindServer(string name, [NotNullWhen(true)] out RpcServer? found)
    {
        found = servers.Find(server => server.Name == name);
        return found is not null;
    }

    /// <summary>Ends all servers: nobody is accepted any more and the sockets' names are gone, clients are disconnected, jobs
    /// that run are waited for, and the threads leave.</summary>
    /// <param name="deadline">How long to wait for jobs.</param>
    /// <param name="stopped">Called on the loop, in a later turn: false if there are still jobs.</param>
    public void Stop(TimeSpan deadline, Action<bool> stopped)
    {
        ArgumentNullException.ThrowIfNull(stopped);
        if (isStopping)
        {
            throw new InvalidOperationException("The door is being closed already.");
        }

        isStopping = true;
        int open = servers.Count + 1;
        bool isClean = true;
        void Ended(bool isInTime)
        {
            isClean &= isInTime;
            open--;
            if (open == 0)
            {
                stopped(isClean);
            }
        }

        foreach (RpcServer server in servers)
        {
            server.Stop(deadline, Ended);
        }

        receiveBuffer = null;
        Loop.Post(() => Ended(true));
    }

    internal void Add(RpcServer server)
    {
        if (isStopping || TryFindServer(server.Name, out _))
        {
            throw new ArgumentException($"No server '{server.Name}' can be added: there is one, or the door is being closed.", nameof(server));
        }

        servers.Add(server);
    }

    internal RpcCall TakeCall() => spareCalls.TryPop(out RpcCall? call) ? call : new RpcCall(this);

    internal void GiveBack(RpcCall call)
    {
        bool isReusable = call.IsReusable && call.Result.Capacity <= SpareResultMax && spareCalls.Count < SpareCallsMax;
        call.Clear();
        if (isReusable)
        {
            spareCalls.Push(call);
        }
    }

    /// <summary>A client has had its share of this turn: the next turn goes on with it.</summary>
    internal void GoOnLater(RpcClient client)
    {
        if (client.IsInterrupted)
        {
            return;
        }

        client.IsInterrupted = true;
        interrupted.Enqueue(client);
        if (!isGoingOn)
        {
            isGoingOn = true;
            Loop.Post(GoOn);
        }
    }

    internal void TellFailure(RpcCall call, Exception exception) => HandlerFailed?.Invoke(call, exception);

    internal void TellRefusal(RpcClient client, string reason) => ClientRefused?.Invoke(client, reason);

    private void GoOn()
    {
        isGoingOn = false;
        for (int count = interrupted.Count; count > 0; count--)
        {
            interrupted.Dequeue().GoOn();
        }
    }
}
