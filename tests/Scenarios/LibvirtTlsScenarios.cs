using System;
using System.IO;
using System.Threading.Tasks;

namespace Spindle.Scenarios;

/// <summary>The libvirt door by TLS, of the executable that has it, with OpenSSL's client at the other end.</summary>
[Trait("Daemon", "spindled")]
public sealed class LibvirtTlsScenarios
{
    private const string Files = "listen_tls=true\nlisten_addr=127.0.0.1\nca_file=/run/pki/cacert.pem\n"
        + "cert_file=/run/pki/servercert.pem\nkey_file=/run/pki/serverkey.pem\n";

    private static readonly (int, string) Refused = (1, "error: Unable to read TLS confirmation: b''\n");
    private static readonly (int, string) Served = (0, "client\n");

    private static string Client => Path.Combine(Lab.Root, "lab/tools/libvirt-client");

    [Fact]
    public async Task Whom_the_authority_has_signed_for_comes_in_and_nobody_else()
    {
        await using Lab lab = await Lab.BuildAsync();
        using Authority authority = await PrepareAsync(lab, Files);
        using Authority stranger = new("CN=another authority");
        await GiveAsync(lab, "/run/known", authority, authority.Sign("C=GB,O=Example,CN=known"));
        await GiveAsync(lab, "/run/strange", authority, stranger.Sign("C=GB,O=Example,CN=known"));
        await GiveAsync(lab, "/run/server", authority, authority.Sign("CN=a server", isServer: true));
        await GiveAsync(lab, "/run/none", authority, null);
        await lab.StartDaemonAsync();
        Assert.Equal(Served, await HostNameAsync(lab, "/run/known"));
        Assert.Equal(Refused, await HostNameAsync(lab, "/run/strange"));
        Assert.Equal(Refused, await HostNameAsync(lab, "/run/server"));
        Assert.Equal(Refused, await HostNameAsync(lab, "/run/none"));

        string log = await lab.DaemonLogAsync();
        Assert.Matches(@"libvirt: 127\.0\.0\.1:\d+ is not let in: its certificate is not valid: unable to get local issuer certificate", log);
        Assert.Matches(@"libvirt: 127\.0\.0\.1:\d+ is not let in: its certificate is not valid: unsuitable certificate purpose", log);
        Assert.Matches(@"libvirt: 127\.0\.0\.1:\d+ is not let in: it has shown no certificate", log);

        // Much both ways, and a call that a worker answers.
        Assert.Contains("<interface type='ethernet' name='eth0'>", await lab.ClientAsync("python3", Client, "-t", "/run/known", "iface-dumpxml", "eth0"), StringComparison.Ordinal);

        // The client does not take anybody for the server either.
        await lab.WriteAsync("/run/known/cacert.pem", stranger.Certificate);
        Assert.Equal(Refused, await HostNameAsync(lab, "/run/known"));
    }

    [Fact]
    public async Task Only_names_in_the_list_come_in()
    {
        await using Lab lab = await Lab.BuildAsync();
        using Authority authority = await PrepareAsync(lab, Files + "tls_allowed_dn_list=[\"CN=other\", \"C=GB,O=Exam?le,CN=*\"]\n");
        await GiveAsync(lab, "/run/known", authority, authority.Sign("C=GB,O=Example,CN=known"));
        await GiveAsync(lab, "/run/unknown", authority, authority.Sign("C=GB,O=Elsewhere,CN=known"));
        await GiveAsync(lab, "/run/backwards", authority, authority.Sign("CN=known,O=Example,C=GB"));
        await lab.StartDaemonAsync();
        Assert.Equal(Served, await HostNameAsync(lab, "/run/known"));
        Assert.Equal(Refused, await HostNameAsync(lab, "/run/unknown"));
        Assert.Equal(Refused, await HostNameAsync(lab, "/run/backwards"));
    }

    [Fact]
    public async Task Without_verification_whoever_reaches_the_port_comes_in()
    {
        await using Lab lab = await Lab.BuildAsync();
        using Authority authority = await PrepareAsync(lab, Files + "tls_no_verify_certificate=true\ntls_allowed_dn_list=[]\n");
        using Authority stranger = new("CN=another authority");
        await GiveAsync(lab, "/run/none", authority, null);
        await GiveAsync(lab, "/run/strange", authority, stranger.Sign("CN=known"));
        await lab.StartDaemonAsync();
        Assert.Equal(Served, await HostNameAsync(lab, "/run/none"));
        Assert.Equal(Served, await HostNameAsync(lab, "/run/strange"));
    }

