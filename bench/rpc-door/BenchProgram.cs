using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Spindle.LibvirtDoor;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Bench.Door;

/// <summary>A table of procedures for the benchmark: cheap ones, a list, and one that takes its time.</summary>
internal sealed class BenchProgram : RpcProgram
{
    private const string HostName = "host.example.net";
    private const string Uri = "interface:///system";

    private readonly TimeSpan sleep;
    private readonly InterfaceListResult interfaces = Interfaces(8);
    private readonly Dictionary<int, RpcProcedure> procedures = [];

    public BenchProgram(TimeSpan sleep)
        : base(RpcPrograms.Remote)
    {
        this.sleep = sleep;
        Add(RemoteProcedure.ConnectOpen, Open);
        Add(RemoteProcedure.ConnectClose, call => call.CompleteAndClose());
        Add(RemoteProcedure.ConnectGetHostname, GetHostName);
        Add(RemoteProcedure.ConnectListAllInterfaces, ListAll);
        // The benchmark's own meaning: octets allocated so far.
        Add(RemoteProcedure.ConnectGetVersion, GetAllocated);
        // What a worker answers although it could be answered at once: the price of the way there and back.
        Add(RemoteProcedure.ConnectGetUri, GetUri, isInline: false);
        Add(RemoteProcedure.InterfaceGetXmlDesc, Sleep, isInline: false);
    }

    public override bool TryFind(int procedure, [NotNullWhen(true)] out RpcProcedure? found) =>
        procedures.TryGetValue(procedure, out found);

    private static InterfaceListResult Interfaces(int count)
    {
        InterfaceReference[] list = new InterfaceReference[count];
        for (int i = 0; i < count; i++)
        {
            list[i] = new($"eth{i}", $"52:54:00:00:00:{i:x2}");
        }

        return new(list, (uint)count);
    }

    private static void Open(RpcCall call)
    {
        XdrReader arguments = call.Arguments;
        if (OptionalTextFlagsValue.TryRead(ref arguments, out _))
        {
            call.Complete();
        }
        else
        {
            call.Fail(RpcError.UndecodablePayload);
        }
    }

    private static void GetHostName(RpcCall call)
    {
        call.Result.WriteString(HostName);
        call.Complete();
    }

    private static void GetAllocated(RpcCall call)
    {
        call.Result.WriteUInt64((ulong)GC.GetTotalAllocatedBytes(precise: true));
        call.Complete();
    }

    private static void GetUri(RpcCall call)
    {
        call.Result.WriteString(Uri);
        call.Complete();
    }

    private void ListAll(RpcCall call)
    {
        XdrReader arguments = call.Arguments;
        if (!ListAllValue.TryRead(ref arguments, out ListAllValue wanted))
        {
            call.Fail(RpcError.UndecodablePayload);
            return;
        }

        (wanted.NeedResults ? interfaces : interfaces with { Interfaces = [] }).Write(call.Result);
        call.Complete();
    }

    private void Sleep(RpcCall call)
    {
        Thread.Sleep(sleep);
        call.Result.WriteString("<interface/>");
        call.Complete();
    }

    private void Add(RemoteProcedure number, RpcHandler handler, bool isInline = true)
    {
        procedures.Add((int)number, new(number.ToString(), handler)
        {
            IsInline = isInline,
            IsHighPriority = RemoteProcedures.IsHighPriority((int)number),
        });
    }
}
