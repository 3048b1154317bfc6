using System;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

public sealed class AddressTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("0:0:1:2:3:4:5:6", "::1:2:3:4:5:6")]
    [InlineData("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::")]
    [InlineData("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("::192.0.2.1", "::c000:201")]
    [InlineData("20::5efe:0.0.0.45", "20::5efe:0:2d")] // the runtime writes it with dots, and the schema refuses that
    [InlineData("fe80::5efe:192.0.2.1", "fe80::5efe:c000:201")]
    [InlineData("64:ff9b::192.0.2.1", "64:ff9b::c000:201")]
    public void An_address_is_written_as_the_schema_reads_it(string address, string text)
    {
        InterfaceDefinition definition = new()
        {
            Kind = InterfaceKind.Ethernet,
            Name = "e",
            Protocols = [new(IpAddress.Parse(address).Family) { Gateway = IpAddress.Parse(address) }],
        };
        string xml = definition.Write();
        Assert.Contains($"<route gateway='{text}'/>", xml, StringComparison.Ordinal);
        Assert.True(InterfaceDefinition.TryParse(xml, out InterfaceDefinition? read, out XmlRefusal refusal), refusal.Message);
        Assert.Equal(definition, read);
    }
}
