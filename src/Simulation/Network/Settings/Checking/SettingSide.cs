using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Settings.Checking;

/// <summary>A kernel with a pair of links, <c>va</c> and <c>vb</c>, whose settings are read and written, and who tells of links,
/// addresses and routes.</summary>
internal sealed class SettingSide : ICheckSide<SettingSide>
{
    // The kernel looks at carriers of new links at most once a second.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(1150);

    private readonly Kernel kernel;
    private readonly Action<TimeSpan> pass;
    private readonly byte[] buffer = new byte[1 << 16];
    private readonly int requests;
    private readonly int groups;
    private uint sequence;

    private SettingSide(Kernel kernel, Action<TimeSpan> pass)
    {
        this.kernel = kernel;
        this.pass = pass;
        requests = Require(kernel.Socket(AddressFamily.Netlink, SocketType.Raw, 0));
        groups = Require(kernel.Socket(AddressFamily.Netlink, SocketType.Raw, 0));
        Require(kernel.Bind(groups, SocketAddress.Netlink(0, 0)));
        foreach (int group in NetlinkOptions.Groups)
        {
            Require(kernel.SetSocketOption(groups, NetlinkOptions.NetlinkLevel, NetlinkOptions.AddMembership, group));
        }

        foreach (string name in (string[])["all", "default"])
        {
            Write($"/proc/sys/net/ipv6/conf/{name}/accept_dad", "0"); // whose delay is drawn
        }

        NetlinkRequests make = new();
        Ask(make.SetUp("lo", true));
        Ask(make.AddPair("vb", MacAddress.Read([2, 0, 0, 0, 9, 2]), "va", MacAddress.Read([2, 0, 0, 0, 9, 1]), NetlinkRequests.New));
        Write("/proc/sys/net/ipv6/conf/va/router_solicitations", "0");
        Write("/proc/sys/net/ipv6/conf/vb/router_solicitations", "0");
        Ask(make.SetUp("vb", true));
        Ask(make.SetUp("va", true));
        pass(FirstLook);
        Happened();
    }

    public static SettingSide Open(Kernel kernel, Action<TimeSpan> pass) => new(kernel, pass);

    public void Dispose()
    {
        kernel.Close(requests);
        kernel.Close(groups);
    }

    /// <summary>What the groups were told, in order.</summary>
    public string Happened()
    {
        pass(TimeSpan.FromMilliseconds(2));
        StringBuilder text = new();
        while (kernel.Receive(groups, buffer) is { IsOk: true } received)
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, received.Int);
            while (MessageReader.TryNext(ref rest, out MessageReader message))
            {
                if (MessageText.Of(message) is { } told)
                {
                    text.Append("\n    ").Append(told);
                }
            }
        }

        return text.ToString();
    }

    public string Read(string path, int room)
    {
        Result file = kernel.Open(path, FileFlags.Read);
        if (!file.IsOk)
        {
            return file.Error.ToString();
        }

        List<string> parts = [];
        for (int reads = 0; reads < 2; reads++)
        {
            Result read = kernel.Read(file.Int, buffer.AsSpan(0, room));
            parts.Add(read.IsOk ? Encoding.ASCII.GetString(buffer, 0, read.Int).Replace("\n", "\\n", StringComparison.Ordinal) : read.Error.ToString());
        }

        kernel.Close(file.Int);
        return string.Join(" | ", parts);
    }

    public string Write(string path, string value)
    {
        Result file = kernel.Open(path, FileFlags.Write);
        if (!file.IsOk)
        {
            return file.Error.ToString();
        }

        Result written = kernel.Write(file.Int, Encoding.ASCII.GetBytes(value));
        kernel.Close(file.Int);
        return written.IsOk ? written.Int.ToString(System.Globalization.CultureInfo.InvariantCulture) : written.Error.ToString();
    }

    public string Ask(NetlinkStep step)
    {
        byte[] message = [.. step.Octets];
        MemoryMarshal.Write(message.AsSpan(8), ++sequence);
        Require(kernel.Send(requests, message));
        int length = Require(kernel.Receive(requests, buffer));
        if (step.MakesLinks)
        {
            pass(FirstLook);
        }

        return length >= 20 ? ((Errno)(-MemoryMarshal.Read<int>(buffer.AsSpan(16)))).ToString() : "cut";
    }

    private static int Require(Result result) =>
        result.IsOk ? result.Int : throw new NamespaceCheckException($"the check cannot be set up: {result.Error}");
}
