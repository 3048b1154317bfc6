using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network;

/// <summary>IPv4's local and main table, which Linux looks up as one until a rule is added or deleted; all of it seen on the running kernel.</summary>
public sealed class JoinedTablesTests
{
    private const int Loopback = 1;
    private const int OnVa = 3;
    private const uint Other = 77;
    private readonly NetlinkBench bench = new();
    private int made;

    [Fact]
    public void Before_the_machine_has_an_address_no_address_is_its_own()
    {
        bench.BothUp();
        AddLocal("10.0.1.2/31", Route.MainTable);
        Assert.False(TakesSource("10.0.1.2", Route.MainTable));
        Assert.Equal(RouteType.Local, TypeOfRouteTo("10.0.1.2"));
        bench.Ask(bench.Requests.SetUp(Loopback, isUp: true));
        Assert.True(TakesSource("10.0.1.2", Route.MainTable));
    }

    [Fact]
    public void A_route_of_the_main_table_makes_an_address_the_machines_own_until_the_tables_are_split()
    {
        Begin();
        AddLocal("10.0.1.2/31", Route.MainTable);
        Assert.True(TakesSource("10.0.1.2", Route.MainTable));
        Assert.True(TakesSource("10.0.1.2", Other));
        Split();
        Assert.False(TakesSource("10.0.1.2", Route.MainTable));
        Assert.False(TakesSource("10.0.1.2", Other));
        Assert.Equal(RouteType.Local, TypeOfRouteTo("10.0.1.2"));
    }

    [Fact]
    public void An_address_that_another_table_makes_the_machines_own_is_so_for_that_tables_routes_alone()
    {
        Begin();
        AddLocal("10.0.2.2/31", Other);
        Assert.False(TakesSource("10.0.2.2", Route.MainTable));
        Assert.True(TakesSource("10.0.2.2", Other));
    }

    [Fact]
    public void The_longer_prefix_wins_whichever_table_it_is_in_and_of_two_as_long_that_of_the_local_table()
    {
        Begin();
        AddLocal("10.3.0.0/24", Route.LocalTable);
        Assert.Equal(0, bench.AddRoute("10.3.0.7/32", OnVa).Error);
        Assert.Equal(0, bench.AddRoute("10.3.0.0/24", OnVa).Error);
        Assert.Equal((RouteType.Unicast, false), (TypeOfRouteTo("10.3.0.7"), TakesSource("10.3.0.7", Route.MainTable)));
        Assert.Equal((RouteType.Local, true), (TypeOfRouteTo("10.3.0.8"), TakesSource("10.3.0.8", Route.MainTable)));
        Split();
        Assert.Equal((RouteType.Local, true), (TypeOfRouteTo("10.3.0.7"), TakesSource("10.3.0.7", Route.MainTable)));
    }

    [Fact]
    public void The_main_table_is_there_with_the_local_one()
    {
        Assert.False(bench.Network.Routes4.Tables.HasTable(Route.MainTable));
        bench.Ask(bench.Requests.SetUp(Loopback, isUp: true));
        Assert.True(bench.Network.Routes4.Tables.HasTable(Route.MainTable));
    }

    private void Begin()
    {
        bench.BothUp().AddAddress(OnVa, "10.1.0.1/24");
        bench.Ask(bench.Requests.SetUp(Loopback, isUp: true));
    }

    // A rule that nothing meets.
    private void Split() => Assert.Equal(0, bench.Ask(bench.Requests.AddRule(new RuleRequest(IsV6: false)
    {
        Table = Other, Action = 1, Mark = 5, Priority = 100, Flags = NetlinkRequests.New,
    })).Error);

    private void AddLocal(string prefix, uint table) => Assert.Equal(0, bench.Ask(bench.Requests.AddRoute(new RouteRequest(IpPrefix.Parse(prefix))
    {
        Type = (byte)RouteType.Local, Scope = RouteScope.Host, Table = table, Output = Loopback, Flags = NetlinkRequests.New,
    })).Error);

    private bool TakesSource(string source, uint table) => bench.Ask(bench.Requests.AddRoute(new RouteRequest(IpPrefix.Parse($"172.{16 + made++}.0.0/16"))
    {
        Type = (byte)RouteType.Unicast, Scope = RouteScope.Link, Table = table, Output = OnVa, Source = IpAddress.Parse(source), Flags = NetlinkRequests.New,
    })).Error == 0;

    private RouteType TypeOfRouteTo(string destination)
    {
        Assert.True(bench.Network.FindRoute(new RouteQuery(IpAddress.Parse(destination)), out RouteChoice choice, out _));
        return choice.Type;
    }
}
