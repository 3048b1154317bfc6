using System;
using System.Collections.Generic;
using System.Text;

namespace Spindle.Kernels.Tests;

public sealed class FileTests : KernelTest
{
    private void Make(string name, string content)
    {
        int fd = Own(Kernel.Open(At(name), FileFlags.Write | FileFlags.Create | FileFlags.Truncate));
        Assert.Equal(Result.Ok(content.Length), Kernel.Write(fd, Encoding.ASCII.GetBytes(content)));
        Succeeds(Kernel.Sync(fd));
        Close(fd);
    }

    private string Content(string name)
    {
        int fd = Own(Kernel.Open(At(name), FileFlags.Read));
        byte[] octets = new byte[100];
        int length = Kernel.Read(fd, octets).Int;
        Close(fd);
        return Encoding.ASCII.GetString(octets[..length]);
    }

    [Fact]
    public void A_file_is_written_synced_renamed_and_removed()
    {
        Make("new", "content");
        Make("old", "older");
        Succeeds(Kernel.Rename(At("new"), At("old")));
        Assert.Equal("content", Content("old"));
        Fails(Errno.ENOENT, Kernel.Open(At("new"), FileFlags.Read));
        Succeeds(Kernel.Unlink(At("old")));
        Fails(Errno.ENOENT, Kernel.Unlink(At("old")));
        Fails(Errno.ENOENT, Kernel.Rename(At("new"), At("old")));
    }

    [Fact]
    public void Open_flags_do_what_they_say()
    {
        Make("file", "12345");
        Fails(Errno.EEXIST, Kernel.Open(At("file"), FileFlags.Write | FileFlags.Create | FileFlags.Exclusive));
        Fails(Errno.ENOTDIR, Kernel.Open(At("file"), FileFlags.Read | FileFlags.Directory));
        Fails(Errno.EISDIR, Kernel.Open(Folder, FileFlags.Write));
        System.IO.File.CreateSymbolicLink(At("link"), At("file"));
        Fails(Errno.ELOOP, Kernel.Open(At("link"), FileFlags.Read | FileFlags.NoFollow));
        int append = Own(Kernel.Open(At("link"), FileFlags.Write | FileFlags.Append));
        Kernel.Write(append, "67"u8);
        Assert.Equal("1234567", Content("file"));
        Fails(Errno.EBADF, Kernel.Read(append, new byte[1]));
    }

    [Fact]
    public void A_name_with_a_NUL_is_refused_instead_of_cut()
    {
        Make("file", "x");
        Fails(Errno.ENOENT, Kernel.Open(At("file\0.txt"), FileFlags.Read));
        Fails(Errno.ENOENT, Kernel.Unlink(At("file\0.txt")));
        Assert.Equal("x", Content("file"));
    }

    [Fact]
    public void Status_tells_kind_mode_size_and_time()
    {
        Make("file", "12345");
        System.IO.File.CreateSymbolicLink(At("link"), At("file"));
        Succeeds(Kernel.Status(At("file"), out FileStatus file));
        Assert.True(file.IsRegular);
        Assert.Equal(5, file.Size);
        Assert.Equal(0x180u, file.Mode & 0xFFF);
        DateTime modified = DateTime.UnixEpoch.AddTicks(file.ModifiedNanoseconds / 100);
        Assert.Equal(System.IO.File.GetLastWriteTimeUtc(At("file")), modified);

        Succeeds(Kernel.Status(At("link"), out FileStatus target));
        Assert.Equal(file, target);
        Succeeds(Kernel.Status(At("link"), out FileStatus link, followLinks: false));
        Assert.True(link.IsSymbolicLink);
        Assert.Equal(file.Device, link.Device);
        Assert.NotEqual(file.Inode, link.Inode);
        Succeeds(Kernel.Status(Folder, out FileStatus folder));
        Assert.True(folder.IsDirectory);
        Fails(Errno.ENOENT, Kernel.Status(At("none"), out _));
    }

    [Fact]
    public void Directories_are_made_listed_and_removed()
    {
        Succeeds(Kernel.MakeDirectory(At("folder")));
        Fails(Errno.EEXIST, Kernel.MakeDirectory(At("folder")));
        SortedSet<string> expected = ["übung"];
        Make("folder/übung", "");
        for (int index = 0; index < 500; index++)
        {
            string name = $"{index}-{new string('x', index % 200)}";
            expected.Add(name);
            Make($"folder/{name}", "");
        }

        List<string> names = [];
        Succeeds(Kernel.ListDirectory(At("folder"), names));
        Assert.Equal(expected, new SortedSet<string>(names));
        Assert.Equal(expected.Count, names.Count);
        Fails(Errno.ENOTEMPTY, Kernel.RemoveDirectory(At("folder")));
        names.ForEach(name => Kernel.Unlink(At($"folder/{name}")));
        Succeeds(Kernel.RemoveDirectory(At("folder")));
        Fails(Errno.ENOENT, Kernel.ListDirectory(At("folder"), names));
    }

    [Fact]
    public void A_link_tells_its_target()
    {
        System.IO.File.CreateSymbolicLink(At("link"), "some/where/ünder");
        Succeeds(Kernel.ReadLink(At("link"), out string target));
        Assert.Equal("some/where/ünder", target);
        Fails(Errno.EINVAL, Kernel.ReadLink(Folder, out _));
    }

    [Fact]
    public void Inotify_tells_of_a_new_file()
    {
        const uint Create = 0x100;
        int fd = Own(Kernel.InotifyCreate());
        Result watch = Kernel.InotifyAdd(fd, Folder, Create);
        Succeeds(watch);
        byte[] octets = new byte[256];
        Fails(Errno.EAGAIN, Kernel.Read(fd, octets));
        Make("appeared", "");
        int length = Kernel.Read(fd, octets).Int;
        Assert.Equal(watch.Int, BitConverter.ToInt32(octets, 0));
        Assert.Equal(Create, BitConverter.ToUInt32(octets, 4));
        Assert.Equal("appeared", Encoding.ASCII.GetString(octets[16..length]).TrimEnd('\0'));
        Succeeds(Kernel.InotifyRemove(fd, watch.Int));
        Fails(Errno.EINVAL, Kernel.InotifyRemove(fd, watch.Int));
        Fails(Errno.ENOENT, Kernel.InotifyAdd(fd, At("none"), Create));
    }

    [Fact]
    public void The_host_and_its_links_have_names_and_numbers()
    {
        Assert.Equal(System.IO.File.ReadAllText("/proc/sys/kernel/hostname").Trim(), Kernel.HostName);
        Assert.Equal(Result.Ok(1), Kernel.InterfaceIndex("lo"));
        Fails(Errno.ENODEV, Kernel.InterfaceIndex("nothere0"));
        Fails(Errno.ENODEV, Kernel.InterfaceIndex(""));
        Fails(Errno.ENODEV, Kernel.InterfaceIndex("longer-than-any-link"));
        Assert.False(Kernel.SetHostName(new string('x', 65)).IsOk);
        Assert.False(Kernel.SetDomainName(new string('x', 65)).IsOk);
    }
}
