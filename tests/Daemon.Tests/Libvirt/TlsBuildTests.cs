using System;
using System.IO;
using Spindle.Daemon.Libvirt;
using Spindle.Kernels;

namespace Spindle.Daemon.Tests.Libvirt;

public sealed class TlsBuildTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Theory]
    [InlineData("[Libvirt]\nenabled=true\nlisten_tls=true\n", true)]
    [InlineData("[General]\n[Libvirt]\nlisten_tls = true\nenabled = true\n", true)]
    [InlineData("[Libvirt]\nenabled=true\nlisten_tls=false\n", false)]
    [InlineData("[Libvirt]\nenabled=false\nlisten_tls=true\n", false)]
    [InlineData("[Libvirt]\nenabled=true\n#listen_tls=true\n", false)]
    [InlineData("[Libvirt]\nenabled=true\nlisten_tls=perhaps\n", false)]
    [InlineData("[Libvirt\nlisten_tls=true\n", false)]
    [InlineData("", false)]
    public void Tls_is_wanted_where_the_door_is_open_and_listens_for_it(string content, bool isWanted)
    {
        File.WriteAllText(file, content);
        Assert.Equal(isWanted, TlsBuild.IsWanted(new LinuxKernel(), file));
    }

    [Fact]
    public void A_file_that_is_not_there_wants_nothing() => Assert.False(TlsBuild.IsWanted(new LinuxKernel(), file + ".nosuch"));
}
