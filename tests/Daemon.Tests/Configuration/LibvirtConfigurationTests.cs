using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Spindle.Daemon.Configuration;

namespace Spindle.Daemon.Tests.Configuration;

public sealed class LibvirtConfigurationTests
{
    private const string EveryKey = """
        [Libvirt]
        enabled = true
        transaction_timeout = 0
        auth_timeout = 7
        min_workers = 1
        max_workers = 2
        prio_workers = 0
        max_clients = 10
        max_anonymous_clients = 3
        max_queued_clients = 4
        max_client_requests = 6
        keepalive_interval = -1
        keepalive_count = 2
        admin_min_workers = 2
        admin_max_workers = 3
        admin_max_clients = 4
        admin_max_queued_clients = 6
        admin_max_client_requests = 7
        admin_keepalive_interval = 8
        admin_keepalive_count = 9
        unix_sock_dir = "/run/other"
        unix_sock_group = "libvirt"
        unix_sock_ro_perms = "0770"
        unix_sock_rw_perms = 0700
        unix_sock_admin_perms = "600"
        auth_unix_ro = "none"
        auth_unix_rw = none
        listen_tls = 1
        listen_tcp = 1
        tls_port = 1234
        tcp_port = 1235
        listen_addr = "192.0.2.1"
        auth_tcp = "none"
        auth_tls = "sasl"
        key_file = "/k"
        cert_file = /c
        ca_file = "/a"
        crl_file = "/r"
        tls_no_sanity_certificate = 1
        tls_no_verify_certificate = 1
        tls_allowed_dn_list = ["C=GB,O=a, b", "CN=*"]
        access_drivers = [ "polkit" ]
        """;

    [Fact]
    public void Without_the_group_there_is_no_door()
    {
        Assert.Null(Parse("[General]\nOnlineCheckMode=none\n", out _).Libvirt);
        Assert.False(Parse("[Libvirt]\n", out var remarks).Libvirt!.IsEnabled);
        Assert.Empty(remarks);
    }

    [Fact]
    public void Every_key_is_read_in_libvirtds_way_of_writing()
    {
        MainConfiguration configuration = Parse(EveryKey, out var remarks);
        Assert.DoesNotContain(remarks, remark => remark.IsMistake);
        Assert.Equal(
            LibvirtKeys.All.Select(key => key.Name),
            MainConfigurationChanges.Between(new MainConfiguration(), configuration).Select(change => change.Name));
        LibvirtConfiguration read = configuration.Libvirt!;
        Assert.Equal("/run/other", read.SocketDirectory);
        Assert.Equal(0x1F8, read.ReadOnlySocketMode);
        Assert.Equal(0x1C0, read.SocketMode);
        Assert.Equal(0x180, read.AdminSocketMode);
        Assert.Equal(["C=GB,O=a, b", "CN=*"], read.AllowedNames!.Value.ToArray());
        Assert.Equal("192.0.2.1", read.ListenAddress);
        Assert.Equal(LibvirtAuthentication.None, read.Authentication);
        Assert.Equal(-1, read.KeepAliveIntervalSeconds);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("tls_allowed_dn_list=[]\n", 0)]
    [InlineData("tls_allowed_dn_list=[\"CN=a\"]\n", 1)]
    public void No_list_of_names_and_an_empty_one_are_not_the_same(string line, int? count) =>
        Assert.Equal(count, Parse("[Libvirt]\n" + line, out _).Libvirt!.AllowedNames?.Length);

    [Theory]
    [InlineData("enabled=yes", "neither true nor false")]
    [InlineData("max_workers=0", "from 1 to 4096")]
    [InlineData("min_workers=-1", "from 0 to 4096")]
    [InlineData("min_workers=21", "'min_workers' is above 'max_workers'")]
    [InlineData("max_anonymous_clients=5001", "'max_anonymous_clients' is above 'max_clients'")]
    [InlineData("admin_min_workers=21", "'admin_min_workers' is above")]
    [InlineData("keepalive_interval=-2", "from -1 to")]
    [InlineData("tcp_port=65536", "from 1 to 65535")]
    [InlineData("unix_sock_dir=run", "no absolute path")]
    [InlineData("unix_sock_rw_perms=0888", "no mode in octal")]
    [InlineData("unix_sock_rw_perms=\"01777\"", "no mode in octal")]
    [InlineData("unix_sock_ro_perms=", "no mode in octal")]
    [InlineData("auth_unix_rw=\"kerberos\"", "which is none of none, sasl, polkit")]
    [InlineData("auth_tcp=polkit", "for unix sockets alone")]
    [InlineData("listen_addr=localhost", "no address")]
    [InlineData("tls_allowed_dn_list=CN=a", "no list of texts in double quotes")]
    [InlineData("tls_allowed_dn_list=[\"CN=a]", "no list of texts in double quotes")]
    [InlineData("unix_sock_group=\"a\"b\"", "has a quote in its middle")]
    [InlineData("unix_sock_group=a\"b", "has a quote in its middle")]
    [InlineData("unix_sock_group=\"a", "has a quote without its other one")]
    [InlineData("unix_sock_group=\"a\" b", "has a quote in its middle")]
    [InlineData("tcp_port=\"libvirt\"", "is not a whole number")]
    [InlineData("tcp_port=\"0\"", "from 1 to 65535")]
    [InlineData("listen_tcp=\"yes\"", "neither true nor false")]
    [InlineData("tls_allowed_dn_list=[\"CN=a\"] CN=b", "no list of texts in double quotes")]
    [InlineData("tls_allowed_dn_list=[\"CN=a\"", "no list of texts in double quotes")]
    [InlineData("access_drivers=polkit", "no list of texts in double quotes")]
    [InlineData("tls_priority=\"NORMAL\"", "'tls_priority' is ignored: TLS 1.2 is spoken, with")]
    [InlineData("sasl_allowed_username_list = [\"joe@EXAMPLE.COM\"]", "'sasl_allowed_username_list' is ignored: there is no SASL here")]
    [InlineData("min_worker=3", "unknown key 'min_worker'")]
    public void A_bad_value_is_refused_with_its_line_and_the_default_stays(string line, string reason)
    {
        MainConfiguration configuration = Parse($"[General]\n# c\n[Libvirt]\n{line}\n", out var remarks);
        ConfigurationRemark remark = Assert.Single(remarks);
        Assert.True(remark.IsMistake);
        Assert.Equal(4, remark.Line);
        Assert.Contains(reason, remark.Reason, StringComparison.Ordinal);
        Assert.Empty(MainConfigurationChanges.Between(new MainConfiguration(), configuration));
    }

