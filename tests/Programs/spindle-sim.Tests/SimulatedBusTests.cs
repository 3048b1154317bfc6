using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.DBus;
using Spindle.Loop;
using Spindle.Simulation;

namespace Spindle.Programs.Net.Tests;

/// <summary>What the world's bus holds a daemon to is seen when a daemon does not keep it.</summary>
public sealed class SimulatedBusTests
{
    private readonly List<string> violations = [];
    private readonly List<BusAnswer> answers = [];
    private readonly EventLoop loop = new(new SimulatedKernel());
    private readonly MemoryTransport transport;
    private readonly SimulatedBus bus;
    private readonly BusWriter writer = new();
    private Instant now = Instant.FromSeconds(1);
    private uint called;

    public SimulatedBusTests()
    {
        bus = new SimulatedBus(() => now, violations.Add);
        transport = new MemoryTransport(loop);
        transport.Received = message =>
        {
            if (BusMessageView.TryParse(message, out BusMessageView view) && view.Kind == BusMessageKind.MethodCall)
            {
                called = view.Serial;
            }
        };
        bus.Attach(transport);
        transport.Open();
        Turn();
        Send(new BusHeader
        {
            Kind = BusMessageKind.MethodCall,
            Serial = 1,
            Path = "/",
            Interface = BusConnection.BusName,
            Member = "RequestName",
            Destination = BusConnection.BusName,
        });
        Assert.True(bus.IsOwned);
        bus.Call("/", "net.connman.Manager", "GetState", "", null, answers.Add);
        Turn();
    }

    [Fact]
    public void An_answer_comes_to_whoever_asked()
    {
        Answer(called);
        Assert.True(Assert.Single(answers).IsGood);
        Assert.Empty(violations);
        Assert.Equal(0, bus.PendingCount);
    }

    [Fact]
    public void A_second_answer_is_seen()
    {
        Answer(called);
        Answer(called);
        Assert.Single(violations);
    }

    [Fact]
    public void A_call_that_is_never_answered_is_seen()
    {
        now += SimulatedBus.AnswerMax;
        bus.CheckPending();
        Assert.Empty(violations);
        now += TimeSpan.FromSeconds(1);
        bus.CheckPending();
        Assert.Single(violations);
    }

    [Fact]
    public void What_a_dead_daemon_owes_it_owes_no_more()
    {
        bus.Detach();
        Assert.Equal("org.freedesktop.DBus.Error.NoReply", Assert.Single(answers).Error);
        Assert.False(bus.IsOwned);
        Assert.Empty(violations);
    }

    private void Answer(uint to) =>
        Send(new BusHeader { Kind = BusMessageKind.MethodReturn, Serial = 5, ReplySerial = to, Destination = ":1.1" });

    private void Send(in BusHeader header)
    {
        writer.Begin(header);
        transport.Send(writer.Finish());
        Turn();
    }

    private void Turn()
    {
        for (int i = 0; i < 10; i++)
        {
            loop.Iterate(mayBlock: false);
        }
    }
}
