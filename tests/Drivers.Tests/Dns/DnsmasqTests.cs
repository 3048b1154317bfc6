using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using Spindle.Basics;
using Spindle.Drivers.Dns;
using Spindle.Drivers.Tests.Sockets;
using Spindle.Kernels;
using Spindle.Protocols.Dns;

namespace Spindle.Drivers.Tests.Dns;

/// <summary>Queries against a real server (Debian: dnsmasq-base).</summary>
public sealed class DnsmasqTests : SocketTest
{
    private readonly string folder = Directory.CreateTempSubdirectory("spindle-dns-").FullName;
    private readonly Process dnsmasq;
    private readonly DnsServer server;

    public DnsmasqTests()
    {
        StringBuilder hosts = new("10.1.0.1 one.test\n2001:db8::1 one.test\n");
        for (int i = 1; i <= 60; i++)
        {
            hosts.Append(CultureInfo.InvariantCulture, $"10.2.0.{i} many.test\n");
        }

        string file = Path.Combine(folder, "hosts");
        File.WriteAllText(file, hosts.ToString());
        server = new(Local, LoopbackSocket.UnusedPort(Kernel, SocketType.Datagram, Local));
        ProcessStartInfo start = new("dnsmasq") { RedirectStandardError = true };
        foreach (string argument in (string[])[
            "-k", "-C", "/dev/null", "--pid-file=", "--log-facility=-", "--user=root", "--bind-interfaces",
            "--listen-address=127.0.0.1", $"--port={server.Port}", "--no-resolv", "--no-hosts", $"--addn-hosts={file}",
            "--cname=alias.test,one.test", "--local=/test/", "--no-poll"])
        {
            start.ArgumentList.Add(argument);
        }

        dnsmasq = Process.Start(start)!;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        dnsmasq.Kill();
        dnsmasq.WaitForExit();
        dnsmasq.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private DnsQueryResult Ask(string host, IpFamily family)
    {
        DnsQueryResult? result = null;
        DnsQueryOptions options = new() { Host = host, Family = family, Servers = [server] };
        using DnsDriver driver = new(Loop, Loopback, options, (_, answer) => result = answer);
        driver.Start();
        TurnUntil(() => result is not null);
        return result!;
    }

    [Fact]
    public void Dnsmasq_is_understood()
    {
        // It says so once its sockets are there; it has little more to say than a pipe holds.
        Assert.Contains("started", dnsmasq.StandardError.ReadLine(), StringComparison.Ordinal);
        Assert.Equal("10.1.0.1", Assert.Single(Ask("one.test", IpFamily.V4).Addresses).ToString());
        Assert.Equal("2001:db8::1", Assert.Single(Ask("one.test", IpFamily.V6).Addresses).ToString());
        Assert.Equal("10.1.0.1", Assert.Single(Ask("Alias.TEST.", IpFamily.V4).Addresses).ToString());
        Assert.Equal(DnsQueryOutcome.NameNotFound, Ask("none.test", IpFamily.V4).Outcome);
        Assert.Equal(DnsQueryOutcome.NoAddress, Ask("many.test", IpFamily.V6).Outcome);
        Assert.Equal(DnsQueryOutcome.ServerFailed, Ask("example.org", IpFamily.V4).Outcome);

        // 60 addresses do not fit into 512 octets: this one came over TCP.
        Assert.Equal(DnsQueryOptions.AddressesMax, Ask("many.test", IpFamily.V4).Addresses.Count);
    }
}
