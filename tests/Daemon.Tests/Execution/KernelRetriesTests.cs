using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Daemon.Execution;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Tests.Execution;

public sealed class KernelRetriesTests : IDisposable
{
    private static readonly IpPrefix Prefix = IpPrefix.Parse("192.168.1.100/24");
    private static readonly ModelOutput.RemoveAddress Removal = new(2, Prefix);
    private static readonly RoutePlan Route = new(2, IpPrefix.Parse("0.0.0.0/0"), IpAddress.Parse("192.168.1.1"), 0, null);

    private readonly EventLoop loop = new(new LinuxKernel());
    private readonly List<ModelOutput> repeated = [];
    private readonly KernelRetries retries;

    public KernelRetriesTests() => retries = new KernelRetries(loop, repeated.Add);

    public void Dispose() => loop.Dispose();

    [Theory]
    [InlineData(Errno.EAGAIN)]
    [InlineData(Errno.ENOBUFS)]
    [InlineData(Errno.ENOMEM)]
    [InlineData(Errno.ETIMEDOUT)]
    public void What_was_refused_for_lack_of_room_is_asked_again_until_it_is_done(Errno error)
    {
        retries.Begin(Removal);
        for (int i = 1; i <= 2; i++)
        {
            Assert.True(End(Removal, error, out bool isNews));
            Assert.Equal(i == 1, isNews);
            TurnUntilRepeated(i);
            retries.Begin(Removal);
        }

        Assert.False(End(Removal, Errno.None, out _));
        Assert.False(retries.IsWaiting);
        Assert.Equal([Removal, Removal], repeated);
    }

    [Fact]
    public void What_will_not_pass_is_not_asked_again()
    {
        retries.Begin(Removal);
        Assert.False(End(Removal, Errno.EPERM, out bool isNews));
        Assert.True(isNews);
        Assert.False(retries.IsWaiting);
    }

    [Fact]
    public void A_route_is_asked_for_again_while_its_address_may_be_on_its_way_but_not_for_ever()
    {
        ModelOutput.AddRoute output = new(Route);
        retries.Begin(output);
        int tries = 0;
        while (End(output, Errno.ENETUNREACH, out _))
        {
            tries++;
            Assert.InRange(tries, 1, 6);
        }

        Assert.Equal(6, tries);
        retries.Begin(new ModelOutput.RemoveRoute(Route));
        Assert.False(End(new ModelOutput.RemoveRoute(Route), Errno.ENETUNREACH, out _));
    }

    [Fact]
    public void Nothing_is_asked_again_once_something_else_is_wanted_of_the_same_address()
    {
        retries.Begin(Removal);
        Assert.True(End(Removal, Errno.EAGAIN, out _));
        ModelOutput.AddAddress wanted = new(2, new AddressPlan(Prefix, null, Instant.Never));
        retries.Begin(wanted);
        Assert.False(End(Removal, Errno.EAGAIN, out _));
        Assert.False(End(wanted, Errno.None, out _));
        Assert.False(retries.IsWaiting);

        ModelOutput.AddRoute other = new(Route);
        retries.Begin(other);
        Assert.True(End(other, Errno.EAGAIN, out _));
        TurnUntilRepeated(1);
        Assert.Same(other, Assert.Single(repeated));
    }

    private bool End(ModelOutput output, Errno error, out bool isNews) =>
        retries.End(output, error == Errno.None ? NetlinkError.None : new NetlinkError((int)error, "", 0), out isNews);

    private void TurnUntilRepeated(int count)
    {
        while (repeated.Count < count)
        {
            loop.Iterate(mayBlock: true);
        }
    }
}
