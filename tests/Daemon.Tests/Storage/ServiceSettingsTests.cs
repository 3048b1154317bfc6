using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.Storage;
using Spindle.Model;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Tests.Storage;

/// <summary>Against files that ConnMan 1.41 wrote.</summary>
public sealed class ServiceSettingsTests
{
    private const string Ident = "ethernet_020000000001_cable";
    private static readonly DateTime Now = new(2026, 11, 21, 2, 54, 4, DateTimeKind.Utc);

    [Fact]
    public void Manual_settings_of_ConnMan_are_read()
    {
        StoredService service = Read(Fixture("service.2"));
        ServiceConfiguration configuration = service.Configuration;
        Assert.Equal("Wired", service.Name);
        Assert.Equal(Now, service.Modified);
        Assert.False(configuration.AutoConnect);
        Assert.True(configuration.Favorite);
        Assert.Equal(new(Ipv4Method.Manual, IpPrefix.Parse("10.99.0.44/24"), IpAddress.Parse("10.99.0.1")), configuration.Ipv4);
        Assert.Equal(
            new(Ipv6Method.Manual, Ipv6Privacy.Disabled, IpPrefix.Parse("2001:db8::5/64"), IpAddress.Parse("2001:db8::1")), configuration.Ipv6);
        Assert.Equal("1.1.1.1 8.8.8.8", string.Join(' ', configuration.Nameservers));
        Assert.Equal("ntp.test", string.Join(' ', configuration.Timeservers));
        Assert.Equal("foo.test bar.test", string.Join(' ', configuration.Domains));
        Assert.Equal(ProxyMethod.Manual, configuration.Proxy.Method);
        Assert.Equal("http://p:80 x:3", string.Join(' ', configuration.Proxy.Servers));
        Assert.Equal("localhost", string.Join(' ', configuration.Proxy.Excludes));
        Assert.True(configuration.MulticastDns);
        Assert.Null(configuration.LastAddress);
    }

    [Theory]
    [InlineData("service.2")]
    [InlineData("service.4")]
    public void A_file_of_ConnMan_written_back_is_the_same_octet_by_octet(string name)
    {
        string text = Fixture(name);
        Assert.Equal(text, Write(text, Read(text), Now.AddDays(1)));
    }

    [Theory]
    [InlineData("service.2")]
    [InlineData("service.4")]
    public void A_new_file_is_as_ConnMan_writes_it(string name)
    {
        string text = Fixture(name);
        Assert.Equal(text, Write("", Read(text), Now));
    }

    [Fact]
    public void A_list_that_was_cleared_is_empty_once_and_then_gone()
    {
        StoredService cleared = With(Read(Fixture("service.2")), c => c with { Nameservers = [] });
        string first = Write(Fixture("service.2"), cleared, Now);
        Assert.Contains("\nNameservers=\nTimeservers=", first, StringComparison.Ordinal);
        string second = Write(first, cleared, Now);
        Assert.DoesNotContain("Nameservers", second, StringComparison.Ordinal);
        Assert.Equal(second, Write(second, cleared, Now));
    }

    [Fact]
    public void What_ConnMan_did_step_by_step_we_do_as_well()
    {
        // The files are ConnMan's own after these changes: to off, to auto with privacy, a URL; then to manual again.
        StoredService second = Read(Fixture("service.2"));
        StoredService third = Read(Fixture("service.3"));
        string written = Write(Fixture("service.2"), third, Now);
        Assert.Equal(Fixture("service.3"), written);
        StoredService fourth = With(third, c => c with
        {
            Ipv4 = second.Configuration.Ipv4 with { Gateway = null },
        });
        Assert.Equal(Fixture("service.4"), Write(written, fourth, Now));
    }

