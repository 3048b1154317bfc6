using System.IO;
using Spindle.Daemon.HostName;
using Spindle.Kernels;

namespace Spindle.Daemon.Tests.HostName;

public sealed class HostNameSetterTests
{
    private readonly LinuxKernel kernel = new();

    private static string DomainName() => File.ReadAllText("/proc/sys/kernel/domainname").Trim();

    [Fact]
    public void Host_and_domain_are_set_once() => PrivateNamespace.Run(() =>
    {
        HostNameSetter setter = new(kernel);
        Assert.Equal(Result.Ok(1), setter.SetHostName("client-7"));
        Assert.Equal("client-7", kernel.HostName);
        Assert.Equal(Result.Ok(0), setter.SetHostName("client-7"));
        Assert.Equal(Result.Ok(1), setter.SetDomainName("example.org."));
        Assert.Equal("example.org", DomainName());
        Assert.Equal(Result.Ok(0), setter.SetDomainName("example.org"));
    });

    [Fact]
    public void A_full_name_sets_both() => PrivateNamespace.Run(() =>
    {
        HostNameSetter setter = new(kernel);
        Assert.Equal(Result.Ok(1), setter.SetHostName("client-8.lan.example.org"));
        Assert.Equal("client-8", kernel.HostName);
        Assert.Equal("lan.example.org", DomainName());
        Assert.Equal(Result.Ok(1), setter.SetHostName("client-8.lan.example.net"));
        Assert.Equal("lan.example.net", DomainName());
    });

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a b")]
    [InlineData("a_b")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData("a\nb")]
    [InlineData("b\u00fccher")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.localdomain")]
    public void What_is_no_name_for_a_host_is_refused(string name) => PrivateNamespace.Run(() =>
    {
        string before = kernel.HostName;
        Assert.Equal(Result.Fail(Errno.EINVAL), new HostNameSetter(kernel).SetHostName(name));
        Assert.Equal(before, kernel.HostName);
    });

    [Fact]
    public void Labels_end_at_63_and_domains_at_what_the_kernel_keeps() => PrivateNamespace.Run(() =>
    {
        HostNameSetter setter = new(kernel);
        Assert.Equal(Result.Ok(1), setter.SetHostName(new string('a', 63)));
        Assert.Equal(Result.Fail(Errno.EINVAL), setter.SetHostName(new string('a', 64)));
        string longest = new string('a', 32) + "." + new string('b', 31);
        Assert.Equal(Result.Ok(1), setter.SetDomainName(longest));
        Assert.Equal(longest, DomainName());
        Assert.Equal(Result.Fail(Errno.EINVAL), setter.SetDomainName(longest + "b"));
    });
}
