using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.DBus;
using Spindle.Loop;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary>What went over a link.</summary>
internal readonly record struct LinkTraffic(
    ulong ReceivedPackets,
    ulong SentPackets,
    ulong ReceivedBytes,
    ulong SentBytes,
    ulong ReceiveErrors,
    ulong SendErrors,
    ulong ReceiveDropped,
    ulong SendDropped)
{
    public LinkTraffic Since(LinkTraffic start) => new(
        ReceivedPackets - start.ReceivedPackets,
        SentPackets - start.SentPackets,
        ReceivedBytes - start.ReceivedBytes,
        SentBytes - start.SentBytes,
        ReceiveErrors - start.ReceiveErrors,
        SendErrors - start.SendErrors,
        ReceiveDropped - start.ReceiveDropped,
        SendDropped - start.SendDropped);
}

/// <summary>Clients that want to know how much went over a service.</summary>
/// <param name="loop">For the periods; nothing ticks while nobody is registered.</param>
/// <param name="connection">The bus.</param>
/// <param name="model">Which services are connected.</param>
/// <param name="read">Reads a link's traffic; answers later.</param>
internal sealed class CounterRegistry(
    EventLoop loop, BusConnection connection, NetworkModel model, Action<int, Action<LinkTraffic>> read)
{
    private const string Name = "net.connman.Counter";

    /// <summary>Counters at most; the next is refused.</summary>
    private const int CounterCountMax = 64;

    private static readonly string[] Keys =
    [
        "RX.Packets", "TX.Packets", "RX.Bytes", "TX.Bytes", "RX.Errors", "TX.Errors", "RX.Dropped", "TX.Dropped", "Time",
    ];

    private readonly List<Counter> counters = [];
    private readonly Dictionary<string, LinkTraffic> resets = [];
    private readonly Dictionary<string, Instant> connectedAt = [];

    private sealed class Counter(string owner, string path, TimeSpan period, TimerSource timer)
    {
        public string Owner => owner;

        public string Path => path;

        public TimeSpan Period => period;

        public TimerSource Timer => timer;

        public BusNameWatch? Watch { get; set; }

        /// <summary>What was told last, by service: only what changed is told again.</summary>
        public Dictionary<string, uint[]> Told { get; } = [];
    }

    public void Register(BusCall call)
    {
        call.Arguments[0].TryGetObjectPath(out string? path);
        call.Arguments[2].TryGetUInt32(out uint period);
        if (counters.Exists(counter => counter.Path == path))
        {
            call.AlreadyExists();
            return;
        }

        if (counters.Count >= CounterCountMax || path is null)
        {
            call.Error(BusErrors.LimitsExceeded, "Too many counters.");
            return;
        }

        Counter? added = null;
        TimerSource timer = loop.AddTimer((_, _) => Tick(added!), name: "Counter");
        added = new Counter(call.Sender, path, TimeSpan.FromSeconds(Math.Max(1, period)), timer);
        added.Watch = connection.WatchName(call.Sender, owner =>
        {
            if (owner is null)
            {
                Drop(added);
            }
        });
        counters.Add(added);
        call.Reply();
        Tick(added);
    }

    public void Unregister(BusCall call)
    {
        call.Arguments[0].TryGetObjectPath(out string? path);
        Counter? counter = counters.Find(counter => counter.Path == path);
        if (counter is null)
        {
            call.NotRegistered();
        }
        else if (counter.Owner != call.Sender)
        {
            call.PermissionDenied();
        }
        else
        {
            Drop(counter);
            call.Reply();
        }
    }

    /// <summary>Counts from zero again.</summary>
    public void Reset(Service service) =>
        read(service.Link.Index, traffic => resets[service.Ident] = traffic);

    /// <summary>What is remembered of services.</summary>
    public int RememberedCount => resets.Count + connectedAt.Count;

    /// <summary>A service was connected: its time counts from now.</summary>
    public void Connected(Service service) => connectedAt[service.Ident] = loop.Now;

    /// <summary>A service is gone, and what was counted of it.</summary>
    public void Forget(string ident)
    {
        resets.Remove(ident);
        connectedAt.Remove(ident);
        foreach (Counter counter in counters)
        {
            counter.Told.Remove(ident);
        }
    }

    /// <summary>The bus is gone, and all clients with it.</summary>
    public void Clear()
    {
        foreach (Counter counter in counters.ToArray())
        {
            Drop(counter);
        }
    }

    /// <summary>Tells all counters that we are going.</summary>
    public void Release()
    {
        foreach (Counter counter in counters)
        {
            connection.Tell(new BusRequest(counter.Owner, counter.Path, Name, "Release"));
        }
    }

    private void Tick(Counter counter)
    {
        counter.Timer.ArmAfter(counter.Period);
        foreach (Service service in model.Services)
        {
            if (service.State.IsConnected())
            {
                read(service.Link.Index, traffic => Tell(counter, service, traffic));
            }
        }
    }

    private void Tell(Counter counter, Service service, LinkTraffic traffic)
    {
        if (!counters.Contains(counter) || !service.State.IsConnected())
        {
            return;
        }

        LinkTraffic used = traffic.Since(resets.GetValueOrDefault(service.Ident));
        TimeSpan time = loop.Now - connectedAt.GetValueOrDefault(service.Ident, loop.Now);
        // 32 bits on ConnMan's wire: they wrap.
        uint[] values =
        [
            (uint)used.ReceivedPackets, (uint)used.SentPackets, (uint)used.ReceivedBytes, (uint)used.SentBytes,
            (uint)used.ReceiveErrors, (uint)used.SendErrors, (uint)used.ReceiveDropped, (uint)used.SendDropped,
            (uint)time.TotalSeconds,
        ];
        uint[]? told = counter.Told.GetValueOrDefault(service.Ident);
        counter.Told[service.Ident] = values;
        connection.Tell(new BusRequest(counter.Owner, counter.Path, Name, "Usage")
        {
            Signature = "oa{sv}a{sv}",
            Arguments = writer =>
            {
                writer.WriteObjectPath(service.Path);
                Write(writer, told, values);
                writer.OpenArray();
                writer.CloseArray();
            },
        });
    }

    private static void Write(BusWriter writer, uint[]? told, uint[] values)
    {
        writer.OpenArray();
        for (int i = 0; i < Keys.Length; i++)
        {
            if (told is null || told[i] != values[i])
            {
                writer.Entry(Keys[i], values[i]);
            }
        }

        writer.CloseArray();
    }

    private void Drop(Counter counter)
    {
        if (counters.Remove(counter))
        {
            counter.Timer.Remove();
            counter.Watch?.Remove();
        }
    }
}
