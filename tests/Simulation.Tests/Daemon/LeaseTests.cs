using System;
using Spindle.Simulation.Actors.Dhcp;
using Spindle.Simulation.Network;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Daemons;

/// <summary>The daemon with leases that change.</summary>
public sealed class LeaseTests
{
    [Fact]
    public void A_server_that_forgets_the_mask_for_a_while_does_not_cost_the_routes()
    {
        DhcpServer? server = null;
        DhcpServerSettings? good = null;
        DaemonLife life = new(50);
        life.Plug("eth0", NetworkKind.Corporate, site =>
        {
            server = site.DhcpServers[0];
            server.Settings = good = server.Settings with { LeaseTime = TimeSpan.FromSeconds(120), RenewalTime = null, RebindingTime = null, Lie = DhcpLie.None };
        });
        life.Start();
        life.Run(TimeSpan.FromMinutes(1));
        life.AssertSaid("10.1.1.0/22");
        Assert.Equal(2, OwnRoutes(life));

        server!.Settings = good! with { Lie = DhcpLie.NoSubnetMask, LiePerMillion = 1_000_000 };
        life.Run(TimeSpan.FromMinutes(1));
        life.AssertSaid("10.1.1.0/8"); // the mask of its class
        Assert.Equal(2, OwnRoutes(life));

        server.Settings = good;
        life.Lines.Clear();
        life.Run(TimeSpan.FromMinutes(5));
        life.AssertSaid("10.1.1.0/22");
        life.AssertSaid("Ready -> Online");
        Assert.Equal(2, OwnRoutes(life));
    }

    private static int OwnRoutes(DaemonLife life)
    {
        int count = 0;
        foreach (Route route in life.Machine.Network.Routes4.Tables.Of(Route.MainTable))
        {
            count += route.Protocol == 158 ? 1 : 0;
        }

        return count;
    }
}
