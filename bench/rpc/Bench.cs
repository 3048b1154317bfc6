using System;
using System.Globalization;
using Spindle.Basics;
using Spindle.Bench.Rpc.Client;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Bench.Rpc;

/// <summary>What the works share: a loop, the server, connections that are open, figures.</summary>
internal sealed class Bench
{
    private static readonly TimeSpan ConnectRetry = TimeSpan.FromMilliseconds(2);

    private readonly string path;
    private readonly string uri;

    public Bench(string path, int processId, string uri)
    {
        this.path = path;
        this.uri = uri;
        Server = new ServerProcess(processId);
        Loop = new EventLoop(new LinuxKernel());
        Hub = new RpcHub(Loop);
    }

    public EventLoop Loop { get; }

    public RpcHub Hub { get; }

    public ServerProcess Server { get; }

    public long NowNanoseconds => Loop.Kernel.Now(ClockId.Monotonic).Nanoseconds;

    public static void Put(string key, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key} {value:F3}"));

    /// <summary>Opens so many connections, one behind another, so that no limit on strangers is met.</summary>
    public RpcConnection[] Open(int count)
    {
        Opening opening = new(this, count);
        opening.Next();
        Loop.Run();
        return opening.Finish();
    }

    /// <summary>Runs the loop for a while, so that the server comes to rest.</summary>
    public void Rest(TimeSpan span)
    {
        TimerSource timer = Loop.AddTimer((_, _) => Loop.Quit());
        timer.ArmAfter(span);
        Loop.Run();
        timer.Remove();
    }

    private sealed class Opening
    {
        private readonly Bench bench;
        private readonly RpcConnection[] connections;
        private readonly TimerSource retry;
        private int opened;

        public Opening(Bench bench, int count)
        {
            this.bench = bench;
            connections = new RpcConnection[count];
            retry = bench.Loop.AddTimer((_, _) => Next());
        }

        public void Next()
        {
            Result result = bench.Hub.TryConnect(bench.path, out RpcConnection? connection);
            if (result.Is(Errno.EAGAIN))
            {
                retry.ArmAfter(ConnectRetry);
            }
            else if (connection is null)
            {
                throw new InvalidOperationException($"{bench.path}: {result.Error}");
            }
            else
            {
                connections[opened] = connection;
                connection.Open(bench.uri, Opened);
            }
        }

        public RpcConnection[] Finish()
        {
            retry.Remove();
            return connections;
        }

        private void Opened(RpcConnection connection, scoped in RpcReply reply)
        {
            if (!reply.IsOk)
            {
                throw new InvalidOperationException($"{bench.path}: {reply.Describe()}");
            }

            if (++opened == connections.Length)
            {
                bench.Loop.Quit();
            }
            else
            {
                Next();
            }
        }
    }
}
