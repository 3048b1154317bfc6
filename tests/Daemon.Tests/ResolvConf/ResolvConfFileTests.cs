using System;
using System.IO;
using Spindle.Daemon.ResolvConf;
using Spindle.Daemon.Tests.HostName;
using Spindle.Kernels;

namespace Spindle.Daemon.Tests.ResolvConf;

public sealed class ResolvConfFileTests : IDisposable
{
    private readonly LinuxKernel kernel = new();
    private readonly string folder = Directory.CreateTempSubdirectory("spindle-resolv-").FullName;

    private string File0 => Path.Combine(folder, "resolv.conf");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Result Write(string content) => new ResolvConfFile(kernel, File0).Write(content);

    private string[] Names() => Array.ConvertAll(Directory.GetFileSystemEntries(folder), path => Path.GetFileName(path)!);

    private ulong Inode(string path)
    {
        Assert.True(kernel.Status(path, out FileStatus status).IsOk);
        return status.Inode;
    }

    [Fact]
    public void The_usual_place_is_ConnMans_folder_if_it_is_there()
    {
        Assert.Equal($"{folder}/etc/resolv.conf", ResolvConfFile.ChoosePath(kernel, null, folder, folder + "/etc"));
        Directory.CreateDirectory(folder + "/connman");
        Assert.Equal($"{folder}/connman/resolv.conf", ResolvConfFile.ChoosePath(kernel, null, folder, folder + "/etc"));
    }

    [Theory]
    [InlineData("/x/resolv.conf", "/x/resolv.conf")]
    [InlineData("", null)]
    [InlineData("/dev/null", null)]
    public void The_key_decides_where_it_is_set(string key, string? expected) =>
        Assert.Equal(expected, ResolvConfFile.ChoosePath(kernel, key, folder));

    [Fact]
    public void Nowhere_is_written_without_a_word() =>
        Assert.Equal(Result.Ok(), new ResolvConfFile(kernel, null).Write("x\n"));

    [Fact]
    public void A_file_is_replaced_whole_and_readable_for_all()
    {
        File.WriteAllText(File0, "nameserver 192.0.2.9\n");
        ulong before = Inode(File0);
        Assert.Equal(Result.Ok(1), Write("# x\n"));
        Assert.Equal("# x\n", File.ReadAllText(File0));
        Assert.NotEqual(before, Inode(File0));
        Assert.Equal(["resolv.conf"], Names());
        Assert.True(kernel.Status(File0, out FileStatus status).IsOk);
        Assert.Equal(0x1A4u, status.Mode & 0xFFF); // 0644
    }

    [Fact]
    public void A_file_that_says_the_same_is_left_alone()
    {
        Assert.Equal(Result.Ok(1), Write("# x\n"));
        ulong before = Inode(File0);
        Assert.Equal(Result.Ok(0), Write("# x\n"));
        Assert.Equal(before, Inode(File0));
        Assert.Equal(Result.Ok(1), Write("# x\n# y\n"));
        Assert.Equal(Result.Ok(1), Write("# x\n"));
        Assert.Equal("# x\n", File.ReadAllText(File0));
    }

    [Fact]
    public void A_huge_file_is_not_ours_and_is_replaced()
    {
        File.WriteAllText(File0, new string('#', 100_000));
        Assert.Equal(Result.Ok(1), Write("# x\n"));
        Assert.Equal("# x\n", File.ReadAllText(File0));
    }

    [Fact]
    public void Symbolic_links_stay_and_what_they_point_to_is_replaced()
    {
        Directory.CreateDirectory(folder + "/run");
        File.CreateSymbolicLink(File0, "run/middle");
        File.CreateSymbolicLink(folder + "/run/middle", $"{folder}/run/real");
        Assert.Equal(Result.Ok(1), Write("# x\n"));
        Assert.Equal("# x\n", File.ReadAllText(folder + "/run/real"));
        Assert.Equal("run/middle", new FileInfo(File0).LinkTarget);
        Assert.Null(new FileInfo(folder + "/run/real").LinkTarget);
    }

    [Fact]
    public void Links_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink(File0, "other");
        File.CreateSymbolicLink(folder + "/other", "resolv.conf");
        Assert.Equal(Result.Fail(Errno.ELOOP), Write("# x\n"));
    }

    [Fact]
    public void A_missing_folder_is_an_error() =>
        Assert.Equal(Result.Fail(Errno.ENOENT), new ResolvConfFile(kernel, folder + "/none/resolv.conf").Write("# x\n"));

    [Fact]
    public void A_folder_in_its_place_is_an_error_and_nothing_is_left()
    {
        Directory.CreateDirectory(File0);
        Assert.Equal(Result.Fail(Errno.EISDIR), Write("# x\n"));
        Assert.Equal(["resolv.conf"], Names());
    }

    [Fact]
    public void What_an_earlier_life_left_behind_is_in_nobodys_way()
    {
        File.WriteAllText(folder + "/.resolv.conf.spindle", "half");
        Assert.Equal(Result.Ok(1), Write("# x\n"));
        Assert.Equal(["resolv.conf"], Names());
    }

    [Fact]
    public void A_bind_mount_is_written_in_place() => PrivateNamespace.Run(() =>
    {
        File.WriteAllText(File0, "nameserver 192.0.2.9\n# longer than what comes\n");
        PrivateNamespace.BindMount(File0, File0);
        ulong before = Inode(File0);
        Assert.Equal(Result.Ok(1), Write("# x\n"));
        Assert.Equal("# x\n", File.ReadAllText(File0));
        Assert.Equal(before, Inode(File0));
        Assert.Equal(["resolv.conf"], Names());
        Assert.Equal(Result.Ok(0), Write("# x\n"));
    });
}
