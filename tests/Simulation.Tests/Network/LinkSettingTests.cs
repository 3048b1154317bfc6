using System.Text;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network;

/// <summary>What is under <c>/proc/sys/net</c> and <c>/sys/class/net</c>, with values that were read off Linux 6.18.</summary>
public sealed class LinkSettingTests
{
    private readonly SimulatedKernel kernel = new();

    [Theory]
    [InlineData("1", 1, "1\n")]
    [InlineData("0\n", 2, "0\n")]
    [InlineData("-1", 2, "-1\n")]
    [InlineData("", 0, "0\n")]
    [InlineData(" 3 ", 3, "3\n")]
    [InlineData("1 2", 2, "1\n")]
    [InlineData("0x1", 3, "1\n")]
    [InlineData("abc", -(int)Errno.EINVAL, "0\n")]
    [InlineData("5x", -(int)Errno.EINVAL, "0\n")]
    [InlineData("99999999999", -(int)Errno.EINVAL, "0\n")]
    public void A_number_is_taken_as_C_writes_it(string text, int expected, string after)
    {
        string path = "/proc/sys/net/ipv6/conf/lo/disable_ipv6";
        Assert.Equal(expected, Write(path, text));
        Assert.Equal(after, Read(path));
    }

    [Fact]
    public void A_value_out_of_its_range_is_refused()
    {
        Assert.Equal(-(int)Errno.EINVAL, Write("/proc/sys/net/ipv6/conf/lo/hop_limit", "256"));
        Assert.Equal(-(int)Errno.EINVAL, Write("/proc/sys/net/ipv6/conf/lo/ra_defrtr_metric", "0"));
        Assert.Equal("1024\n", Read("/proc/sys/net/ipv6/conf/lo/ra_defrtr_metric"));
    }

    [Fact]
    public void A_new_link_has_what_default_says_and_is_found_by_its_new_name()
    {
        NetworkStack network = kernel.Machine.Network;
        Write("/proc/sys/net/ipv6/conf/default/use_tempaddr", "2");
        SimulatedLink link = network.AddLink("eth0", LinkKind.Veth, MacAddress.Read([2, 0, 0, 0, 0, 1]));
        Assert.Equal("2\n", Read("/proc/sys/net/ipv6/conf/eth0/use_tempaddr"));
        network.Control.Rename(link, "lan0");
        Assert.Null(Read("/proc/sys/net/ipv6/conf/eth0/use_tempaddr"));
        Assert.Equal("1\n", Read("/proc/sys/net/ipv6/conf/lan0/accept_ra"));
        Assert.Equal($"INTERFACE=lan0\nIFINDEX={link.Index}\n", Read("/sys/class/net/lan0/uevent"));
        network.RemoveLink(link);
        Assert.Null(Read("/proc/sys/net/ipv6/conf/lan0/accept_ra"));
        Assert.Null(Read("/sys/class/net/lan0/uevent"));
    }

    [Fact]
    public void A_link_with_too_small_an_MTU_has_no_settings_of_IPv6()
    {
        NetworkStack network = kernel.Machine.Network;
        SimulatedLink link = network.AddLink("eth0", LinkKind.Veth, MacAddress.Read([2, 0, 0, 0, 0, 1]));
        network.Control.SetMtu(link, 1000);
        Assert.Null(Read("/proc/sys/net/ipv6/conf/eth0/accept_ra"));
        Assert.Equal("0\n", Read("/proc/sys/net/ipv4/conf/eth0/forwarding"));
        network.Control.SetMtu(link, 1500);
        Assert.Equal("1\n", Read("/proc/sys/net/ipv6/conf/eth0/accept_ra"));
    }

    [Fact]
    public void Disabling_IPv6_takes_addresses_and_routes_and_enabling_brings_what_a_link_is_born_with()
    {
        NetworkStack network = kernel.Machine.Network;
        network.Control.SetUp(network.Loopback, true);
        Assert.NotEmpty(network.Loopback.Addresses6);
        Write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
        Assert.Empty(network.Loopback.Addresses6);
        Assert.Equal("1\n", Read("/proc/sys/net/ipv6/conf/default/disable_ipv6"));
        Write("/proc/sys/net/ipv6/conf/lo/disable_ipv6", "0");
        Assert.NotEmpty(network.Loopback.Addresses6);
    }

