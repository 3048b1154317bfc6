using System;
using System.Linq;
using Spindle.Protocols.LibvirtRpc.Admin;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>Lists are as long as libvirt's definitions let them be, both ways.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(16_384)]
    public void Names_of_interfaces(int limit) =>
        Holds(limit, static count => new InterfaceNamesResult(Names(count)));

    [Theory]
    [InlineData(65_536)]
    public void Names_of_node_devices_and_capabilities(int limit)
    {
        Holds(limit, static count => new TextListValue(Names(count)));
        Holds(limit, static count => new NodeDeviceListResult(Names(count), 0));
    }

    [Theory]
    [InlineData(16_384)]
    public void Interfaces_servers_and_clients(int limit)
    {
        Holds(limit, static count => new InterfaceListResult(Enumerable.Repeat(new InterfaceReference("", ""), count).ToArray(), 0));
        Holds(limit, static count => new AdminServerListResult(Names(count), 0));
        Holds(limit, static count => new AdminClientListResult(Enumerable.Repeat(new AdminClient("", 1, 0, 0), count).ToArray(), 0));
    }

    [Theory]
    [InlineData(32)]
    public void Parameters_of_a_server(int limit)
    {
        Holds(limit, static count => new AdminServerParametersResult(Parameters(count)));
        Holds(limit, static count => new AdminSetParametersArguments("", Parameters(count), 0));
    }

    [Theory]
    [InlineData(64)]
    public void Parameters_of_a_client(int limit) => Holds(limit, static count => new AdminParametersResult(Parameters(count)));

    [Theory]
    [InlineData(20)]
    public void Methods_of_authentication(int limit) => Holds(limit, static count => new AuthListResult(new AuthenticationMethod[count]));

    [Theory]
    [InlineData(65_536)]
    public void Data_of_SASL(int limit)
    {
        Holds(limit, static count => new SaslStepArguments(new byte[count]));
        Holds(limit, static count => new SaslStartArguments("", new byte[count]));
        Holds(limit, static count => new SaslResult(false, new byte[count]));
    }

    private static string[] Names(int count) => Enumerable.Repeat("", count).ToArray();

    private static TypedParameter[] Parameters(int count) => Enumerable.Repeat(new TypedParameter("", 0u), count).ToArray();

    // As many as the limit go both ways; one more is not written, and its octets are not read.
    private static void Holds<T>(int limit, Func<int, T> make)
        where T : struct, IXdrValue<T>
    {
        XdrWriter writer = new();
        make(limit).Write(writer);
        Assert.False(writer.IsOverflown);
        Assert.True(Reads<T>(writer.Written));
        writer.Reset();
        make(limit + 1).Write(writer);
        Assert.True(writer.IsOverflown);
        Assert.False(Reads<T>(writer.Written));
    }

    private static bool Reads<T>(ReadOnlySpan<byte> octets)
        where T : struct, IXdrValue<T>
    {
        XdrReader reader = new(octets);
        return T.TryRead(ref reader, out _) && reader.Remaining == 0;
    }
}
