using System;
using Spindle.Protocols.LibvirtRpc.Admin;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>Every shape against octets put together by hand, both ways.</summary>
public sealed class CodecTests
{
    private static readonly AdminClient Client = new("virtinterfaced", 0x1_0000_0002, 1_700_000_000, AdminTransport.Tls);

    private static Wire ClientWire => new Wire().Text("virtinterfaced").U64(0x1_0000_0002).U64(1_700_000_000).U32(2);

    [Fact]
    public void Plain_shapes()
    {
        Holds(new NumberValue(-7), new Wire().Raw(0xFF, 0xFF, 0xFF, 0xF9));
        Holds(new VersionValue(9_000_000), new Wire().Raw(0, 0, 0, 0, 0, 0x89, 0x54, 0x40));
        Holds(new TextValue("interface:///system"), new Wire().Text("interface:///system"));
        Holds(new TextValue(""), new Wire().Raw(0, 0, 0, 0));
        Holds(new OptionalTextValue(null), new Wire().None());
        Holds(new OptionalTextValue("computer"), new Wire().Some("computer"));
        Holds(new OptionalTextValue(""), new Wire().U32(1).U32(0));
        Holds(new FlagsValue(0x8000_0001), new Wire().Raw(0x80, 0, 0, 1));
        Holds(new TextFlagsValue("<interface/>", 1), new Wire().Text("<interface/>").U32(1));
        Holds(new OptionalTextFlagsValue("net", 0), new Wire().Some("net").U32(0));
        Holds(new OptionalTextFlagsValue(null, 7), new Wire().None().U32(7));
        Holds(new ListAllValue(false, 2), new Wire().U32(0).U32(2));
        Holds(default(EmptyValue), new Wire());
    }

    [Fact]
    public void Interfaces()
    {
        InterfaceReference reference = new("br0", "52:54:00:00:00:04");
        Wire wire = new Wire().Text("br0").Text("52:54:00:00:00:04");
        Holds(reference, wire);
        Holds(new InterfaceReference("sit0", ""), new Wire().Text("sit0").U32(0));
        Holds(new InterfaceFlagsArguments(reference, 1), new Wire().Raw(wire.Octets()).U32(1));
        InterfaceNamesResult names = HoldsOctets<InterfaceNamesResult>(new Wire().U32(3).Text("eth0").Text("").Text("wlan0"));
        Assert.Equal(["eth0", "", "wlan0"], names.Names);
        InterfaceListResult list = HoldsOctets<InterfaceListResult>(new Wire().U32(2).Raw(wire.Octets()).Text("lo").U32(0).U32(2));
        Assert.Equal([reference, new("lo", "")], list.Interfaces);
        InterfaceListResult counted = HoldsOctets<InterfaceListResult>(new Wire().U32(0).U32(12));
        Assert.Empty(counted.Interfaces);
        Assert.Equal(12u, counted.Count);
    }

    [Fact]
    public void What_the_host_is_made_of_has_a_model_of_four_octets_a_character()
    {
        Wire wire = new Wire().Characters("x86_64", 32).U64(16_000_000).I32(8).I32(2400).I32(1).I32(1).I32(4).I32(2);
        Assert.Equal(188 - 28, wire.Length);
        Holds(new NodeInfo("x86_64", 16_000_000, 8, 2400, 1, 1, 4, 2), wire);
    }

    [Theory]
    [InlineData("a-model-of-exactly-31-octets-xx", "a-model-of-exactly-31-octets-xx")]
    [InlineData("a-model-that-is-longer-than-31-octets", "a-model-that-is-longer-than-31-")]
    [InlineData("0123456789012345678901234567890é", "0123456789012345678901234567890")]
    [InlineData("012345678901234567890123456789é", "012345678901234567890123456789")]
    [InlineData("ééééééééééééééééééé", "ééééééééééééééé")]
    public void A_model_is_cut_between_characters_and_ends_with_a_NUL(string model, string expected)
    {
        XdrWriter writer = new();
        new NodeInfo(model, 1, 1, 1, 1, 1, 1, 1).Write(writer);
        Assert.Equal(160, writer.Length);
        Assert.Equal(new byte[4], writer.Written.Slice(31 * 4, 4).ToArray());
        XdrReader reader = new(writer.Written);
        Assert.True(NodeInfo.TryRead(ref reader, out NodeInfo read));
        Assert.Equal(expected, read.Model);
    }

