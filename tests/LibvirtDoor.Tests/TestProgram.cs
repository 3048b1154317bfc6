using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>Procedures for tests, under the number of the program that virsh speaks.</summary>
internal sealed class TestProgram : RpcProgram, IDisposable
{
    public const int Echo = 1001;       // string -> string, inline
    public const int Work = 1002;       // string -> string, on a worker
    public const int Block = 1003;      // -> void, on a worker, waits for the gate
    public const int BlockHigh = 1004;  // as above, also for priority workers
    public const int Post = 1005;       // string -> string, from a worker by the loop
    public const int Throw = 1006;      // on a worker
    public const int ThrowInline = 1007;
    public const int Forget = 1008;     // returns without an answer
    public const int Big = 1009;        // int n -> n octets, inline
    public const int End = 1010;        // -> void, and then disconnected
    public const int Watch = 1011;      // starts keepalive
    public const int Keep = 1012;       // keeps the call in Kept
    public const int FailOnce = 1013;   // string -> an error with that text
    public const int Void = 1014;       // void -> void, inline

    private readonly Dictionary<int, RpcProcedure> procedures = [];

    public TestProgram()
        : base(RpcPrograms.Remote)
    {
        Add(Echo, DoEcho, isInline: true);
        Add(Work, DoEcho);
        Add(Block, DoBlock);
        Add(BlockHigh, DoBlock, isHigh: true);
        Add(Post, static call => call.OnLoop(DoEchoLate));
        Add(Throw, static _ => throw new InvalidOperationException("on a worker"));
        Add(ThrowInline, static _ => throw new InvalidOperationException("inline"), isInline: true);
        Add(Forget, static _ => { });
        Add(Big, DoBig, isInline: true);
        Add(End, static call => call.CompleteAndClose(), isInline: true);
        Add(Watch, static call => { call.Client.StartKeepAlive(); call.Complete(); }, isInline: true);
        Add(Keep, call => { call.Defer(); Kept.Add(call); }, isInline: true);
        Add(FailOnce, DoFail);
        Add(Void, static call => call.Complete(), isInline: true);
    }

    public List<RpcCall> Kept { get; } = [];

    /// <summary>Closed at first.</summary>
    public ManualResetEventSlim Gate { get; } = new();

    /// <summary>Handlers that wait at the gate.</summary>
    public int Blocked => Volatile.Read(ref blocked);

    private int blocked;

    public override bool TryFind(int procedure, [NotNullWhen(true)] out RpcProcedure? found) =>
        procedures.TryGetValue(procedure, out found);

    public void Dispose()
    {
        Gate.Set();
        Gate.Dispose();
    }

    private static void DoEcho(RpcCall call)
    {
        XdrReader arguments = call.Arguments;
        if (!arguments.TryReadString(out string text))
        {
            call.Fail(RpcError.UndecodablePayload);
            return;
        }

        call.Result.WriteString(text);
        call.Complete();
    }

    private static void DoEchoLate(RpcCall call)
    {
        call.Result.WriteString("from the loop");
        call.Complete();
    }

    private static void DoBig(RpcCall call)
    {
        XdrReader arguments = call.Arguments;
        if (!arguments.TryReadInt32(out int size))
        {
            call.Fail(RpcError.UndecodablePayload);
            return;
        }

        call.Result.Reserve(size).Fill(0xAB);
        call.Complete();
    }

    private static void DoFail(RpcCall call)
    {
        XdrReader arguments = call.Arguments;
        arguments.TryReadString(out string text);
        call.Fail(RpcError.Internal(text));
    }

    private void DoBlock(RpcCall call)
    {
        Interlocked.Increment(ref blocked);
        Gate.Wait();
        Interlocked.Decrement(ref blocked);
        call.Complete();
    }

    private void Add(int number, RpcHandler handler, bool isInline = false, bool isHigh = false) =>
        procedures.Add(number, new RpcProcedure($"test {number}", handler) { IsInline = isInline, IsHighPriority = isHigh });
}