    /// <summary>As libvirtd's own parser takes them: quotes of two kinds, in which nothing is escaped, and comments behind values.</summary>
    [Theory]
    [InlineData("tcp_port = \"1\"", "tcp_port", "1")]
    [InlineData("tls_port = '2' # as ever", "tls_port", "2")]
    [InlineData("max_clients = 300 # not more", "max_clients", "300")]
    [InlineData("keepalive_interval = \"-1\"", "keepalive_interval", "-1")]
    [InlineData("listen_tls = \"1\"", "listen_tls", "true")]
    [InlineData("listen_tcp = 1\t# insecure", "listen_tcp", "true")]
    [InlineData("unix_sock_group = \"a # b\" # c", "unix_sock_group", "a # b")]
    [InlineData("unix_sock_dir = /a#b", "unix_sock_dir", "/a#b")]
    [InlineData("unix_sock_rw_perms = \"0770\"#", "unix_sock_rw_perms", "0770")]
    [InlineData("auth_unix_rw = \"none\"  # all", "auth_unix_rw", "none")]
    [InlineData("key_file = \"/a\\b\"", "key_file", "/a\\b")]
    [InlineData("tls_allowed_dn_list = [\"O=a\\, b,CN=#1\", 'CN=\"c\"',] # both", "tls_allowed_dn_list", "\"O=a\\, b,CN=#1\" \"CN=\"c\"\"")]
    [InlineData("tls_allowed_dn_list = \"CN=a\" # one", "tls_allowed_dn_list", "\"CN=a\"")]
    public void A_line_of_libvirtd_conf_can_be_taken_over_as_it_stands(string line, string key, string expected)
    {
        MainConfiguration read = Parse($"[Libvirt]\n{line}\n", out var remarks);
        Assert.DoesNotContain(remarks, remark => remark.IsMistake);
        Assert.Equal(expected, LibvirtKeys.Find(key)!.Show(read));
    }

    [Fact]
    public void Sasl_is_taken_and_said_to_let_nobody_in()
    {
        Assert.Equal(LibvirtAuthentication.Sasl, Parse("[Libvirt]\nauth_unix_rw=\"sasl\"\n", out var remarks).Libvirt!.Authentication);
        Assert.False(Assert.Single(remarks).IsMistake);
        Assert.Contains("nobody gets in", remarks[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>The effect in the table is the effect on SIGHUP, key by key.</summary>
    [Fact]
    public void Reading_again_applies_the_live_keys_and_no_others()
    {
        MainConfiguration before = Parse("[Libvirt]\n", out _);
        MainConfiguration read = Parse(EveryKey, out _);
        MainConfiguration applied = MainConfigurationChanges.LivePart(before, read);
        IEnumerable<string> live = LibvirtKeys.All.Where(key => key.Effect == MainKeyEffect.Live).Select(key => key.Name);
        Assert.Equal(live, MainConfigurationChanges.Between(before, applied).Select(change => change.Name));

        // A group that was not there at the start opens no door, and one that is gone does not close it.
        Assert.Null(MainConfigurationChanges.LivePart(new(), read).Libvirt);
        Assert.True(MainConfigurationChanges.LivePart(read, new()).Libvirt!.IsEnabled);
    }

    private static MainConfiguration Parse(string text, out ImmutableArray<ConfigurationRemark> remarks)
    {
        Assert.True(MainConfigurationParser.TryParse("main.conf", Encoding.UTF8.GetBytes(text), out MainConfiguration? read, out remarks));
        return read;
    }
}
