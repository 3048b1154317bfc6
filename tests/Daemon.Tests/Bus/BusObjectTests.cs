using System;
using System.Linq;
using Spindle.DBus;
using Spindle.DBus.Tests;
using Spindle.Model;

namespace Spindle.Daemon.Tests.Bus;

public sealed class BusObjectTests : IDisposable
{
    private readonly BusWorld world = new BusWorld().Connected();

    public void Dispose() => world.Dispose();

    [Fact]
    public void A_service_has_connmans_properties_in_connmans_order()
    {
        Received answer = world.Ask("/", "Manager", "GetServices");
        Assert.Equal("a(oa{sv})", answer.Signature);
        BusValue service = Assert.Single(answer.Values[0].Items);
        Assert.True(service.Items[0].TryGetObjectPath(out string? path));
        Assert.Equal(BusWorld.Wired, path);
        Assert.Equal(
            "Type Security State Favorite Immutable AutoConnect Name Ethernet IPv4 IPv4.Configuration IPv6 IPv6.Configuration "
            + "Nameservers Nameservers.Configuration Timeservers Timeservers.Configuration Domains Domains.Configuration "
            + "Proxy Proxy.Configuration mDNS mDNS.Configuration",
            string.Join(" ", service.Items[1].Items.Select(static e => e.Items[0].TryGetString(out string? key) ? key : "?")));
        Assert.True(service.Items[1].TryGetEntry("IPv4", out BusValue? ipv4));
        Assert.True(ipv4.TryGetEntry("Netmask", out BusValue? netmask));
        Assert.True(netmask.TryGetString(out string? mask));
        Assert.Equal("255.255.255.0", mask);
    }

    [Theory]
    [InlineData("State", "InvalidProperty")]
    [InlineData("NoSuch", "InvalidProperty")]
    [InlineData("AutoConnect", "InvalidArguments")]
    [InlineData("Nameservers.Configuration", "InvalidArguments")]
    [InlineData("IPv4.Configuration", "InvalidArguments")]
    [InlineData("IPv6.Configuration", "InvalidArguments")]
    [InlineData("Proxy.Configuration", "InvalidArguments")]
    public void A_property_of_another_type_or_name_is_refused(string name, string error) =>
        Assert.Equal("net.connman.Error." + error, world.Set(name, static writer => writer.WriteVariant("text")));

    [Theory]
    [InlineData("IPv4.Configuration", "auto", "", "NotSupported")]
    [InlineData("IPv4.Configuration", "fixed", "10.0.0.9", "InvalidArguments")]
    [InlineData("IPv4.Configuration", "bogus", "", "InvalidArguments")]
    [InlineData("IPv4.Configuration", "manual", "", "InvalidArguments")]
    [InlineData("IPv4.Configuration", "manual", "10.0.0.300", "InvalidArguments")]
    [InlineData("IPv4.Configuration", "manual", "::1", "InvalidArguments")]
    [InlineData("IPv6.Configuration", "dhcp", "", "NotSupported")]
    [InlineData("IPv6.Configuration", "manual", "10.0.0.9", "InvalidArguments")]
    [InlineData("IPv4.Configuration", "manual", "10.0.0.9", "")]
    [InlineData("IPv4.Configuration", "off", "", "")]
    [InlineData("IPv6.Configuration", "auto", "", "")]
    public void Address_configurations_are_judged_as_connman_does(string name, string method, string address, string error)
    {
        string got = world.Set(name, writer => writer.WriteVariant((method, address), static (it, entries) =>
        {
            entries.Entry("Method", it.method);
            if (it.address.Length > 0)
            {
                entries.Entry("Address", it.address);
            }
        }));
        Assert.Equal(error.Length == 0 ? "" : "net.connman.Error." + error, got);
    }

    [Fact]
    public void Bad_name_servers_are_dropped_and_good_ones_kept_and_told()
    {
        Assert.Equal("", world.Set("Nameservers.Configuration", static w => w.WriteVariant(["9.9.9.9", "nonsense", "2001:db8::1"])));
        Assert.Equal("9.9.9.9 2001:db8::1", string.Join(" ", world.Model.Services[0].Shown.Nameservers));
        Assert.Contains(world.Done, static o => o is ModelOutput.SaveService);
    }

