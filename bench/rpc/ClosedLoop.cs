using System;
using Spindle.Bench.Rpc.Client;
using Spindle.Loop;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Bench.Rpc;

/// <summary>What happened while it was measured; times in nanoseconds.</summary>
internal sealed record Figures(
    double CallsPerSecond, double CpuPerCall, double Median, double Centile99, long Failures);

/// <summary>Clients that call again as soon as they are answered, each with so many calls on their way.</summary>
/// <typeparam name="TArguments">What each call carries.</typeparam>
internal sealed class ClosedLoop<TArguments>
    where TArguments : struct, IXdrValue<TArguments>
{
    private const int DepthMaximum = 64;

    private readonly Bench bench;
    private readonly RemoteProcedure procedure;
    private readonly TArguments arguments;
    private readonly Latencies latencies = new();
    private bool isMeasuring;
    private bool isEnding;
    private long calls;
    private long failures;
    private int running;

    public ClosedLoop(Bench bench, RemoteProcedure procedure, TArguments arguments)
    {
        this.bench = bench;
        this.procedure = procedure;
        this.arguments = arguments;
    }

    /// <summary>Warms up, measures, and waits for the last answers; the connections stay open.</summary>
    public Figures Run(RpcConnection[] connections, int depth, TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, DepthMaximum);
        isEnding = false;
        failures = 0;
        foreach (RpcConnection connection in connections)
        {
            for (int i = 0; i < depth; i++)
            {
                running++;
                new Caller(this).Call(connection);
            }
        }

        bench.Rest(span / 5);
        Start(out long startedAt, out long cpu);
        bench.Rest(span);
        isMeasuring = false;
        double seconds = (bench.NowNanoseconds - startedAt) / 1e9;
        cpu = bench.Server.CpuNanoseconds() - cpu;
        isEnding = true;
        while (running > 0)
        {
            bench.Loop.Iterate(mayBlock: true);
        }

        return new(calls / seconds, cpu / (double)Math.Max(1, calls), latencies.Quantile(.5), latencies.Quantile(.99), failures);
    }

    private void Start(out long startedAt, out long cpu)
    {
        latencies.Clear();
        calls = 0;
        isMeasuring = true;
        cpu = bench.Server.CpuNanoseconds();
        startedAt = bench.NowNanoseconds;
    }

    /// <summary>One call after another.</summary>
    private sealed class Caller
    {
        private readonly ClosedLoop<TArguments> owner;
        private readonly RpcReplyHandler replied;
        private long sentAt;

        public Caller(ClosedLoop<TArguments> owner)
        {
            this.owner = owner;
            replied = Replied;
        }

        public void Call(RpcConnection connection)
        {
            sentAt = owner.bench.NowNanoseconds;
            connection.Call(owner.procedure, owner.arguments, replied);
        }

        private void Replied(RpcConnection connection, scoped in RpcReply reply)
        {
            if (owner.isMeasuring)
            {
                owner.latencies.Add(owner.bench.NowNanoseconds - sentAt);
                owner.calls++;
            }

            owner.failures += reply.IsOk ? 0 : 1;
            if (owner.isEnding || reply.IsLost)
            {
                owner.running--;
            }
            else
            {
                Call(connection);
            }
        }
    }
}