    [Fact]
    [Trait("Needs", "libvirt")]
    public async Task Libvirts_own_virsh_comes_in_with_its_certificate()
    {
        await using Lab lab = await Lab.BuildAsync();
        using Authority authority = await PrepareAsync(lab, Files);
        using Authority stranger = new("CN=another authority");
        await GiveAsync(lab, "/run/known", authority, authority.Sign("C=GB,O=Example,CN=known"));
        await GiveAsync(lab, "/run/strange", authority, stranger.Sign("C=GB,O=Example,CN=known"));
        await GiveAsync(lab, "/run/none", authority, null);
        await lab.StartDaemonAsync();
        Assert.Equal((0, LibvirtLab.Mac), await VirshAsync(lab, "/run/known", "iface-mac", "eth0"));
        (int status, string list) = await VirshAsync(lab, "/run/known", "iface-list", "--all");
        Assert.Equal(0, status);
        Assert.Contains($" eth0   inactive   {LibvirtLab.Mac}", list, StringComparison.Ordinal);
        foreach (string folder in new[] { "/run/strange", "/run/none" })
        {
            (status, string said) = await VirshAsync(lab, folder, "hostname");
            Assert.Equal(1, status);
            Assert.StartsWith("error: failed to connect to the hypervisor\n", said, StringComparison.Ordinal);
        }

        Watch virsh = lab.Watch("stdbuf", "-oL", "virsh", "-c", "interface+tls://localhost/system?pkipath=/run/known");
        await virsh.TypeAsync("hostname");
        await virsh.UntilAsync("client");
        (_, string clients) = await lab.VirtAdminAsync("srv-clients-list", "virtinterfaced");
        string[] row = clients.Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("tls", row[1]);
        (status, string info) = await lab.VirtAdminAsync("client-info", "virtinterfaced", row[0]);
        Assert.Equal(0, status);
        Assert.Contains("tls_x509_dname : C=GB,O=Example,CN=known", info, StringComparison.Ordinal);
        Assert.Equal((0, "update tls related files succeed"), await lab.VirtAdminAsync("server-update-tls", "virtinterfaced"));
        Assert.Equal((0, LibvirtLab.Mac), await VirshAsync(lab, "/run/known", "iface-mac", "eth0"));
    }

    private static Task<(int Status, string Output)> VirshAsync(Lab lab, string folder, params string[] command) =>
        lab.SaidAsync(["virsh", "-c", $"interface+tls://localhost/system?pkipath={folder}", .. command]);

    private static Task<(int, string)> HostNameAsync(Lab lab, string folder) => lab.TryAsync("python3", Client, "-t", folder, "hostname");

    // The authority, with the server's files in their places and main.conf written.
    private static async Task<Authority> PrepareAsync(Lab lab, string libvirt)
    {
        Authority authority = new("CN=the authority");
        (string certificate, string key) = authority.Sign("CN=localhost", isServer: true);
        await lab.ShellAsync("mkdir -p /run/pki");
        await lab.WriteAsync("/run/pki/cacert.pem", authority.Certificate);
        await lab.WriteAsync("/run/pki/servercert.pem", certificate);
        await lab.WriteAsync("/run/pki/serverkey.pem", key);
        await lab.WriteAsync("/etc/connman/main.conf", "[General]\n[Libvirt]\nenabled=true\n" + libvirt);
        return authority;
    }

    private static async Task GiveAsync(Lab lab, string folder, Authority trusted, (string Certificate, string Key)? own)
    {
        await lab.ShellAsync($"mkdir -p {folder}");
        await lab.WriteAsync($"{folder}/cacert.pem", trusted.Certificate);
        if (own is { } pair)
        {
            await lab.WriteAsync($"{folder}/clientcert.pem", pair.Certificate);
            await lab.WriteAsync($"{folder}/clientkey.pem", pair.Key);
        }
    }
}
