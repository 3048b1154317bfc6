using System;
namespace Spindle.DBus.Tests;

public sealed class BusNamesTests
{
    [Theory]
    [InlineData("/", true)]
    [InlineData("/net/connman/service/ethernet_0_cable", true)]
    [InlineData("", false)]
    [InlineData("net", false)]
    [InlineData("/net/", false)]
    [InlineData("//", false)]
    [InlineData("/net//x", false)]
    [InlineData("/a-b", false)]
    [InlineData("/ä", false)]
    [InlineData("/a\0", false)]
    public void Object_paths(string path, bool isGood) => Assert.Equal(isGood, BusNames.IsObjectPath(path));

    [Theory]
    [InlineData("net.connman.Manager", true)]
    [InlineData("net", false)]
    [InlineData("net.", false)]
    [InlineData(".net", false)]
    [InlineData("net..x", false)]
    [InlineData("net.1x", false)]
    [InlineData("net.x-y", false)]
    public void Interfaces(string name, bool isGood) => Assert.Equal(isGood, BusNames.IsInterface(name));

    [Theory]
    [InlineData(":1.42", true)]
    [InlineData("net.connman", true)]
    [InlineData("net.conn-man", true)]
    [InlineData(":1.", false)]
    [InlineData(":1..2", false)]
    [InlineData(":1.4711-x", true)]
    [InlineData("1.net", false)]
    [InlineData("", false)]
    public void Bus_names(string name, bool isGood) => Assert.Equal(isGood, BusNames.IsBusName(name));

    [Theory]
    [InlineData("GetProperties", true)]
    [InlineData("Get.Properties", false)]
    [InlineData("1Get", false)]
    [InlineData("", false)]
    public void Members(string name, bool isGood) => Assert.Equal(isGood, BusNames.IsMember(name));

    [Fact]
    public void Names_end_at_255_octets()
    {
        Assert.True(BusNames.IsMember(new string('a', 255)));
        Assert.False(BusNames.IsMember(new string('a', 256)));
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData("s", true, true)]
    [InlineData("sv", true, false)]
    [InlineData("a(oa{sv})", true, true)]
    [InlineData("a{s", false, false)]
    [InlineData("a{vs}", false, false)]
    [InlineData("a{sss}", false, false)]
    [InlineData("{sv}", false, false)]
    [InlineData("()", false, false)]
    [InlineData("(s", false, false)]
    [InlineData("a", false, false)]
    [InlineData(")", false, false)]
    [InlineData("z", false, false)]
    [InlineData("sä", false, false)]
    public void Signatures(string signature, bool isValid, bool isSingle)
    {
        Assert.Equal(isValid, BusSignature.IsValid(signature));
        Assert.Equal(isSingle, BusSignature.IsSingle(signature));
    }

    [Fact]
    public void Signatures_nest_32_deep()
    {
        Assert.True(BusSignature.IsSingle(new string('a', 32) + "s"));
        Assert.False(BusSignature.IsSingle(new string('a', 33) + "s"));
        Assert.True(BusSignature.IsSingle(new string('(', 32) + "s" + new string(')', 32)));
        Assert.False(BusSignature.IsSingle(new string('(', 33) + "s" + new string(')', 33)));
    }

    [Fact]
    public void Bad_text_is_made_good()
    {
        Span<byte> octets = stackalloc byte[64];
        int length = BusText.MakeValid("a\0b\ud800c", octets);
        Assert.Equal("a\ufffdb\ufffdc"u8, octets[..length]);
        length = BusText.MakeValid([(byte)'x', 0xFF, 0, 0xC3, 0xA4, 0xED, 0xA0], octets);
        Assert.True(BusText.IsValid(octets[..length]));
        Assert.StartsWith("x\ufffd\ufffdä\ufffd", BusText.Read(octets[..length]), StringComparison.Ordinal);
    }
}