    [Fact]
    public void Dhcp_keeps_the_last_address_and_drops_the_static_one()
    {
        StoredService service = With(Read(Fixture("service.2")), c => c with
        {
            Ipv4 = new(Ipv4Method.Dhcp),
            LastAddress = IpAddress.Parse("10.99.0.95"),
        });
        string text = Write(Fixture("service.2"), service, Now);
        Assert.Contains("\nIPv4.method=dhcp\nIPv4.DHCP.LastAddress=10.99.0.95\nIPv6.method=", text, StringComparison.Ordinal);
        Assert.Equal(IpAddress.Parse("10.99.0.95"), Read(text).Configuration.LastAddress);
    }

    [Fact]
    public void The_time_stamp_moves_with_what_the_user_changed_not_with_the_last_address()
    {
        string text = Fixture("service.4");
        StoredService service = Read(text);
        string leased = Write(text, With(service, c => c with { LastAddress = IpAddress.Parse("10.0.0.1") }), Now.AddHours(1));
        Assert.Equal(Now, Read(leased).Modified);
        string changed = Write(text, With(service, c => c with { AutoConnect = true }), Now.AddHours(1));
        Assert.Equal(Now.AddHours(1), Read(changed).Modified);
    }

    [Fact]
    public void Keys_and_groups_and_comments_that_are_not_ours_stay()
    {
        string text = $"# mine\n[other]\nx=1\n\n[{Ident}]\nName=Wired\nFuture.Key=7\nAutoConnect=true\n#c\nPassphrase=p\\nq\nIPv4.method=off\n";
        string written = Write(text, With(Read(text), c => c with { Ipv4 = new(Ipv4Method.Dhcp) }), Now);
        Assert.Equal(
            $"# mine\n[other]\nx=1\n\n[{Ident}]\nName=Wired\nFuture.Key=7\nAutoConnect=true\nModified=2026-11-21T02:54:04Z\n#c\n"
            + "Passphrase=p\\nq\nIPv4.method=dhcp\nIPv6.method=auto\nIPv6.privacy=disabled\n",
            written);
    }

