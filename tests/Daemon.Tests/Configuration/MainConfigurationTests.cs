using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.CommandLine;
using Spindle.Daemon.Configuration;
using Spindle.Model;

namespace Spindle.Daemon.Tests.Configuration;

public sealed class MainConfigurationTests
{
    [Fact]
    public void An_empty_file_says_the_defaults()
    {
        MainConfiguration configuration = Parse("", out var remarks);
        Assert.Empty(remarks);
        Assert.Empty(MainConfigurationChanges.Between(new MainConfiguration(), configuration));
        Assert.Equal(OnlineCheckMode.OneShot, configuration.OnlineCheckMode);
        Assert.Equal(
            ["vmnet", "vboxnet", "virbr", "ifb", "ve-", "vb-", "ham", "veth"], configuration.NetworkInterfaceBlacklist.ToArray());
    }

    [Fact]
    public void Every_key_is_read()
    {
        const string Text = """
            [General]
            InputRequestTimeout = 60
            BrowserLaunchTimeout = 61
            BackgroundScanning = false
            UseGatewaysAsTimeservers = true
            FallbackTimeservers = ntp.test, 192.0.2.1
            FallbackNameservers = 192.0.2.2,2001:db8::1
            DefaultAutoConnectTechnologies = ethernet
            DefaultEnabledTechnologies = ethernet,wifi
            DefaultFavoriteTechnologies = ethernet,wifi
            PreferredTechnologies = wifi,ethernet
            AlwaysConnectedTechnologies = ethernet
            NetworkInterfaceBlacklist = veth,docker
            AllowHostnameUpdates = false
            AllowDomainnameUpdates = false
            SingleConnectedTechnology = true
            TetheringTechnologies = ethernet
            PersistentTetheringMode = true
            Enable6to4 = true
            VendorClassID = acme phone
            OnlineCheckMode = continuous
            OnlineCheckIPv4URL = http://a.test/x
            OnlineCheckIPv6URL = http://b.test:8080
            OnlineCheckConnectTimeout = 2.5
            OnlineCheckInitialInterval = 2
            OnlineCheckMaxInterval = 20
            OnlineCheckFailuresThreshold = 3
            OnlineCheckSuccessesThreshold = 4
            OnlineCheckIntervalStyle = fibonacci
            AutoConnectRoamingServices = true
            AddressConflictDetection = true
            Localtime = /x/localtime
            RegdomFollowsTimezone = true
            ResolvConf = /run/x/resolv.conf
            """;
        MainConfiguration configuration = Parse(Text, out var remarks);
        Assert.DoesNotContain(remarks, remark => remark.IsMistake);

        // Whatever is not different from its default was not read.
        IEnumerable<string> changed = MainConfigurationChanges.Between(new MainConfiguration(), configuration).Select(change => change.Name);
        Assert.Equal(Text.Split('\n').Skip(1).Select(line => line.Split('=')[0].Trim()).Order(), changed.Order());
        Assert.Equal(["ntp.test", "192.0.2.1"], configuration.FallbackTimeservers.ToArray());
        Assert.Equal([IpAddress.Parse("192.0.2.2"), IpAddress.Parse("2001:db8::1")], configuration.FallbackNameservers.ToArray());
        Assert.Equal(TimeSpan.FromSeconds(2.5), configuration.OnlineCheckConnectTimeout);
        Assert.Equal("acme phone", configuration.VendorClassId);
        Assert.Equal(OnlineCheckIntervalStyle.Fibonacci, configuration.OnlineCheckIntervalStyle);
    }

    [Theory]
    [InlineData("BrowserLaunchTimeout=soon", "not a whole number")]
    [InlineData("BrowserLaunchTimeout=0", "from 1 to 86400")]
    [InlineData("BrowserLaunchTimeout=-5", "from 1 to 86400")]
    [InlineData("BrowserLaunchTimeout=99999999999", "not a whole number")]
    [InlineData("AllowHostnameUpdates=yes", "neither true nor false")]
    [InlineData("AllowHostnameUpdates=", "neither true nor false")]
    [InlineData("PreferredTechnologies=ethernet,token-ring", "names 'token-ring', which is none of ethernet, wifi")]
    [InlineData("OnlineCheckMode=always", "is 'always', which is none of none, one-shot, continuous")]
    [InlineData("OnlineCheckIntervalStyle=square", "none of geometric, fibonacci")]
    [InlineData("OnlineCheckIPv4URL=https://x.test/", "no http URL")]
    [InlineData("OnlineCheckIPv4URL=http:///x", "no http URL")]
    [InlineData("OnlineCheckIPv6URL=", "no http URL")]
    [InlineData("OnlineCheckConnectTimeout=-1", "number of seconds from 0 to 3600")]
    [InlineData("OnlineCheckConnectTimeout=1e9", "number of seconds from 0 to 3600")]
    [InlineData("OnlineCheckConnectTimeout=4000", "number of seconds from 0 to 3600")]
    [InlineData("OnlineCheckMaxInterval=0", "from 1 to 3600")]
    [InlineData("OnlineCheckFailuresThreshold=0", "from 1 to 1000")]
    [InlineData("ResolvConf=resolv.conf", "no absolute path")]
    [InlineData("VendorClassID=a\\nb", "control characters")]
    [InlineData("VendorClassID=a\\xb", "unknown escape")]
    [InlineData("EnableOnlineCheck=maybe", "neither true nor false")]
    public void A_bad_value_is_refused_with_its_line_and_the_default_stays(string line, string reason)
    {
        MainConfiguration configuration = Parse($"# c\n[General]\nAddressConflictDetection=true\n{line}\n", out var remarks);
        ConfigurationRemark remark = Assert.Single(remarks);
        Assert.True(remark.IsMistake);
        Assert.Equal(4, remark.Line);
        Assert.Contains(reason, remark.Reason, StringComparison.Ordinal);
        Assert.StartsWith("main.conf:4: ", remark.ToString(), StringComparison.Ordinal);
        MainKeyChange change = Assert.Single(MainConfigurationChanges.Between(new MainConfiguration(), configuration));
        Assert.Equal("AddressConflictDetection", change.Name);
    }

