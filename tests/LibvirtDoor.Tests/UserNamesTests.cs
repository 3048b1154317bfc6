using System.Text;
using Spindle.Kernels;
using Spindle.Simulation;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>Names and numbers of users and groups, from a machine's files.</summary>
public sealed class UserNamesTests
{
    private readonly SimulatedKernel kernel = new();

    [Fact]
    public void A_group_is_found_by_name_or_number()
    {
        Write("/etc/group", "root:x:0:\nlibvirt:x:113:alice,bob\nbroken\nbad:x:y:\n7:x:8:\n");
        UserNames names = new(kernel);
        Assert.Equal((true, 113u), (names.TryFindGroup("libvirt", out uint id), id));
        Assert.False(names.TryFindGroup("bad", out _));
        Assert.False(names.TryFindGroup("nosuch", out _));
        Assert.False(names.TryFindGroup("-1", out _));
        Assert.Equal((true, 42u), (names.TryFindGroup("42", out id), id));
        Assert.Equal((true, 8u), (names.TryFindGroup("7", out id), id)); // a name goes before a number
        Assert.Equal("libvirt", names.FindGroup(113));
        Assert.Null(names.FindGroup(42));
    }

    [Fact]
    public void Without_the_file_there_are_numbers_alone()
    {
        UserNames names = new(kernel);
        Assert.Equal((true, 42u), (names.TryFindGroup("42", out uint id), id));
        Assert.False(names.TryFindUser("root", out _));
        Assert.Null(names.FindUser(0));
    }

    private void Write(string path, string content)
    {
        int fd = kernel.Open(path, FileFlags.Write | FileFlags.Create).Int;
        Assert.Equal(Encoding.UTF8.GetByteCount(content), kernel.Write(fd, Encoding.UTF8.GetBytes(content)).Int);
        kernel.Close(fd);
    }
}
