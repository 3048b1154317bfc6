using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>A pair of links, va (3) and vb (2), on the model; requests by their words' worth.</summary>
internal sealed class NetlinkBench
{
    private readonly ModelSide side = new();

    public NetlinkBench()
    {
        MacAddress.TryParse("02:00:00:00:00:03", out MacAddress first);
        MacAddress.TryParse("02:00:00:00:00:02", out MacAddress second);
        Ask(Requests.AddPair("va", first, "vb", second, NetlinkRequests.New));
    }

    public NetlinkRequests Requests { get; } = new();

    public NetworkStack Network => side.Network;

    public SimulatedLink Va => Network.FindLink("va")!;

    public SimulatedLink Vb => Network.FindLink("vb")!;

    public NetlinkOutcome Ask(NetlinkStep step) => side.Play(step, 0);

    /// <summary>Both ends up: they have their carriers, link-local addresses and routes.</summary>
    public NetlinkBench BothUp()
    {
        Ask(Requests.SetUp(2, isUp: true));
        Ask(Requests.SetUp(3, isUp: true));
        return this;
    }

    public NetlinkOutcome AddAddress(int link, string prefix, int flags = NetlinkRequests.New) =>
        Ask(Requests.AddAddress(Address(link, prefix) with { Flags = flags }));

    public NetlinkOutcome DeleteAddress(int link, string prefix) => Ask(Requests.DeleteAddress(Address(link, prefix)));

    public NetlinkOutcome AddRoute(string prefix, int? link = null, string? gateway = null, int flags = NetlinkRequests.New, uint? metric = null) =>
        Ask(Requests.AddRoute(Route(prefix, link, gateway) with { Flags = flags, Metric = metric }));

    public NetlinkOutcome DeleteRoute(string prefix) =>
        Ask(Requests.DeleteRoute(Route(prefix, null, null) with { Protocol = 0, Type = 0, Scope = RouteScope.Nowhere }));

    public List<string> Routes() => side.Dump(MessageType.GetRoute);

    public void Advance(TimeSpan span) => Network.Machine.AdvanceTo(Network.Machine.Monotonic.Now + span);

    private static AddressRequest Address(int link, string text)
    {
        IpPrefix prefix = IpPrefix.Parse(text);
        return new AddressRequest(link, prefix.Address, prefix.Length);
    }

    private static RouteRequest Route(string prefix, int? link, string? gateway) => new(IpPrefix.Parse(prefix))
    {
        Table = MainTable,
        Type = (byte)RouteType.Unicast,
        Protocol = 4,
        Output = link,
        Gateway = gateway is null ? null : IpAddress.Parse(gateway),
    };

    private const uint MainTable = 254;
}
