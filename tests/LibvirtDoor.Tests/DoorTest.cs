using System;
using System.Collections.Generic;
using System.Linq;
using System.IO;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Loop.Workers;
using Spindle.Simulation;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>A door on a loop, with peers on the same loop. What must not take real time has a simulated kernel.</summary>
public abstract class DoorTest : IDisposable
{
    private readonly List<TestPeer> peers = [];
    private readonly string? folder;

    private protected DoorTest(bool isSimulated = false, Kernel? kernel = null)
    {
        IsSimulated = isSimulated;
        Kernel = kernel ?? (isSimulated ? new SimulatedKernel { CallTime = TimeSpan.FromMicroseconds(0.1) } : new PeerKernel());
        folder = isSimulated ? null : Directory.CreateTempSubdirectory("spindle-rpc-").FullName;
        Loop = new EventLoop(Kernel);
        Door = new RpcDoor(Loop) { Large = new LargeMemory(Loop) { Maximum = LargeMaximum } };
        Program.Changed = Loop.Wake;
        Door.HandlerFailed += (_, exception) => Failures.Add(exception);
        Door.ClientRefused += (client, reason) =>
        {
            Assert.False(client.IsClosed);
            Refusals.Add(reason);
        };
    }

    private protected Kernel Kernel { get; }

    internal EventLoop Loop { get; }

    private protected RpcDoor Door { get; }

    /// <summary>What all clients may take together for what is large.</summary>
    private protected virtual int LargeMaximum => RpcLimits.LargeMessagesMaximum;

    /// <summary>The user that connects from now on; unless it is set, whoever runs the tests, and root on the simulated kernel.</summary>
    private protected uint PeerUser
    {
        set
        {
            if (Kernel is SimulatedKernel simulated)
            {
                simulated.User = value;
            }
            else
            {
                ((PeerKernel)Kernel).PeerUser = value;
            }
        }
    }

    private protected TestProgram Program { get; } = new();

    private protected List<Exception> Failures { get; } = [];

    /// <summary>Why somebody was not let in.</summary>
    private protected List<string> Refusals { get; } = [];

    private protected bool IsSimulated { get; }

    public virtual void Dispose()
    {
        Program.Gate.Set();
        bool isStopped = false;
        Door.Stop(TimeSpan.FromSeconds(60), inTime => isStopped = inTime);
        peers.ForEach(static peer => peer.Close());
        Until(() => isStopped);
        Loop.Dispose();
        Program.Dispose();
        if (folder is not null)
        {
            Assert.Empty(Directory.GetFileSystemEntries(folder));
            Directory.Delete(folder);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Turns the loop until something is so.</summary>
    internal void Until(Func<bool> condition)
    {
        // A test that waits for what does not come fails instead of hanging.
        bool isLate = false;
        TimerSource guard = Loop.AddTimer((_, _) => isLate = true);
        guard.ArmAfter(TimeSpan.FromSeconds(IsSimulated ? 1_000_000 : 100));
        while (!condition())
        {
            Assert.False(isLate, "what was waited for did not come");
            Loop.Iterate(mayBlock: true);
        }

        guard.Remove();
    }

    /// <summary>Lets so much time go by.</summary>
    private protected void Pass(TimeSpan span)
    {
        bool isOver = false;
        TimerSource timer = Loop.AddTimer((_, _) => isOver = true);
        timer.ArmAfter(span);
        Until(() => isOver);
        timer.Remove();
    }

    /// <summary>Turns the loop as long as there is something to do.</summary>
    private protected void Settle()
    {
        while (Loop.Iterate(mayBlock: false))
        {
        }
    }

    private protected string PathOf(string name) => folder is null ? $"/run/{name}" : Path.Combine(folder, name);

    private protected RpcServer Serve(
        RpcLimits? limits = null, WorkerLimits? workers = null, RpcAuthorizer? authorizer = null, string name = "virtinterfaced")
    {
        RpcServer server = new(Door, name, limits ?? new RpcLimits(), workers, authorizer);
        server.Add(Program);
        return server;
    }

    private protected RpcService Listen(RpcServer server, string name = "sock", RpcAuthentication authentication = RpcAuthentication.None)
    {
        Result result = server.Listen(
            new UnixListenerOptions(PathOf(name)) { Authentication = authentication }, out RpcService? service);
        Assert.True(result.IsOk, result.ToString());
        return service!;
    }

    private protected TestPeer Connect(string name = "sock")
    {
        int fd = Kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0).Int;
        Assert.True(SocketAddress.TryUnix(PathOf(name), out SocketAddress address));
        Result connected = Kernel.Connect(fd, address);
        Assert.True(connected.IsOk, connected.ToString());
        TestPeer peer = new(this, Kernel, fd);
        peers.Add(peer);
        return peer;
    }

    /// <summary>Connects, and waits until the server has it.</summary>
    private protected TestPeer Join(RpcServer server, string name = "sock")
    {
        int before = server.ClientCount;
        TestPeer peer = Connect(name);
        Until(() => server.ClientCount > before);
        return peer;
    }

    /// <summary>A client that does not read what it is sent.</summary>
    private protected TestPeer JoinDeaf(RpcServer server, out RpcClient client)
    {
        TestPeer peer = Join(server);
        client = server.Clients.MaxBy(static one => one.Id)!;
        peer.IsReading = false;
        return peer;
    }

    private protected void Leave(TestPeer peer)
    {
        peers.Remove(peer);
        peer.Close();
    }
}