    [Fact]
    public void A_value_that_is_too_long_is_refused()
    {
        Assert.Null(Parse($"[General]\nVendorClassID={new string('x', 256)}\n", out var remarks).VendorClassId);
        Assert.Contains("longer than 255 octets", Assert.Single(remarks).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_keys_and_groups_are_remarked_and_nothing_else()
    {
        MainConfiguration configuration = Parse("[General]\nFoo=1\nOnlineCheckMode=none\n[Other]\na=b\n", out var remarks);
        Assert.Equal(OnlineCheckMode.None, configuration.OnlineCheckMode);
        Assert.Equal(
            ["main.conf:2: unknown key 'Foo' is ignored", "main.conf: unknown group '[Other]' is ignored"],
            remarks.Select(remark => remark.ToString()));
    }

    [Fact]
    public void What_is_no_key_file_is_refused_whole()
    {
        byte[] octets = "[General]\nOnlineCheckMode=none\nnonsense\n"u8.ToArray();
        Assert.False(MainConfigurationParser.TryParse("main.conf", octets, out MainConfiguration? configuration, out var remarks));
        Assert.Null(configuration);
        Assert.Equal(3, Assert.Single(remarks).Line);
    }

    [Theory]
    [InlineData("BackgroundScanning=true")]
    [InlineData("TetheringTechnologies=wifi")]
    [InlineData("Enable6to4=false")]
    [InlineData("Localtime=/etc/localtime")]
    [InlineData("RegdomFollowsTimezone=true")]
    [InlineData("InputRequestTimeout=10")]
    [InlineData("SingleConnectedTechnology=true")]
    public void Keys_of_features_that_are_not_here_say_so(string line)
    {
        Parse($"[General]\n{line}\n", out var remarks);
        ConfigurationRemark remark = Assert.Single(remarks);
        Assert.False(remark.IsMistake);
        Assert.Contains("not here yet", remark.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", OnlineCheckMode.OneShot, 0)]
    [InlineData("EnableOnlineCheck=true", OnlineCheckMode.OneShot, 1)]
    [InlineData("EnableOnlineCheck=false", OnlineCheckMode.None, 1)]
    [InlineData("EnableOnlineToReadyTransition=true", OnlineCheckMode.Continuous, 1)]
    [InlineData("EnableOnlineCheck=true\nEnableOnlineToReadyTransition=true", OnlineCheckMode.Continuous, 2)]
    [InlineData("EnableOnlineCheck=false\nEnableOnlineToReadyTransition=true", OnlineCheckMode.None, 2)]
    [InlineData("OnlineCheckMode=one-shot\nEnableOnlineCheck=false", OnlineCheckMode.OneShot, 1)]
    [InlineData("EnableOnlineCheck=false\nOnlineCheckMode=continuous", OnlineCheckMode.Continuous, 1)]
    public void Deprecated_keys_say_the_mode_unless_the_new_one_does(string lines, OnlineCheckMode mode, int remarkCount)
    {
        Assert.Equal(mode, Parse($"[General]\n{lines}\n", out var remarks).OnlineCheckMode);
        Assert.Equal(remarkCount, remarks.Length);
        Assert.All(remarks, remark => Assert.Contains("deprecated", remark.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Fallback_name_servers_that_are_names_are_left_out_as_in_ConnMan()
    {
        MainConfiguration configuration = Parse("[General]\nFallbackNameservers=dns.test,192.0.2.1,0.0.0.0\n", out var remarks);
        Assert.Equal([IpAddress.Parse("192.0.2.1")], configuration.FallbackNameservers.ToArray());
        Assert.Contains("'dns.test', which is no address", Assert.Single(remarks).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_list_is_a_list_and_replaces_the_default()
    {
        MainConfiguration configuration = Parse("[General]\nNetworkInterfaceBlacklist=\nDefaultAutoConnectTechnologies=\n", out var remarks);
        Assert.Empty(remarks);
        Assert.Empty(configuration.NetworkInterfaceBlacklist);
        Assert.Empty(configuration.DefaultAutoConnectTechnologies);
    }

    [Fact]
    public void Intervals_in_the_wrong_order_are_refused_together()
    {
        MainConfiguration configuration = Parse("[General]\nOnlineCheckInitialInterval=5\nOnlineCheckMaxInterval=4\n", out var remarks);
        Assert.Equal((1, 12), (configuration.OnlineCheckInitialInterval, configuration.OnlineCheckMaxInterval));
        Assert.True(Assert.Single(remarks).IsMistake);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("ResolvConf=", "")]
    [InlineData("ResolvConf=/dev/null", "")]
    [InlineData("ResolvConf=/a/b", "/a/b")]
    public void Where_resolv_conf_goes_is_unset_nowhere_or_a_path(string line, string? path) =>
        Assert.Equal(path, Parse($"[General]\n{line}\n", out _).ResolvConf);

    [Fact]
    public void Of_a_key_that_stands_twice_the_last_one_counts() =>
        Assert.Equal(OnlineCheckMode.None, Parse("[General]\nOnlineCheckMode=bad\nOnlineCheckMode=none\n", out _).OnlineCheckMode);

    [Fact]
    public void Changes_say_when_they_take_effect()
    {
        MainConfiguration before = Parse("", out _);
        MainConfiguration after = Parse("[General]\nOnlineCheckMode=none\nResolvConf=/x\nEnable6to4=true\n", out _);
        Assert.Equal(
            [
                "Enable6to4: 'false' -> 'true', has no effect yet",
                "OnlineCheckMode: 'one-shot' -> 'none'",
                "ResolvConf: '(unset)' -> '/x', takes effect at the next start",
            ],
            MainConfigurationChanges.Between(before, after).Select(change => change.ToString()));
        MainConfiguration live = MainConfigurationChanges.LivePart(before, after);
        Assert.Equal(OnlineCheckMode.None, live.OnlineCheckMode);
        Assert.Null(live.ResolvConf);
    }

    [Fact]
    public void The_live_part_of_a_change_leaves_out_just_the_keys_that_need_a_restart()
    {
        MainConfiguration before = Parse("", out _);
        MainConfiguration after = Parse("[General]\nDefaultEnabledTechnologies=\nResolvConf=/x\nFallbackTimeservers=a\n", out _);
        ImmutableArray<MainKeyChange> changes = MainConfigurationChanges.Between(before, MainConfigurationChanges.LivePart(before, after));
        Assert.Equal(MainKeyEffect.Live, Assert.Single(changes).Effect);
    }

    [Fact]
    public void The_model_gets_what_concerns_it()
    {
        MainConfiguration configuration = Parse(
            "[General]\nOnlineCheckMode=none\nPreferredTechnologies=ethernet\nFallbackNameservers=192.0.2.1\nAllowHostnameUpdates=false\n", out _);
        DaemonOptions options = new() { Devices = ["eth*"], NoDevices = ["eth9"] };
        ModelConfiguration model = ModelConfigurationMapping.ToModel(configuration, options, "eth5");
        Assert.False(model.OnlineCheck);
        Assert.False(model.HostNameUpdates);
        Assert.True(model.DomainNameUpdates);
        Assert.Equal(["ethernet"], model.Preferred.ToArray());
        Assert.Equal([IpAddress.Parse("192.0.2.1")], model.FallbackNameservers.ToArray());
        Assert.Equal(["eth*"], model.OnlyInterfaces.ToArray());
        Assert.Equal(["eth9"], model.ExceptInterfaces.ToArray());
        Assert.Equal("eth5", model.RootInterface);
    }

    [Fact]
    public void The_models_own_defaults_are_those_of_main_conf()
    {
        ModelConfiguration mapped = ModelConfigurationMapping.ToModel(new MainConfiguration(), new DaemonOptions(), null);
        ModelConfiguration own = new();
        Assert.Equal(own.InterfaceBlacklist.ToArray(), mapped.InterfaceBlacklist.ToArray());
        Assert.Equal(own.DefaultAutoConnect.ToArray(), mapped.DefaultAutoConnect.ToArray());
        Assert.Equal(own.DefaultEnabled.ToArray(), mapped.DefaultEnabled.ToArray());
        Assert.Equal(own.DefaultFavorite.ToArray(), mapped.DefaultFavorite.ToArray());
        Assert.Equal(
            (own.OnlineCheck, own.HostNameUpdates, own.DomainNameUpdates, own.GatewaysAreTimeservers),
            (mapped.OnlineCheck, mapped.HostNameUpdates, mapped.DomainNameUpdates, mapped.GatewaysAreTimeservers));
    }

    private static MainConfiguration Parse(string text, out ImmutableArray<ConfigurationRemark> remarks)
    {
        Assert.True(MainConfigurationParser.TryParse("main.conf", Encoding.UTF8.GetBytes(text), out MainConfiguration? configuration, out remarks));
        return configuration;
    }
}
