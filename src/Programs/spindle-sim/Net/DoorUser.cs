using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.Configuration;
using Spindle.Daemon.Storage;
using Spindle.Kernels;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Remote;
using Spindle.Simulation;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary>Somebody with libvirt's tools: opens connections to the door, calls several things at once, goes in the middle of it.</summary>
/// <remarks>
/// A process of its own on the same machine, that never waits: it looks for answers a moment later. Each call has one answer; cheap
/// ones come at once, and those that start or stop an interface by the time that the door promises, if nothing goes wrong meanwhile.
/// </remarks>
internal sealed class DoorUser
{
    private const string Configuration = "[Libvirt]\nenabled=true\n";

    private const string Socket = "/run/libvirt/virtinterfaced-sock";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan[] Looks = [TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1), Patience, TimeSpan.FromMinutes(1), StartPatience];

    private readonly int requestsMax = new LibvirtConfiguration().ClientRequestsMax;
    private readonly SimulatedMachine machine;
    private readonly Action<TimeSpan, Action> later;
    private readonly Action<string, string> violated;
    private readonly List<byte> received = [];
    private readonly Dictionary<uint, Call> waiting = [];
    private SimulatedKernel? kernel;
    private int descriptor;
    private uint serial;
    private long disturbances;

    public DoorUser(SimulatedMachine machine, Action<TimeSpan, Action> later, Action<string, string> violated)
    {
        this.machine = machine;
        this.later = later;
        this.violated = violated;
    }

    /// <summary>Answers so far.</summary>
    public long AnswersCount { get; private set; }

    /// <summary>Writes main.conf, for good.</summary>
    public void Configure()
    {
        SimulatedKernel administrator = machine.StartProcess();
        Result written = AtomicFile.Replace(administrator, "/etc/connman/main.conf", Encoding.ASCII.GetBytes(Configuration));
        if (!written.IsOk)
        {
            violated("main.conf can be written", written.Error.ToString());
        }

        administrator.Kill();
    }

    /// <summary>Something goes wrong, or the daemon ends: what is on its way may take longer, or never come.</summary>
    public void Disturb() => disturbances++;

    /// <summary>Does something that a client may do at any time.</summary>
    /// <returns>What, for the trace.</returns>
    public string Act(Choices choices)
    {
        if (kernel is { IsAlive: true } && choices.NextBelow(8) == 0)
        {
            Leave();
            return "goes";
        }

        if (!Open(out string refusal))
        {
            return refusal;
        }

        int calls = choices.Between(1, 8);
        string name = choices.Pick(["eth0", "eth1", "eth2", "lo", "nosuch"]);
        string last = "";
        for (int i = 0; i < calls; i++)
        {
            last = Say(choices, name);
        }

        foreach (TimeSpan look in Looks)
        {
            later(look, Look);
        }

        return $"{calls} calls, the last {last}";
    }

    /// <summary>In a calm world, with a daemon that has been there for a while: the door is open, and answers. Whoever was there goes.</summary>
    public void CheckOpen()
    {
        Leave();
        if (!Open(out string refusal))
        {
            violated("the libvirt door is open", refusal);
            return;
        }

        Send(RemoteProcedure.ConnectGetHostname, default(EmptyValue), Patience);
        Send(RemoteProcedure.ConnectListAllInterfaces, new ListAllValue(true, 0), Patience);
        long wanted = AnswersCount + waiting.Count;
        later(Patience, () =>
        {
            Look();
            if (AnswersCount != wanted)
            {
                violated("the libvirt door answers", $"{wanted - AnswersCount} calls have no answer after {Patience}");
            }

            Leave();
        });
    }

    /// <summary>Goes without a word.</summary>
    public void Leave()
    {
        if (kernel is { IsAlive: true })
        {
            kernel.Kill();
        }

        kernel = null;
        waiting.Clear();
        received.Clear();
    }

    private bool Open(out string refusal)
    {
        refusal = "";
        if (kernel is { IsAlive: true })
        {
            return true;
        }

        Leave();
        kernel = machine.StartProcess();
        descriptor = kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0).Int;
        SocketAddress.TryUnix(Socket, out SocketAddress address);
        Result connected = kernel.Connect(descriptor, address);
        if (!connected.IsOk)
        {
            refusal = $"{Socket}: {connected.Error}";
            Leave();
            return false;
        }

        serial = 0;
        Send(RemoteProcedure.AuthList, default(EmptyValue), Patience);
        Send(RemoteProcedure.ConnectSupportsFeature, new NumberValue((int)RemoteFeature.EventCallback), Patience);
        Send(RemoteProcedure.ConnectOpen, new OptionalTextFlagsValue("interface:///system", 0), Patience);
        return true;
    }

    private string Say(Choices choices, string name)
    {
        InterfaceReference reference = new(name, "");
        switch (choices.NextBelow(12))
        {
            case 0 or 1:
                return Send(RemoteProcedure.ConnectListAllInterfaces, new ListAllValue(true, 0), Patience);
            case 2:
                return Send(RemoteProcedure.InterfaceLookupByName, new TextValue(name), Patience);
            case 3:
                return Send(RemoteProcedure.InterfaceIsActive, reference, Patience);
            case 4 or 5:
                return Send(RemoteProcedure.InterfaceGetXmlDesc, new InterfaceFlagsArguments(reference, choices.NextBelow(2)), Patience);
            case 6 or 7:
                return Send(RemoteProcedure.InterfaceCreate, new InterfaceFlagsArguments(reference, 0), StartPatience);
            case 8:
                return Send(RemoteProcedure.InterfaceDestroy, new InterfaceFlagsArguments(reference, 0), StartPatience);
            case 9:
                return Send(RemoteProcedure.ConnectListAllNodeDevices, new ListAllValue(true, 0), Patience);
            case 10:
                return Send(
                    RemoteProcedure.ConnectNodeDeviceEventRegisterAny,
                    new NodeDeviceEventRegisterArguments(NodeDeviceEventKind.Lifecycle, null), Patience);
            default:
                return Send(RemoteProcedure.ConnectGetHostname, default(EmptyValue), Patience);
        }
    }

    private string Send<T>(RemoteProcedure procedure, in T arguments, TimeSpan patience)
        where T : struct, IXdrValue<T>
    {
        XdrWriter writer = new();
        int start = RpcFrame.Begin(writer, RpcHeader.Call(RpcPrograms.Remote, (int)procedure, serial));
        arguments.Write(writer);
        RpcFrame.End(writer, start);

        // Of one client's calls so many run at a time, and what is behind them waits for one of them to end.
        TimeSpan wait = StartPatience * (CountSlow() / requestsMax);
        waiting[serial++] = new(procedure, machine.Monotonic.Now + wait + patience, disturbances);
        kernel!.Send(descriptor, writer.Written);
        return procedure.ToString();
    }

    private int CountSlow() => waiting.Values.Count(static call => call.Procedure is RemoteProcedure.InterfaceCreate or RemoteProcedure.InterfaceDestroy);

    private void Look()
    {
        if (kernel is not { IsAlive: true })
        {
            return;
        }

        byte[] piece = new byte[4096];
        Result read = kernel.Receive(descriptor, piece);
        while (read.IsOk && read.Int > 0)
        {
            received.AddRange(piece.AsSpan(0, read.Int));
            read = kernel.Receive(descriptor, piece);
        }

        bool isEnded = read.IsOk || !read.Is(Errno.EAGAIN);
        while (received.Count >= RpcFrame.LengthSize && TryTake())
        {
        }

        CheckTimes();
        if (isEnded)
        {
            Leave();
        }
    }

    private bool TryTake()
    {
        if (!RpcFrame.TryReadLength(received.GetRange(0, RpcFrame.LengthSize).ToArray(), out int length))
        {
            violated("the libvirt door's messages are well formed", "a length that no message has");
            Leave();
            return false;
        }

        if (received.Count < length)
        {
            return false;
        }

        byte[] message = [.. received.GetRange(0, length)];
        received.RemoveRange(0, length);
        XdrReader reader = new(message.AsSpan(RpcFrame.MinimumLength));
        if (!RpcHeader.TryParse(message.AsSpan(RpcFrame.LengthSize), out RpcHeader header))
        {
            violated("the libvirt door's messages are well formed", "no header");
        }
        else if (header.Type == RpcMessageType.Reply && !waiting.Remove(header.Serial))
        {
            violated("every call is answered once", $"a second answer to {header.Serial} of the libvirt door");
        }
        else if (header.Type == RpcMessageType.Reply && header.Status == RpcStatus.Error && !RpcError.TryRead(ref reader, out _))
        {
            violated("the libvirt door's messages are well formed", "an error that cannot be read");
        }

        AnswersCount++;
        return true;
    }

    private void CheckTimes()
    {
        foreach (Call call in waiting.Values)
        {
            if (call.Disturbances == disturbances && machine.Monotonic.Now > call.Until)
            {
                violated("the libvirt door answers", $"{call.Procedure} has no answer in time; {waiting.Count} calls wait, {CountSlow()} of them to start or stop");
                waiting.Clear();
                return;
            }
        }
    }

    private readonly record struct Call(RemoteProcedure Procedure, Instant Until, long Disturbances);
}
