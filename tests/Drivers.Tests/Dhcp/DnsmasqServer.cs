using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Spindle.Drivers.Tests.Packets;

namespace Spindle.Drivers.Tests.Dhcp;

/// <summary>A real dnsmasq in a network name space of its own, at the other end of a cable whose near end is
/// <c>near</c>.</summary>
internal sealed class DnsmasqServer : IDisposable
{
    private readonly Process process;
    private readonly string folder = Directory.CreateTempSubdirectory("spindle-dnsmasq-").FullName;
    private readonly List<string> lines = [];
    private readonly Thread reader;

    public DnsmasqServer(params string[] options)
    {
        PrivateNetwork.Command("ip link add near type veth peer name far && ip link set near addrgenmode none up");
        string arguments = string.Join(' ', options.Select(option => $"'{option}'"));
        process = PrivateNetwork.Start(
            "exec unshare -n sh -c 'echo there; read start; ip link set lo up; ip addr add 192.0.2.1/24 dev far; "
            + "ip link set far up; exec \"$@\"' - "
            + "dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --pid-file= --port=0 --log-facility=- "
            + "--log-dhcp --interface=far --bind-interfaces --dhcp-authoritative --no-ping --dhcp-range=192.0.2.50,192.0.2.99,1h "
            + $"--dhcp-leasefile={folder}/leases {arguments}");
        Assert.Equal("there", process.StandardOutput.ReadLine()); // It has left our name space.
        PrivateNetwork.Command($"ip link set far netns {process.Id}");
        process.StandardInput.WriteLine();
        reader = new(Read);
        reader.Start();
        WaitFor("DHCP, sockets bound exclusively");
    }

    /// <summary>Waits until the server has said something.</summary>
    public void WaitFor(string text)
    {
        Stopwatch waited = Stopwatch.StartNew();
        lock (lines)
        {
            while (!lines.Exists(line => line.Contains(text, StringComparison.Ordinal)))
            {
                Assert.True(
                    Monitor.Wait(lines, TimeSpan.FromSeconds(30)) && waited.Elapsed < TimeSpan.FromSeconds(60),
                    $"dnsmasq never said '{text}': {string.Join('\n', lines)}");
            }
        }
    }

    /// <summary>How many lines so far have this in them.</summary>
    public int CountOf(string text)
    {
        lock (lines)
        {
            return lines.Count(line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        reader.Join();
        process.Dispose();
        Directory.Delete(folder, true);
    }

    private void Read()
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lock (lines)
            {
                lines.Add(line);
                Monitor.PulseAll(lines);
            }
        }
    }
}
