using System;
using Spindle.Bench.Rpc.Client;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Bench.Rpc;

/// <summary>The rows of the table, measured from the client's side.</summary>
internal static class Works
{
    /// <summary>What a server needs to be done with what it was asked.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(700);

    /// <summary>A cheap call by so many clients, each with so many on their way.</summary>
    public static void Calls(Bench bench, string key, RemoteProcedure procedure, int clients, int depth, TimeSpan span)
    {
        RpcConnection[] connections = bench.Open(clients);
        ClosedLoop<EmptyValue> work = new(bench, procedure, default);
        Put(key, work.Run(connections, depth, span));
        CloseAll(connections);
    }

    /// <summary>
    /// Exactly so many calls by one client, one after another: for counts from outside (instructions, system calls), and of the octets that
    /// the benchmark's door allocates for each.
    /// </summary>
    public static void Exactly(Bench bench, RemoteProcedure procedure, int calls)
    {
        RpcConnection connection = bench.Open(1)[0];
        ulong first = Allocated(bench, connection);
        ulong before = Allocated(bench, connection);
        ulong ofAsking = before - first;
        int left = calls;
        RpcReplyHandler again = null!;
        again = (RpcConnection _, scoped in RpcReply reply) =>
        {
            if (!reply.IsOk || --left == 0)
            {
                bench.Loop.Quit();
            }
            else
            {
                connection.Call(procedure, default(EmptyValue), again);
            }
        };
        connection.Call(procedure, default(EmptyValue), again);
        bench.Loop.Run();
        Bench.Put($"allocated_{(int)procedure}", (Allocated(bench, connection) - before - ofAsking) / (double)calls);
        Bench.Put("left", left);
        connection.Close();
    }

    /// <summary>
    /// What so many silent clients cost in memory, and a cheap call by one client among them and without them. The server is fresh:
    /// in memory that earlier work has left behind, clients would seem to cost nothing.
    /// </summary>
    public static void Idle(Bench bench, int idle, TimeSpan span)
    {
        RpcConnection[] one = bench.Open(1);
        ClosedLoop<EmptyValue> work = new(bench, RemoteProcedure.ConnectGetHostname, default);
        bench.Rest(Settle);
        long before = bench.Server.MemoryKibibytes();
        RpcConnection[] others = bench.Open(idle);
        bench.Rest(Settle);
        Bench.Put("idle_memory_per_client", (bench.Server.MemoryKibibytes() - before) * 1024.0 / idle);
        Figures among = work.Run(one, 1, span);
        CloseAll(others);
        bench.Rest(Settle);
        Figures alone = work.Run(one, 1, span);
        CloseAll(one);
        Bench.Put("idle_alone_p50", alone.Median);
        Bench.Put("idle_among_p50", among.Median);
        Bench.Put("idle_ratio", among.Median / Math.Max(1, alone.Median));
        Bench.Put("idle_alone_cpu", alone.CpuPerCall);
        Bench.Put("idle_among_cpu", among.CpuPerCall);
        Bench.Put("idle_cpu_ratio", among.CpuPerCall / alone.CpuPerCall);
        Bench.Put("idle_failures", alone.Failures + among.Failures);
    }

    /// <summary>All interfaces, by so many clients.</summary>
    public static void List(Bench bench, int clients, TimeSpan span)
    {
        RpcConnection[] connections = bench.Open(clients);
        ClosedLoop<ListAllValue> work = new(bench, RemoteProcedure.ConnectListAllInterfaces, new ListAllValue(true, 3));
        Put($"list_{clients}", work.Run(connections, 1, span));
        CloseAll(connections);
    }

    /// <summary>So many slow calls at once, one a connection; how long until the last is answered, and how a cheap call fares meanwhile.</summary>
    public static void Burst(Bench bench, int count)
    {
        RpcConnection[] connections = bench.Open(count);
        RpcConnection bystander = bench.Open(1)[0];
        int left = count;
        int failures = 0;
        int threads = bench.Server.Threads();
        long startedAt = bench.NowNanoseconds;
        long endedAt = 0;
        CallSlowly(connections, (RpcConnection _, scoped in RpcReply reply) =>
        {
            failures += reply.IsOk ? 0 : 1;
            if (--left == 0)
            {
                endedAt = bench.NowNanoseconds;
                bench.Loop.Quit();
            }
        });
        ClosedLoop<EmptyValue> cheap = new(bench, RemoteProcedure.ConnectGetHostname, default);
        Figures meanwhile = cheap.Run([bystander], 1, TimeSpan.FromSeconds(1));
        int most = bench.Server.Threads();
        if (left > 0)
        {
            bench.Loop.Run();
        }

        Bench.Put("burst_seconds", (endedAt - startedAt) / 1e9);
        Bench.Put("burst_failures", failures + meanwhile.Failures);
        Bench.Put("burst_threads_more", most - threads);
        Bench.Put("burst_cheap_p50", meanwhile.Median);
        Bench.Put("burst_cheap_p99", meanwhile.Centile99);
        CloseAll(connections);
        bystander.Close();
    }

    /// <summary>The server with nobody connected, after it was left alone for so long.</summary>
    public static void Memory(Bench bench, string when, TimeSpan rest)
    {
        bench.Rest(rest);
        Bench.Put($"memory{when}", bench.Server.MemoryKibibytes());
        Bench.Put($"threads{when}", bench.Server.Threads());
    }

    private static ulong Allocated(Bench bench, RpcConnection connection)
    {
        ulong octets = 0;
        connection.Call(RemoteProcedure.ConnectGetVersion, default(EmptyValue), (RpcConnection _, scoped in RpcReply reply) =>
        {
            octets = reply.TryRead(out VersionValue value) ? value.Version : 0;
            bench.Loop.Quit();
        });
        bench.Loop.Run();
        return octets;
    }

    private static void CallSlowly(RpcConnection[] connections, RpcReplyHandler handler)
    {
        foreach (RpcConnection connection in connections)
        {
            connection.Call(RemoteProcedure.InterfaceGetXmlDesc,
                new InterfaceFlagsArguments(new("eth0", ""), 0), handler);
        }
    }

    private static void Put(string key, Figures figures)
    {
        Bench.Put($"{key}_rate", figures.CallsPerSecond);
        Bench.Put($"{key}_cpu", figures.CpuPerCall);
        Bench.Put($"{key}_percpu", figures.CpuPerCall > 0 ? 1e9 / figures.CpuPerCall : 0);
        Bench.Put($"{key}_p50", figures.Median);
        Bench.Put($"{key}_p99", figures.Centile99);
        Bench.Put($"{key}_failures", figures.Failures);
    }

    private static void CloseAll(RpcConnection[] connections)
    {
        foreach (RpcConnection connection in connections)
        {
            connection.Close();
        }
    }
}