    [Fact]
    public void A_character_counts_with_its_last_octet_and_a_model_may_lack_its_NUL()
    {
        Wire wire = new();
        for (int i = 0; i < 32; i++)
        {
            wire.Raw(0xFF, 0xFF, 0xFF, (byte)'m');
        }

        XdrReader reader = new(wire.U64(1).I32(1).I32(1).I32(1).I32(1).I32(1).I32(1).Octets());
        Assert.True(NodeInfo.TryRead(ref reader, out NodeInfo read));
        Assert.Equal(new string('m', 32), read.Model);
    }

    [Fact]
    public void Node_devices_and_their_events()
    {
        Holds(new NodeListDevicesArguments("net", 100, 0), new Wire().Some("net").I32(100).U32(0));
        Holds(new NodeDeviceListCapsArguments("net_eth0", 3), new Wire().Text("net_eth0").I32(3));
        Holds(new NodeDeviceEventRegisterArguments(NodeDeviceEventKind.Lifecycle, null), new Wire().I32(0).None());
        Holds(new NodeDeviceEventRegisterArguments(NodeDeviceEventKind.Update, "net_eth0"), new Wire().I32(1).Some("net_eth0"));
        Holds(new NodeDeviceLifecycleEvent(4, "net_veth9", NodeDeviceLifecycle.Deleted, 0),
            new Wire().I32(4).Text("net_veth9").I32(1).I32(0));
        Holds(new NodeDeviceUpdateEvent(4, "net_veth9"), new Wire().I32(4).Text("net_veth9"));
        NodeDeviceListResult list = HoldsOctets<NodeDeviceListResult>(new Wire().U32(1).Text("net_eth0").U32(1));
        Assert.Equal(["net_eth0"], list.Names);
    }

    [Fact]
    public void Steps_of_sasl_have_four_octets_a_character()
    {
        SaslStartArguments start = HoldsOctets<SaslStartArguments>(new Wire().Text("PLAIN").I32(0).U32(3).Characters("\0ab", 3));
        Assert.Equal("PLAIN", start.Mechanism);
        Assert.Equal("\0ab"u8.ToArray(), start.Data);
        Assert.Null(HoldsOctets<SaslStepArguments>(new Wire().I32(1).U32(0)).Data);
        Assert.Empty(HoldsOctets<SaslStepArguments>(new Wire().I32(0).U32(0)).Data!);
        SaslResult result = HoldsOctets<SaslResult>(new Wire().I32(1).I32(0).U32(1).Characters("z", 1));
        Assert.True(result.IsComplete);
        Assert.Equal("z"u8.ToArray(), result.Data);
    }

    [Fact]
    public void Administration()
    {
        Holds(Client, ClientWire);
        Holds(new AdminClientFlagsArguments(Client, 0), ClientWire.U32(0));
        Holds(new AdminListClientsArguments("admin", true, 0), new Wire().Text("admin").U32(1).U32(0));
        Holds(new AdminLookupClientArguments("admin", ulong.MaxValue, 0), new Wire().Text("admin").U64(ulong.MaxValue).U32(0));
        Holds(new AdminDaemonTimeoutArguments(30, 0), new Wire().U32(30).U32(0));
        Holds(new AdminLoggingOutputsResult("3:stderr", 1), new Wire().Text("3:stderr").U32(1));
        Holds(new AdminLoggingFiltersResult(null, 0), new Wire().None().U32(0));
        Holds(new AdminLoggingFiltersResult("1:rpc", 1), new Wire().Some("1:rpc").U32(1));
        AdminServerListResult servers = HoldsOctets<AdminServerListResult>(new Wire().U32(2).Text("virtinterfaced").Text("admin").U32(2));
        Assert.Equal(["virtinterfaced", "admin"], servers.Names);
        AdminClientListResult clients = HoldsOctets<AdminClientListResult>(new Wire().U32(1).Raw(ClientWire.Octets()).U32(1));
        Assert.Equal([Client], clients.Clients);
    }

