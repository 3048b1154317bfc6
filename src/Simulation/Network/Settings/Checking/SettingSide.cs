using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network.Settings.Checking;

/// <summary>A kernel with a pair of links, <c>va</c> and <c>vb</c>, whose settings are read and written, and who tells of links,
/// addresses and routes.</summary>
internal sealed class SettingSide : CheckSide, ICheckSide<SettingSide>
{
    private readonly GroupWatch groups;

    private SettingSide(Kernel kernel, Action<TimeSpan> pass)
        : base(kernel, pass)
    {
        groups = new GroupWatch(kernel, Require(kernel.Socket(AddressFamily.Netlink, SocketType.Raw, 0)));
        foreach (string name in (string[])["all", "default"])
        {
            Write($"/proc/sys/net/ipv6/conf/{name}/accept_dad", "0"); // whose delay is drawn
        }

        NetlinkRequests make = new();
        Demand(make.SetUp("lo", true));
        Demand(make.AddPair("vb", MacAddress.Read([2, 0, 0, 0, 9, 2]), "va", MacAddress.Read([2, 0, 0, 0, 9, 1]), NetlinkRequests.New));
        Write("/proc/sys/net/ipv6/conf/va/router_solicitations", "0");
        Write("/proc/sys/net/ipv6/conf/vb/router_solicitations", "0");
        Demand(make.SetUp("vb", true));
        Demand(make.SetUp("va", true));
        Pass(FirstLook);
        Happened();
    }

    public static SettingSide Open(Kernel kernel, Action<TimeSpan> pass) => new(kernel, pass);

    public override void Dispose()
    {
        groups.Dispose();
        base.Dispose();
    }

    /// <summary>What the groups were told, in order.</summary>
    public string Happened()
    {
        Pass(TimeSpan.FromMilliseconds(2));
        StringBuilder text = new();
        groups.AppendTo(text);
        return text.ToString();
    }

    /// <inheritdoc/>
    public string Late() => Happened();

    public string Read(string path, int room)
    {
        Result file = Kernel.Open(path, FileFlags.Read);
        if (!file.IsOk)
        {
            return file.Error.ToString();
        }

        List<string> parts = [];
        for (int reads = 0; reads < 2; reads++)
        {
            Result read = Kernel.Read(file.Int, Buffer.AsSpan(0, room));
            parts.Add(read.IsOk ? Encoding.ASCII.GetString(Buffer, 0, read.Int).Replace("\n", "\\n", StringComparison.Ordinal) : read.Error.ToString());
        }

        Kernel.Close(file.Int);
        return string.Join(" | ", parts);
    }

    public string Write(string path, string value) => WriteFile(path, value);
}
