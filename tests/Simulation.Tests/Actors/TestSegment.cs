using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Network;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Simulation.Tests.Actors;

/// <summary>A hub on virtual time, and what an actor needs beside it.</summary>
internal sealed class TestSegment
{
    private readonly List<Plug> plugs = [];

    public TestSegment(ulong seed = 1, IReadOnlySet<ulong>? leftOut = null)
    {
        Clock = new VirtualClock(Instant.FromSeconds(1000));
        Context = ActorContext.Create(Clock, new Choices(seed, leftOut));
    }

    public VirtualClock Clock { get; }

    public ActorContext Context { get; }

    public Violations Violations => Context.Violations;

    /// <summary>Every frame, in the order sent.</summary>
    public List<byte[]> Frames { get; } = [];

    /// <summary>False for long runs.</summary>
    public bool KeepsFrames { get; set; } = true;

    /// <summary>True drops a frame.</summary>
    public Func<byte[], bool> Drops { get; set; } = static _ => false;

    public ActorHost AddHost(string name, byte number, params string[] addresses)
    {
        ActorHost host = new(Context.Fork(name), name, Mac(number));
        foreach (string address in addresses)
        {
            host.AddAddress(IpPrefix.Parse(address));
        }

        host.Attach(PlugIn(host));
        return host;
    }

    public ICable PlugIn(IStation station)
    {
        Plug plug = new(this, station);
        plugs.Add(plug);
        station.CarrierChanged(true);
        return plug;
    }

    public void Run(double seconds) => Clock.AdvanceTo(Clock.Now + TimeSpan.FromSeconds(seconds));

    /// <summary>No rule was broken.</summary>
    public void AssertRight(string at) => Assert.True(Violations.Count == 0, $"{at}\n{string.Join('\n', Violations.Kept)}");

    public static MacAddress Mac(byte number) => MacAddress.Read([0x02, 0, 0, 0, 0, number]);

    private void Carry(Plug from, byte[] frame)
    {
        if (KeepsFrames)
        {
            Frames.Add(frame);
        }

        if (Drops(frame))
        {
            return;
        }

        Clock.Set(Clock.Now + TimeSpan.FromMicroseconds(50), () =>
        {
            foreach (Plug plug in plugs)
            {
                if (plug != from)
                {
                    plug.Station.Receive(frame);
                }
            }
        });
    }

    private sealed class Plug(TestSegment segment, IStation station) : ICable
    {
        public IStation Station => station;

        public bool HasCarrier => true;

        public void Send(ReadOnlySpan<byte> frame) => segment.Carry(this, frame.ToArray());
    }
}
