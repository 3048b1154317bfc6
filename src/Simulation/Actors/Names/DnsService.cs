using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Names;

/// <summary>Everything that can be turned on a <see cref="DnsService"/>; exchanged while it runs.</summary>
internal sealed record DnsSettings
{
    public DnsMood Mood { get; init; }

    /// <summary>How many replies are in that mood; the others are plain answers.</summary>
    public uint MoodPerMillion { get; init; } = 1_000_000;

    public TimeSpan DelayMin { get; init; } = TimeSpan.FromMilliseconds(1);

    public TimeSpan DelayMax { get; init; } = TimeSpan.FromMilliseconds(20);

    public bool IsSilent { get; init; }

    public uint SilencePerMillion { get; init; }

    /// <summary>What the TCP port does.</summary>
    public TcpWelcome Tcp { get; init; }
}

/// <summary>A name server on a stack, UDP and TCP (RFC 1035, RFC 7766).</summary>
internal sealed class DnsService
{
    private const ushort Port = 53;

    private readonly ActorContext context;
    private readonly IpStack stack;
    private readonly Dictionary<string, List<IpAddress>> zone = new(StringComparer.OrdinalIgnoreCase);

    public DnsService(IpStack stack, DnsSettings settings)
    {
        this.stack = stack;
        Settings = settings;
        Name = stack.Name + " dns";
        context = stack.Context.Fork(Name);
        stack.BindUdp(Port, (in UdpArrival arrival) => Receive(arrival));
        stack.Tcp.Listen(Port, _ => Settings.IsSilent ? TcpWelcome.Ignore : Settings.Tcp, () => new DnsStreamApplication(this));
    }

    public string Name { get; }

    public DnsSettings Settings { get; set; }

    /// <summary>If set, every name has these addresses, as behind a portal.</summary>
    public IReadOnlyList<IpAddress>? Everything { get; set; }

    public long Questions { get; private set; }

    public long TcpQuestions { get; private set; }

    public void Add(string name, IpAddress address)
    {
        if (!zone.TryGetValue(name, out List<IpAddress>? addresses))
        {
            zone.Add(name, addresses = []);
        }

        addresses.Add(address);
    }

    public void Remove(string name) => zone.Remove(name);

    /// <summary>The reply to a query over TCP; null for silence.</summary>
    internal byte[]? AnswerStream(ReadOnlySpan<byte> query)
    {
        TcpQuestions++;
        DnsMood mood = DrawMood();
        mood = mood is DnsMood.Truncated or DnsMood.ForgedFirst or DnsMood.WrongPort ? DnsMood.Answer : mood;
        return DnsInquiry.TryRead(query, out DnsInquiry inquiry, out _)
            ? DnsReply.Make(query, inquiry, Find(inquiry.Name), mood, context.Choices)
            : null;
    }

    private DnsMood DrawMood() => Settings.Mood == DnsMood.Answer || Settings.MoodPerMillion >= 1_000_000
        || context.Choices.Mishap(Settings.MoodPerMillion) ? Settings.Mood : DnsMood.Answer;

    private IReadOnlyList<IpAddress>? Find(string name) => Everything ?? zone.GetValueOrDefault(name.TrimEnd('.'));

    private void Receive(in UdpArrival arrival)
    {
        if (!DnsInquiry.TryRead(arrival.Payload, out DnsInquiry inquiry, out _))
        {
            return;
        }

        Questions++;
        DnsSettings settings = Settings;
        if (settings.IsSilent || (settings.SilencePerMillion != 0 && context.Choices.Mishap(settings.SilencePerMillion)))
        {
            return;
        }

        DnsMood mood = DrawMood();
        if (mood == DnsMood.ForgedFirst)
        {
            Reply(arrival, inquiry, DnsMood.WrongId, TimeSpan.Zero);
            mood = DnsMood.Answer;
        }

        Reply(arrival, inquiry, mood, context.Choices.Between(settings.DelayMin, settings.DelayMax));
    }

    private void Reply(in UdpArrival arrival, in DnsInquiry inquiry, DnsMood mood, TimeSpan delay)
    {
        byte[] reply = DnsReply.Make(arrival.Payload, inquiry, Find(inquiry.Name), mood, context.Choices);
        IpAddress us = arrival.Destination;
        IpAddress client = arrival.Source;
        ushort clientPort = arrival.SourcePort;
        ushort ourPort = mood == DnsMood.WrongPort ? (ushort)5353 : Port;
        context.Clock.Set(context.Clock.Now + delay, () => stack.SendUdp(us, ourPort, client, clientPort, reply));
    }
}
