using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Drivers.Netlink;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Rtnetlink;
using Spindle.Simulation.Faults;

namespace Spindle.Simulation.Daemons;

/// <summary>Requests that cannot be sent for a moment are sent later, and stay in order.</summary>
public sealed class NetlinkFaultTests
{
    [Theory]
    [InlineData(Errno.EAGAIN)]
    [InlineData(Errno.ENOBUFS)]
    [InlineData(Errno.ENOMEM)]
    public void What_is_short_for_a_moment_costs_no_request_and_no_order(Errno error)
    {
        SimulatedMachine machine = new(1);
        SimulatedKernel kernel = machine.StartProcess();
        int link = machine.Network.AddEthernet("eth0", MacAddress.Read([2, 0, 0, 0, 0, 1])).Index;
        EventLoop loop = new(kernel);
        NetlinkDriver driver = new(loop, static (in RtnetlinkOutput _) => { });
        Assert.True(driver.Start().IsOk);
        loop.TurnUntil(() => driver.IsInStep);

        long sent = kernel.Faults.CountOf(SystemCall.Send);
        for (int failing = 1; failing <= 4; failing++)
        {
            kernel.Faults.FailAt(SystemCall.Send, sent + failing, error);
        }

        List<(string, bool)> done = [];
        driver.Send(NetlinkRequest.SetLinkUp(link, true), answer => done.Add(("up", answer.IsOk)));
        driver.Send(NetlinkRequest.SetLinkMtu(link, 1400), answer => done.Add(("mtu", answer.IsOk)));
        driver.Send(NetlinkRequest.SetLinkUp(link, false), answer => done.Add(("down", answer.IsOk)));
        Assert.True(driver.IsBusy);
        loop.TurnUntil(() => done.Count == 3);
        Assert.Equal([("up", true), ("mtu", true), ("down", true)], done);
    }

    [Fact]
    public void What_stays_short_fails_the_request_in_the_end()
    {
        SimulatedMachine machine = new(1);
        SimulatedKernel kernel = machine.StartProcess();
        EventLoop loop = new(kernel);
        NetlinkDriver driver = new(loop, static (in RtnetlinkOutput _) => { });
        Assert.True(driver.Start().IsOk);
        loop.TurnUntil(() => driver.IsInStep);
        for (long failing = 1; failing <= 100; failing++)
        {
            kernel.Faults.FailAt(SystemCall.Send, kernel.Faults.CountOf(SystemCall.Send) + failing, Errno.ENOBUFS);
        }

        NetlinkError? answer = null;
        driver.Send(NetlinkRequest.SetLinkUp(1, true), error => answer = error);
        loop.TurnUntil(() => answer is not null);
        Assert.Equal((int)Errno.ENOBUFS, Math.Abs(answer!.Value.Number));
    }
}
