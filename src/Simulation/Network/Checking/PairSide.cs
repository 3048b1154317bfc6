using System;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Checking;

/// <summary>A side with a pair of links, <c>va</c> and <c>vb</c>, which nobody asks for routers or checks addresses on, and with
/// what it tells of links, addresses and routes.</summary>
internal abstract class PairSide : CheckSide
{
    /// <summary>Settings of links, by their names.</summary>
    protected const string SettingsOfLinks = "/proc/sys/net/ipv6/conf/";

    private readonly GroupWatch groups;

    protected PairSide(Kernel kernel, Action<TimeSpan> pass)
        : base(kernel, pass)
    {
        groups = new GroupWatch(kernel, Require(kernel.Socket(AddressFamily.Netlink, SocketType.Raw, 0)));
        WriteFile(SettingsOfLinks + "all/accept_dad", "0"); // whose delay is drawn
        WriteFile(SettingsOfLinks + "default/accept_dad", "0");
        NetlinkRequests make = new();
        Demand(make.SetUp("lo", true));
        Demand(make.AddPair("vb", MacAddress.Read([2, 0, 0, 0, 9, 2]), "va", MacAddress.Read([2, 0, 0, 0, 9, 1]), NetlinkRequests.New));
        WriteFile(SettingsOfLinks + "va/router_solicitations", "0"); // when they go out is drawn
        WriteFile(SettingsOfLinks + "vb/router_solicitations", "0");
    }

    public override void Dispose()
    {
        groups.Dispose();
        base.Dispose();
    }

    /// <summary>What the groups were told, in order.</summary>
    public virtual string Happened()
    {
        Pass(TimeSpan.FromMilliseconds(2));
        StringBuilder text = new();
        groups.AppendTo(text);
        return text.ToString();
    }

    /// <summary>The same once more: the kernel tells of some things from workers.</summary>
    public string Late() => Happened();

    /// <summary>Both links are switched on, and what comes of that is over.</summary>
    protected void SetUpPair()
    {
        NetlinkRequests make = new();
        Demand(make.SetUp("vb", true));
        Demand(make.SetUp("va", true));
        Pass(NetlinkStep.FirstLook);
        Happened();
    }
}
