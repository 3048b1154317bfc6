using Spindle.Basics;
using Spindle.Model;

namespace Model.Tests;

public sealed class LinkPolicyTests
{
    [Theory]
    [InlineData("eth0", "", true)]
    [InlineData("enp3s0", "", true)]
    [InlineData("usb0", "", true)]
    [InlineData("foo", "", true)]
    [InlineData("kifb", "macvlan", true)]
    [InlineData("tun5", "tun", true)]
    [InlineData("eth0", "veth", true)]
    [InlineData("lan1", "veth", true)]
    [InlineData("veth12", "veth", false)]
    [InlineData("cni1234", "veth", false)]
    [InlineData("docker0", "bridge", false)]
    [InlineData("vx0", "vxlan", false)]
    [InlineData("dummy7", "dummy", false)]
    [InlineData("virbr0", "", false)]
    [InlineData("ve-a", "", false)]
    [InlineData("hamachi", "", false)]
    public void Links_are_managed_by_name_and_kind(string name, string kind, bool isManaged)
    {
        LinkFacts link = new(1, name, World.Mac) { Kind = kind };
        Assert.Equal(isManaged, LinkPolicy.Refusal(link, new ModelConfiguration()) is null);
    }

    [Fact]
    public void Ports_of_bridges_and_wireless_devices_are_left_alone()
    {
        ModelConfiguration rules = new();
        Assert.NotNull(LinkPolicy.Refusal(new LinkFacts(1, "eth0", World.Mac) { MasterIndex = 3 }, rules));
        Assert.NotNull(LinkPolicy.Refusal(new LinkFacts(1, "wlan0", World.Mac) { DeviceType = "wlan" }, rules));
        Assert.NotNull(LinkPolicy.Refusal(new LinkFacts(1, "sit0", default) { IsEthernet = false }, rules));
    }

    [Fact]
    public void The_command_line_names_and_excludes()
    {
        ModelConfiguration only = new() { OnlyInterfaces = ["eth*", "veth7"] };
        Assert.Null(LinkPolicy.Refusal(new LinkFacts(1, "eth3", World.Mac), only));
        Assert.NotNull(LinkPolicy.Refusal(new LinkFacts(1, "enp1s0", World.Mac), only));
        Assert.Null(LinkPolicy.Refusal(new LinkFacts(1, "veth7", World.Mac) { Kind = "veth" }, only));
        Assert.NotNull(LinkPolicy.Refusal(
            new LinkFacts(1, "eth3", World.Mac), new ModelConfiguration { ExceptInterfaces = ["eth?"] }));
    }
}
