using System;
using Spindle.Basics;
using Spindle.Simulation.Actors.Monitors;

namespace Simulation.Tests.Actors;

public sealed class AddressGrantsTests
{
    private static readonly IpAddress Address = IpAddress.Parse("192.0.2.7");
    private static readonly Instant Start = Instant.FromSeconds(1000);

    [Theory]
    [InlineData(1, true)]
    [InlineData(10, false)]
    public void What_was_given_back_just_before_the_end_may_be_unwritten(int secondsToTheEnd, bool isGranted)
    {
        AddressGrants grants = new();
        grants.Add(Address, Start, TimeSpan.FromHours(1));
        grants.Revoke(Address, Start + TimeSpan.FromMinutes(1));
        Assert.False(grants.IsGranted(Address, Start + TimeSpan.FromMinutes(2)));
        grants.Died(Start + TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(secondsToTheEnd));
        Assert.Equal(isGranted, grants.IsGranted(Address, Start + TimeSpan.FromMinutes(2)));
        Assert.False(grants.IsGranted(Address, Start + TimeSpan.FromHours(2)));
    }
}