    [Fact]
    public void Typed_parameters_of_every_type()
    {
        Holds(new TypedParameter("a", -2), new Wire().Text("a").I32(1).I32(-2));
        Holds(new TypedParameter("maxWorkers", 20u), new Wire().Text("maxWorkers").I32(2).U32(20));
        Holds(new TypedParameter("a", -3L), new Wire().Text("a").I32(3).U32(0xFFFF_FFFF).U32(0xFFFF_FFFD));
        Holds(new TypedParameter("a", 0xFEDC_BA98_7654_3210UL), new Wire().Text("a").I32(4).U32(0xFEDC_BA98).U32(0x7654_3210));
        Holds(new TypedParameter("a", 1.5), new Wire().Text("a").I32(5).U32(0x3FF8_0000).U32(0));
        Holds(new TypedParameter("readonly", true), new Wire().Text("readonly").I32(6).I32(1));
        Holds(new TypedParameter("unix_user_name", "root"), new Wire().Text("unix_user_name").I32(7).Text("root"));
    }

    [Fact]
    public void A_typed_parameter_gives_its_value_as_its_own_type_alone()
    {
        TypedParameter number = new("nclients", 7u);
        Assert.Equal(7u, number.UInt32);
        Assert.Null(number.Int32);
        Assert.Null(number.Boolean);
        Assert.Equal("", number.Text);
        Assert.Equal(-2, new TypedParameter("a", -2).Int32);
        Assert.Equal(-2L, new TypedParameter("a", -2L).Int64);
        Assert.Equal(2UL, new TypedParameter("a", 2UL).UInt64);
        Assert.Equal(-0.25, new TypedParameter("a", -0.25).Double);
        Assert.False(new TypedParameter("a", false).Boolean);
    }

    [Fact]
    public void A_typed_parameter_of_an_unknown_type_cannot_be_read()
    {
        foreach (int type in new[] { 0, 8, -1 })
        {
            XdrReader reader = new(new Wire().Text("a").I32(type).U64(1).U64(1).Octets());
            Assert.False(TypedParameter.TryRead(ref reader, out _));
        }
    }

    [Fact]
    public void Lists_of_typed_parameters()
    {
        Wire parameters = new Wire().U32(2).Text("minWorkers").I32(2).U32(5).Text("maxWorkers").I32(2).U32(20);
        AdminParametersResult result = HoldsOctets<AdminParametersResult>(parameters);
        Assert.Equal([new("minWorkers", 5u), new("maxWorkers", 20u)], result.Parameters);
        Wire set = new Wire().Text("virtinterfaced").Raw(parameters.Octets()).U32(0);
        AdminSetParametersArguments arguments = HoldsOctets<AdminSetParametersArguments>(set);
        Assert.Equal("virtinterfaced", arguments.Server);
        Assert.Equal(result.Parameters, arguments.Parameters);
    }

    private static void Holds<T>(T value, Wire wire)
        where T : struct, IXdrValue<T>
    {
        Assert.Equal(value, HoldsOctets<T>(wire));
    }

    private static T HoldsOctets<T>(Wire wire)
        where T : struct, IXdrValue<T>
    {
        XdrReader reader = new(wire.Octets());
        Assert.True(T.TryRead(ref reader, out T value));
        Assert.Equal(0, reader.Remaining);
        XdrWriter writer = new();
        value.Write(writer);
        Assert.Equal(wire.Octets(), writer.Written.ToArray());
        return value;
    }
}