    [Fact]
    public void A_number_is_read_at_once_or_not_at_all()
    {
        int file = kernel.Open("/proc/sys/net/ipv6/conf/lo/ra_defrtr_metric", FileFlags.Read).Int;
        byte[] buffer = new byte[2];
        Assert.Equal(2, kernel.Read(file, buffer).Int);
        Assert.Equal("10", Encoding.ASCII.GetString(buffer));
        Assert.Equal(0, kernel.Read(file, buffer).Int);
    }

    [Fact]
    public void A_metric_has_32_bits_without_a_sign_and_what_follows_it_is_taken_as_read()
    {
        const string Metric = "/proc/sys/net/ipv6/conf/lo/ra_defrtr_metric";
        Assert.Equal(10, Write(Metric, "2147483648"));
        Assert.Equal("2147483648\n", Read(Metric));
        Assert.Equal(3, Write(Metric, "5 x"));
        Assert.Equal(-(int)Errno.EINVAL, Write(Metric, "-1"));
    }

    [Fact]
    public void What_is_written_to_IPv4s_default_reaches_links_until_they_have_their_own_or_an_address()
    {
        NetworkStack network = kernel.Machine.Network;
        SimulatedLink addressed = network.AddLink("a", LinkKind.Dummy, MacAddress.Read([2, 0, 0, 0, 0, 1]));
        network.AddLink("b", LinkKind.Dummy, MacAddress.Read([2, 0, 0, 0, 0, 2]));
        network.AddLink("c", LinkKind.Dummy, MacAddress.Read([2, 0, 0, 0, 0, 3]));
        network.Addresses4.Add(new InterfaceAddress(addressed, IpAddress.FromV4(10, 0, 0, 1), 24));
        Write("/proc/sys/net/ipv4/conf/b/rp_filter", "2");
        Write("/proc/sys/net/ipv4/conf/default/rp_filter", "1");
        Assert.Equal("0\n", Read("/proc/sys/net/ipv4/conf/a/rp_filter"));
        Assert.Equal("2\n", Read("/proc/sys/net/ipv4/conf/b/rp_filter"));
        Assert.Equal("1\n", Read("/proc/sys/net/ipv4/conf/c/rp_filter"));
    }

    [Fact]
    public void IPv4_forwarding_for_all_is_each_links_and_takes_redirects_away()
    {
        Write("/proc/sys/net/ipv4/conf/all/forwarding", "1");
        Assert.Equal("1\n", Read("/proc/sys/net/ipv4/conf/lo/forwarding"));
        Assert.Equal("1\n", Read("/proc/sys/net/ipv4/conf/default/forwarding"));
        Assert.Equal("0\n", Read("/proc/sys/net/ipv4/conf/all/accept_redirects"));
        Write("/proc/sys/net/ipv4/conf/default/forwarding", "0");
        Assert.Equal("1\n", Read("/proc/sys/net/ipv4/conf/lo/forwarding"));
    }

    [Fact]
    public void A_link_that_comes_back_to_IPv6_has_what_default_says()
    {
        NetworkStack network = kernel.Machine.Network;
        SimulatedLink link = network.AddLink("eth0", LinkKind.Veth, MacAddress.Read([2, 0, 0, 0, 0, 1]));
        Write("/proc/sys/net/ipv6/conf/eth0/dad_transmits", "7");
        network.Control.SetMtu(link, 1000);
        network.Control.SetMtu(link, 1500);
        Assert.Equal("1\n", Read("/proc/sys/net/ipv6/conf/eth0/dad_transmits"));
    }

    [Fact]
    public void Disabling_IPv6_takes_addresses_of_a_link_that_is_down()
    {
        NetworkStack network = kernel.Machine.Network;
        SimulatedLink link = network.AddLink("eth0", LinkKind.Dummy, MacAddress.Read([2, 0, 0, 0, 0, 1]));
        network.Addresses6.Add(new InterfaceAddress(link, IpAddress.Parse("fd01::1"), 64));
        Write("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", "1");
        Assert.Empty(link.Addresses6);
    }

    private string? Read(string path)
    {
        Result file = kernel.Open(path, FileFlags.Read);
        byte[] buffer = new byte[200];
        return file.IsOk ? Encoding.ASCII.GetString(buffer, 0, kernel.Read(file.Int, buffer).Int) : null;
    }

    private int Write(string path, string text)
    {
        Result file = kernel.Open(path, FileFlags.Write);
        Result written = kernel.Write(file.Int, Encoding.ASCII.GetBytes(text));
        kernel.Close(file.Int);
        return written.IsOk ? written.Int : -(int)written.Error;
    }
}