    [Fact]
    public void Provisioning_leaves_its_mark()
    {
        StoredService service = new(new ServiceConfiguration()) { ConfigFile = "office", ConfigEntry = "desk" };
        string text = Write("", service, Now);
        Assert.EndsWith("\nConfig.file=office\nConfig.ident=desk\n", text, StringComparison.Ordinal);
        Assert.Equal(("office", "desk"), (Read(text).ConfigFile, Read(text).ConfigEntry));
        Assert.DoesNotContain("Config.", Write(text, service with { ConfigFile = null, ConfigEntry = null }, Now), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AutoConnect=maybe")]
    [InlineData("IPv4.method=bogus")]
    [InlineData("IPv4.method=manual")]
    [InlineData("IPv4.method=manual\nIPv4.local_address=1.2.3.4\nIPv4.netmask_prefixlen=33")]
    [InlineData("IPv4.method=manual\nIPv4.local_address=::1\nIPv4.netmask_prefixlen=24")]
    [InlineData("IPv6.method=bogus")]
    [InlineData("IPv6.method=manual\nIPv6.local_address=2001:db8::1")]
    [InlineData("Nameservers=dns.test;")]
    [InlineData("mDNS=2")]
    [InlineData("IPv4.DHCP.LastAddress=here")]
    [InlineData("Name=\\q")]
    [InlineData("Domains=a\\q;")]
    public void What_makes_no_sense_is_left_out_and_told_and_the_rest_counts(string lines)
    {
        List<KeyFileError> defects = [];
        StoredService? service = ServiceSettings.Read(Document($"[{Ident}]\n{lines}\nTimeservers=ntp.test;\n"), Ident, defects);
        Assert.NotEmpty(defects);
        Assert.NotNull(service);
        ServiceConfiguration defaults = new();
        Assert.Equal(["ntp.test"], service.Configuration.Timeservers.ToArray());
        Assert.Equal(
            (defaults.AutoConnect, defaults.Ipv4, defaults.Ipv6, defaults.MulticastDns, defaults.LastAddress),
            (service.Configuration.AutoConnect, service.Configuration.Ipv4, service.Configuration.Ipv6, service.Configuration.MulticastDns, service.Configuration.LastAddress));
        Assert.Empty(service.Configuration.Nameservers);
    }

    [Fact]
    public void A_file_without_the_services_group_is_no_settings() =>
        Assert.Null(ServiceSettings.Read(Document("[ethernet_other_cable]\nName=x\n"), Ident, []));

    [Theory]
    [InlineData("settings.initial")]
    [InlineData("settings.manual")]
    public void Global_settings_of_ConnMan_written_back_are_the_same_octet_by_octet(string name)
    {
        string text = Fixture(name);
        List<KeyFileError> defects = [];
        GlobalSettings settings = GlobalSettings.Read(Document(text), defects);
        Assert.Empty(defects);
        Assert.Equal(text, Write(text, settings));
        Assert.Equal(text, Write("", settings));
    }

    [Fact]
    public void Global_settings_of_ConnMan_are_read()
    {
        GlobalSettings settings = GlobalSettings.Read(Document(Fixture("settings.manual")), []);
        Assert.True(settings.OfflineMode);
        Assert.Equal(TimeSetting.Manual, settings.TimeUpdates);
        Assert.Equal(TimeSetting.Auto, settings.TimezoneUpdates);
        Assert.Equal(["a.test", "1.2.3.4"], settings.Timeservers.ToArray());
        Assert.False(settings.IsWiredEnabled);
        Assert.Null(GlobalSettings.Read(Document(""), []).IsWiredEnabled);
    }

    [Fact]
    public void The_groups_of_other_technologies_stay()
    {
        const string Text = "[global]\nOfflineMode=false\n\n[WiFi]\nEnable=true\nTethering.Passphrase=secret\n";
        GlobalSettings settings = GlobalSettings.Read(Document(Text), []) with { OfflineMode = true, IsWiredEnabled = true };
        Assert.Equal(
            Text.Replace("=false", "=true", StringComparison.Ordinal) + "\n[Wired]\nEnable=true\nTethering=false\nTethering.Freq=2412\n",
            Write(Text, settings));
    }

    [Fact]
    public void Global_values_that_make_no_sense_count_as_absent()
    {
        List<KeyFileError> defects = [];
        GlobalSettings settings = GlobalSettings.Read(Document("[global]\nOfflineMode=x\nTimeUpdates=y\n[Wired]\nEnable=z\n"), defects);
        Assert.Equal(3, defects.Count);
        Assert.False(settings.OfflineMode);
        Assert.Null(settings.TimeUpdates);
        Assert.Null(settings.IsWiredEnabled);
    }

    private static string Fixture(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Files", name));

    private static KeyFileDocument Document(string text)
    {
        Assert.True(KeyFileDocument.TryParse(Encoding.UTF8.GetBytes(text), out KeyFileDocument? document, out KeyFileError error), error.ToString());
        return document;
    }

    private static StoredService Read(string text)
    {
        List<KeyFileError> defects = [];
        StoredService? service = ServiceSettings.Read(Document(text), Ident, defects);
        Assert.Empty(defects);
        Assert.NotNull(service);
        return service;
    }

    private static string Write(string text, StoredService service, DateTime now)
    {
        KeyFileDocument document = Document(text);
        ServiceSettings.Write(document, Ident, service, now);
        return Encoding.UTF8.GetString(document.ToOctets());
    }

    private static string Write(string text, GlobalSettings settings)
    {
        KeyFileDocument document = Document(text);
        settings.Write(document);
        return Encoding.UTF8.GetString(document.ToOctets());
    }

    private static StoredService With(StoredService service, Func<ServiceConfiguration, ServiceConfiguration> change) =>
        service with { Configuration = change(service.Configuration) };
}