    [Fact]
    public void Connect_and_disconnect_answer_once_and_in_connmans_words()
    {
        Assert.Equal("net.connman.Error.AlreadyConnected", world.Answer(BusWorld.Wired, "Service", "Connect").ErrorName);
        Assert.Equal("", world.Answer(BusWorld.Wired, "Service", "Disconnect").ErrorName);
        Received again = world.Answer(BusWorld.Wired, "Service", "Disconnect");
        Assert.Equal("net.connman.Error.NotConnected", again.ErrorName);
        Assert.Equal("Not connected", again.Text);
        Assert.Equal("net.connman.Error.NotSupported", world.Answer(BusWorld.Wired, "Service", "Remove").ErrorName);
        Assert.Equal(
            "net.connman.Error.InvalidService",
            world.Answer(BusWorld.Wired, "Service", "MoveBefore", "o", static w => w.WriteObjectPath("/no/such")).ErrorName);
    }

    [Theory]
    [InlineData("CreateSession", "a{sv}o", "NotSupported")]
    [InlineData("DestroySession", "o", "InvalidArguments")]
    [InlineData("ReleasePrivateNetwork", "o", "PermissionDenied")]
    [InlineData("RemoveProvider", "o", "NotFound")]
    [InlineData("UnregisterAgent", "o", "NotRegistered")]
    [InlineData("UnregisterCounter", "o", "NotRegistered")]
    public void Members_of_later_days_and_unknown_ids_say_so(string member, string signature, string error) =>
        Assert.Equal("net.connman.Error." + error, world.Answer("/", "Manager", member, signature, writer =>
        {
            if (signature.StartsWith('a'))
            {
                writer.OpenArray();
                writer.CloseArray();
            }

            writer.WriteObjectPath("/some/thing");
        }).ErrorName);

    [Fact]
    public void A_technology_is_powered_once_and_never_scans()
    {
        Received on = world.Answer(BusWorld.Ethernet, "Technology", "SetProperty", "sv", static writer =>
        {
            writer.WriteString("Powered");
            writer.WriteVariant(true);
        });
        Assert.Equal("net.connman.Error.AlreadyEnabled", on.ErrorName);
        Assert.Equal("net.connman.Error.NotSupported", world.Answer(BusWorld.Ethernet, "Technology", "Scan").ErrorName);
    }

    [Theory]
    [InlineData("TimeserverSynced", "PermissionDenied")]
    [InlineData("Timezone", "PermissionDenied")]
    [InlineData("NoSuch", "InvalidProperty")]
    [InlineData("TimeUpdates", "InvalidArguments")]
    public void The_clock_refuses_what_it_cannot_do(string name, string error) =>
        Assert.Equal("net.connman.Error." + error, world.Answer("/", "Clock", "SetProperty", "sv", writer =>
        {
            writer.WriteString(name);
            writer.WriteVariant("text");
        }).ErrorName);

    [Fact]
    public void A_new_service_is_told_whole_and_its_changes_only_afterwards()
    {
        Assert.DoesNotContain(world.Signals("PropertyChanged"), static s => s.Path == BusWorld.Wired);
        Received told = world.Await("ServicesChanged");
        BusValue service = Assert.Single(told.Values[0].Items);
        Assert.True(service.Items[1].TryGetEntry("State", out BusValue? state) && state.TryGetString(out string? word) && word == "ready");
        world.Submit(new ModelInput.LeaseLost(2));
        Assert.Contains(world.Signals("PropertyChanged"), static s => s.Path == BusWorld.Wired);
        Assert.Contains(world.Signals("PropertiesChanged"), static s => s.Path == BusWorld.Wired);
    }

    [Fact]
    public void Unknown_members_are_answered_with_connmans_text()
    {
        Received answer = world.Ask(BusWorld.Wired, "Service", "Nonsense", "s", static writer => writer.WriteString("x"));
        Assert.Equal("org.freedesktop.DBus.Error.UnknownMethod", answer.ErrorName);
        Assert.Equal(
            "Method \"Nonsense\" with signature \"s\" on interface \"net.connman.Service\" doesn't exist\n", answer.Text);
    }
}
