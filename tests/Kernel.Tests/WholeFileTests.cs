using System;
using System.IO;

namespace Spindle.Kernels.Tests;

public sealed class WholeFileTests : KernelTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(100_000)]
    public void A_file_of_any_length_is_read_whole(int length)
    {
        byte[] written = Make(length);
        Assert.Equal(Result.Ok(length), Kernel.ReadFile(At("file"), length, out byte[] read));
        Assert.Equal(written, read);
        byte[] room = new byte[length + 1];
        Assert.Equal(Result.Ok(length), Kernel.ReadFile(At("file"), room));
        Assert.Equal(written, room[..length]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void A_file_that_is_too_large_is_refused(int length)
    {
        Make(length);
        Fails(Errno.EFBIG, Kernel.ReadFile(At("file"), length - 1, out byte[] read));
        Assert.Empty(read);
    }

    [Fact]
    public void A_file_without_a_length_of_its_own_is_read_to_its_end()
    {
        Result result = Kernel.ReadFile("/proc/self/maps", 16 << 20, out byte[] read);
        Assert.True(result.IsOk && read.Length > 4096, $"{result}");
        Assert.Equal((byte)'\n', read[^1]);
    }

    [Fact]
    public void Where_there_is_room_for_the_beginning_alone_that_is_read()
    {
        byte[] written = Make(100);
        byte[] room = new byte[32];
        Assert.Equal(Result.Ok(32), Kernel.ReadFile(At("file"), room));
        Assert.Equal(written[..32], room);
    }

    [Fact]
    public void What_is_no_file_is_an_error_and_nobody_waits_for_it()
    {
        Fails(Errno.ENOENT, Kernel.ReadFile(At("none"), 100, out _));
        Fails(Errno.EISDIR, Kernel.ReadFile(Folder, 100, out _));
        Fails(Errno.EISDIR, Kernel.ReadFile(Folder, new byte[100]));
        string fifo = At("fifo");
        using (System.Diagnostics.Process make = System.Diagnostics.Process.Start("mkfifo", [fifo]))
        {
            make.WaitForExit();
        }

        Assert.Equal(Result.Ok(0), Kernel.ReadFile(fifo, 100, out _));
    }

    private byte[] Make(int length)
    {
        byte[] octets = new byte[length];
        new Random(length).NextBytes(octets);
        File.WriteAllBytes(At("file"), octets);
        return octets;
    }
}
